# Programs of the other processor, run by qemu; sourced by setup.

# The other one of the two that images are made for, in qemu's words and in Debian's.
case $(uname -m) in
aarch64 | arm64) other_machine=x86_64 other_platform=linux/amd64 ;;
*) other_machine=aarch64 other_platform=linux/arm64 ;;
esac

emulates() { [ -e "/proc/sys/fs/binfmt_misc/qemu-$other_machine" ]; }

# Makes the kernel hand foreign programs to qemu, in containers too; where it can't, images are for
# this machine's platform alone, and the build says so.
setup_emulation() {
	if emulates; then return; fi
	if ! can_be_root || ! have apt-get; then
		echo "  images for $other_platform: not here — that wants root on Debian or Ubuntu"
		return
	fi
	have "qemu-$other_machine-static" || wanted+=(qemu-user-static)
	package update-binfmts binfmt-support
	package arch-test arch-test
	install_packages
	step "qemu, for $other_platform" register_emulation
	if ! emulates; then echo "  images for $other_platform: not here — the kernel doesn't take qemu in"; fi
}

register_emulation() {
	local kernel=/proc/sys/fs/binfmt_misc name=qemu-$other_machine
	[ -e $kernel/register ] || as_root mount -t binfmt_misc binfmt_misc $kernel || return 0
	emulates || as_root update-binfmts --enable "$name" ||
		# Debian 13 has the line for the kernel in a file for systemd.
		as_root sh -c "cat /usr/lib/binfmt.d/$name.conf >$kernel/register" || return 0
}
