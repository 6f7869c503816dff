# SPDX-License-Identifier: GPL-2.0-or-later
# One list for the program, its unit tests and its fuzzer. Needs $(root).

# Pure: no effect on the host, and all that tests and the fuzzer need.
aosctl_pure := say.c prefix.c reader.c config.c rules.c stats.c image.c file.c \
	bootinfo.c
aosctl_sources := $(aosctl_pure) check.c host.c state.c instance.c ethtool.c \
	modules.c links.c steering.c process.c daemon.c launch.c preflight.c up.c down.c \
	show.c main.c

aosctl_cflags := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wshadow \
	-Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla \
	-Wno-missing-field-initializers \
	-I$(root)/tools/aosctl -I$(root)/hijack -I$(root)/aos/include
