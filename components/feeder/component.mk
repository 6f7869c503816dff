# SPDX-License-Identifier: GPL-2.0-or-later
# vnic as it is, but its main loop.
feeder_lto := y
feeder_cflags := -I $(here)/vnic -I $(here)/bench
feeder_foreign := $(here)/vnic/rx.c $(here)/vnic/tx.c $(here)/vnic/flows.c $(here)/vnic/report.c \
	$(here)/bench/samples.c
