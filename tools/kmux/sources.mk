# SPDX-License-Identifier: GPL-2.0-or-later
# One list for the program and its unit tests. Needs $(root).
kmux_sources := main.c calls.c errors.c lists.c run.c watch.c print.c

kmux_cflags := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wshadow \
	-Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla \
	-I$(root)/tools/kmux -I$(root)/hijack
