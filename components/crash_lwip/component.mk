# SPDX-License-Identifier: GPL-2.0-or-later
include $(here)/lwip/upstream.mk
LWIP_DIR ?= $(OUT)/lwip

crash_lwip_cflags := -I $(here)/lwip/port -I $(here)/lwip/port/libc -I $(here)/lwip \
	-I $(LWIP_DIR)/src/include
crash_lwip_foreign := $(LWIP_UPSTREAM:%=$(LWIP_DIR)/src/%) \
	$(filter-out %/main.c %/server.c,$(wildcard $(here)/lwip/*.c)) \
	$(here)/crash_udpapp/crash.c $(here)/crash_udpapp/datagrams.c
crash_lwip_foreign_cflags := -w

$(call objects-of,crash_lwip) $(call foreign-of,crash_lwip): | $(LWIP_DIR)/.fetched
