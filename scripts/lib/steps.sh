# Steps with one line each on the screen and a log file each; sourced by setup, services, demo and test.

have() { command -v "$1" >/dev/null 2>&1; }

fail() {
	printf '%s\n' "$@" >&2
	exit 1
}

# at_least 22.18 v22.23.3
at_least() { [ "$(printf '%s\n' "$1" "${2#v}" | sort -V | head -n 1)" = "$1" ]; }

digest() { { sha256sum "$@" 2>/dev/null || shasum -a 256 "$@"; } | cut -c 1-64; }

can_be_root() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# One holder at a time. What a killed set-up left running keeps the lock until it is done.
lock() {
	mkdir -p "$MODELHUB_HOME/run" "$MODELHUB_HOME/log"
	if ! have flock; then return; fi
	exec 9>"$MODELHUB_HOME/run/$1.lock"
	flock -n 9 || {
		echo "  waiting for another $1 to finish …"
		flock 9
	}
}

# step TITLE COMMAND…: runs COMMAND aside, its output in a log; ends the script when it fails.
step() {
	local title=$1 start=$SECONDS log pid code=0
	shift
	log=$MODELHUB_HOME/log/$(printf '%s' "$title" | tr -cs 'A-Za-z0-9' '-' | sed 's/-$//').log
	printf '  %-56s' "$title"
	# Not `"$@" || …`: there, bash would ignore `set -e` inside the function that is called.
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	# shellcheck disable=SC2064 # the pid of now
	trap "kill $pid 2>/dev/null; exit 130" INT TERM
	if [ -t 1 ]; then
		while kill -0 "$pid" 2>/dev/null; do
			printf '\r  %-56s%4d s' "$title" $((SECONDS - start))
			sleep 0.2
		done
		printf '\r  %-56s' "$title"
	fi
	wait "$pid" || code=$?
	trap - INT TERM
	printf '%4d s\n' $((SECONDS - start))
	[ "$code" = 0 ] || fail_with_log "\"$title\" failed with exit code $code" "$log"
}

fail_with_log() {
	fail "" "$1. The last lines of $2:" "$(tail -n 15 "$2" | sed 's/^/    /')" \
		"hint: run the command again once that is solved; finished steps are kept."
}
