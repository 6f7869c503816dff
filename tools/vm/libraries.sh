# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by initramfs and run.

# Shared libraries, and the loader, that programs need; scripts need none.
libraries() { # FILE...
	ldd "$@" 2>/dev/null | grep -oE '/[^ :)]+' | grep -E '/lib|/ld-' | sort -u
}
