# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by initramfs and run: what both put into the guest's archives.

# Shared libraries, and the loader, that programs need; scripts need none.
libraries() { # FILE...
	ldd "$@" 2>/dev/null | grep -oE '/[^ :)]+' | grep -E '/lib|/ld-' | sort -u
}

# A directory as initramfs on stdout. Equal trees give equal archives, whenever
# and by whomever they were made: with --icount a guest counts every byte.
pack() { # DIRECTORY
	find "$1" -exec touch -h -d @0 {} +
	(cd "$1" && find . -mindepth 1 | LC_ALL=C sort |
		cpio -o -H newc -R +0:+0 --reproducible --quiet)
}
