# The programs that lint and run .github/workflows in our tests; sourced by setup.

# Each has a go.mod of its own, since a version that another one asks for breaks its build.
WORKFLOW_TOOLS=(actionlint act)

# Sets workflow_tools to the folder that holds actionlint, act and zizmor; leaves it empty, which
# tests tell, where there is no Go or no Python to get them with.
setup_workflow_tools() {
	local name folder inputs=(scripts/tools/zizmor.txt)
	for name in "${WORKFLOW_TOOLS[@]}"; do inputs+=("scripts/tools/$name/go.mod" "scripts/tools/$name/go.sum"); done
	folder=$MODELHUB_HOME/workflow-tools/$(cat "${inputs[@]}" | digest | cut -c 1-16)
	if [ ! -e "$folder/complete" ]; then
		setup_go
		need_pip
		if ! have_pip; then return; fi
		step "$(join "${WORKFLOW_TOOLS[@]}" zizmor)" create_workflow_tools "$folder"
	fi
	workflow_tools=$folder/bin
}

create_workflow_tools() {
	local folder=$1 name
	use_go
	mkdir -p "$folder/bin"
	for name in "${WORKFLOW_TOOLS[@]}"; do
		(cd "scripts/tools/$name" && go build -trimpath -ldflags "-s -w" -o "$folder/bin/$name" "$(sed -n 's/^tool //p' go.mod)")
	done
	python3 -m venv "$folder/venv"
	"$folder/venv/bin/pip" install --disable-pip-version-check --requirement scripts/tools/zizmor.txt
	ln -sf ../venv/bin/zizmor "$folder/bin/zizmor"
	touch "$folder/complete"
}
