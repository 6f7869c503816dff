# SPDX-License-Identifier: GPL-2.0-or-later
crash_vnic_cflags := -I $(here)/vnic
crash_vnic_foreign := $(here)/vnic/tx.c $(here)/vnic/flows.c $(here)/vnic/report.c \
	$(here)/crash_udpapp/crash.c
