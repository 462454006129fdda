# The engine, and the builder that makes images; sourced by setup and services.

run=$MODELHUB_HOME/run
USER_DOCKER_CONFIG=${MODELHUB_USER_DOCKER_CONFIG:-$HOME/.docker}
BUILDKIT_SOCKET=$run/buildkitd.sock

engine_answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# ours NAME: the pid of our service NAME, if it runs and is really ours: every one of our
# services has a path under run/ on its command line.
ours() {
	local pid
	pid=$(cat "$run/$1.pid" 2>/dev/null) || return 1
	[ -n "$pid" ] && { tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -F "$run/$1." >/dev/null && echo "$pid"
}

# A docker configuration of our own that still knows the user's credentials and contexts.
setup_docker_config() {
	local name user=$USER_DOCKER_CONFIG
	mkdir -p "$DOCKER_CONFIG/cli-plugins"
	for name in config.json contexts; do
		if [ -e "$user/$name" ] && [ ! -e "$DOCKER_CONFIG/$name" ]; then ln -sf "$user/$name" "$DOCKER_CONFIG/$name"; fi
	done
}

link_plugin() { ln -sfn "$1" "$DOCKER_CONFIG/cli-plugins/docker-buildx"; }

# An engine on the machine (services start it when it rests), or a line in `missing`.
setup_engine() {
	if engine_answers; then
		return
	elif [ "$(id -u)" = 0 ]; then
		package dockerd docker.io
		package iptables iptables
		package runc runc
		# Debian 13 packages the client apart.
		if ! have docker && apt-cache show docker-cli >/dev/null 2>&1; then wanted+=(docker-cli); fi
	elif have dockerd; then
		missing+=("a Docker engine that answers you — sudo systemctl start docker; sudo usermod -aG docker $(id -un); log in again")
	else
		missing+=("a Docker engine — sudo apt-get install docker.io; sudo usermod -aG docker $(id -un); log in again")
	fi
}

# Sets buildkit: `container` where an engine that is not ours can run BuildKit, else `own`; once
# found out, it stays so.
setup_builder() {
	buildkit=own
	if [ "${MODELHUB_BUILDKIT:-}" != own ] && engine_answers && ! ours dockerd >/dev/null; then
		if docker buildx inspect "$MODELHUB_BUILDER" 2>/dev/null | grep '^Driver: *docker-container' >/dev/null; then
			buildkit=container
		elif container_builder; then
			buildkit=container
		fi
	fi
	if [ "$buildkit" = container ]; then return; fi
	if [ "$(id -u)" != 0 ]; then
		missing+=("a builder — the engine cannot run BuildKit in a container, and only root can run it outside")
		return
	fi
	package runc runc
	install_packages
	go_tools buildkitd
}

# network=host: builds reach the registry on localhost, which BuildKit takes as plain http.
container_builder() {
	local image log=$MODELHUB_HOME/log/builder.log
	image=moby/buildkit:$(version_of github.com/moby/buildkit)
	docker buildx rm "$MODELHUB_BUILDER" >/dev/null 2>&1 || true
	printf '  %-56s' "BuildKit in the engine you have"
	if timeout 300 docker buildx create --name "$MODELHUB_BUILDER" --driver docker-container \
		--driver-opt "network=host,image=$image" --bootstrap >"$log" 2>&1; then
		echo yes
	else
		docker buildx rm "$MODELHUB_BUILDER" >/dev/null 2>&1 || true
		echo "no, so it runs outside"
		return 1
	fi
}

use_own_builder() {
	if grep -qsF "unix://$BUILDKIT_SOCKET" "$DOCKER_CONFIG/buildx/instances/$MODELHUB_BUILDER"; then return; fi
	docker buildx rm "$MODELHUB_BUILDER" >/dev/null 2>&1 || true
	docker buildx create --name "$MODELHUB_BUILDER" --driver remote "unix://$BUILDKIT_SOCKET" >/dev/null
}
