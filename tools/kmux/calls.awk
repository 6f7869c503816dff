# SPDX-License-Identifier: GPL-2.0-or-later
# From the preprocessor's macros to lines of a C table: [number] = "name".
/^#define __NR_[a-z0-9_]+ [0-9]+$/ {
	printf "\t[%d] = \"%s\",\n", $3, substr($2, 6)
	n++
}
END {
	if (n < 300) {
		print "calls.awk: only " n " system calls in asm/unistd_64.h" >"/dev/stderr"
		exit 1
	}
}
