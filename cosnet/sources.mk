# SPDX-License-Identifier: GPL-2.0-or-later
# The objects of cosnet.ko, relative to the top of the tree.  Included by the
# Kbuild there, which also says obj-m and the include roots ($(src) and
# $(src)/aos/include).
cosnet-y := \
	cosnet/main.o \
	cosnet/rtnl.o \
	cosnet/netdev.o \
	cosnet/link.o \
	cosnet/drops.o \
	cosnet/to_aos.o \
	cosnet/frames.o \
	cosnet/fallback.o \
	cosnet/from_aos.o \
	cosnet/program.o \
	cosnet/ring_host.o \
	cosnet/ethtool.o
