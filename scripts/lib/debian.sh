# Debian's packages; sourced by setup.

# Missing things that only the user can get, one line each.
missing=()

# package COMMAND PACKAGE…: the packages that bring COMMAND are wanted where it is not there.
wanted=()
package() {
	have "$1" || wanted+=("${@:2}")
}

install_packages() {
	[ "${#wanted[@]}" -gt 0 ] || return 0
	if have apt-get && can_be_root; then
		step "Debian packages: $(shorten "${wanted[*]}")" apt_install "${wanted[@]}"
	elif ! have apt-get; then
		missing+=("${wanted[*]} — from your system's packages")
	else
		missing+=("${wanted[*]} — sudo apt-get install ${wanted[*]}")
	fi
	wanted=()
	hash -r
}

apt_install() {
	local apt=(as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)
	# Repairs what a killed run of ours may have left.
	as_root dpkg --configure -a
	"${apt[@]}" update
	"${apt[@]}" install -y --no-install-recommends "$@"
}

# The file of a Debian package without installing it: no service of the system is added.
apt_extract() {
	local package=$1 target=$2 stage=$2.new
	rm -rf "$stage" && mkdir -p "$stage"
	(cd "$stage" && { apt-get download "$package" || { as_root apt-get update && apt-get download "$package"; }; })
	dpkg-deb --extract "$stage"/*.deb "$stage"
	rm -rf "$stage"/*.deb "$target"
	mv "$stage" "$target"
}

shorten() { if [ "${#1}" -gt 36 ]; then printf '%.33s…' "$1"; else printf '%s' "$1"; fi; }
