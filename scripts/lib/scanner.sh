# The program that looks packages up in a database of vulnerabilities; sourced by setup.

# Sets scanner to OSV-Scanner, built from source; leaves it empty, which tests tell, where there is no Go.
setup_scanner() {
	local folder=scripts/tools/osv-scanner file
	file=$MODELHUB_HOME/scanner/$(cat $folder/go.mod $folder/go.sum | digest | cut -c 1-16)/osv-scanner
	if [ ! -x "$file" ]; then
		setup_go $folder/go.mod
		if ! have go && [ ! -x "$MODELHUB_HOME/go/bin/go" ]; then return; fi
		step "OSV-Scanner, built from source" build_scanner $folder "$file"
	fi
	scanner=$file
}

build_scanner() {
	local folder=$1 file=$2
	use_go
	mkdir -p "$(dirname "$file")"
	(cd "$folder" && go build -trimpath -ldflags "-s -w" -o "$file.new" "$(sed -n 's/^tool //p' go.mod)")
	mv -f "$file.new" "$file"
}
