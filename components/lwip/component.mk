# SPDX-License-Identifier: GPL-2.0-or-later
# lwIP's own sources are fetched, unpatched, from the distribution's source
# package, and built with our options.
include $(here)/lwip/upstream.mk
LWIP_DIR ?= $(OUT)/lwip

lwip_lto := y
lwip_cflags := -I $(here)/lwip/port -I $(here)/lwip/port/libc -I $(here)/lwip \
	-I $(LWIP_DIR)/src/include
lwip_foreign := $(LWIP_UPSTREAM:%=$(LWIP_DIR)/src/%)
lwip_foreign_cflags := -w

$(LWIP_DIR)/.fetched:
	$(top)/tools/lwip/fetch $(LWIP_DIR)
$(lwip_foreign): $(LWIP_DIR)/.fetched ;
$(call objects-of,lwip): | $(LWIP_DIR)/.fetched
