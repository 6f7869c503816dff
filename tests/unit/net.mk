# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the data path on the host: vnic, lwip with upstream's sources, and
# udpapp in one process, under AddressSanitizer and UBSan.  Included by the
# makefile of the unit tests, or used alone: make -f tests/unit/net.mk check-net
ifndef ROOT
ROOT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..)
endif
NET_OUT ?= $(ROOT)/build/tests/net
LWIP_DIR ?= $(ROOT)/build/lwip
include $(ROOT)/components/lwip/upstream.mk

NET_CC ?= gcc
NET_SANITIZE ?= -fsanitize=address,undefined -fno-sanitize-recover=all
NET_CFLAGS := -O2 -g -std=gnu11 -Wall -Wextra -Wno-address $(NET_SANITIZE) \
	-I$(ROOT)/tests/unit/net -I$(ROOT)/components/lwip/port -I$(ROOT)/components/lwip \
	-I$(LWIP_DIR)/src/include -I$(ROOT)/components/include -I$(ROOT)/aos/include \
	-I$(ROOT)/components/vnic -I$(ROOT)/components/udpapp -I$(ROOT)/components/tunnel

NET_UPSTREAM := $(LWIP_UPSTREAM:%.c=$(NET_OUT)/upstream/%.o)
NET_LWIP := $(patsubst $(ROOT)/components/%.c,$(NET_OUT)/%.o,\
	$(wildcard $(ROOT)/components/lwip/*.c))
NET_VNIC := $(patsubst $(ROOT)/components/%.c,$(NET_OUT)/%.o,$(wildcard $(ROOT)/components/vnic/*.c))
NET_UDPAPP := $(patsubst $(ROOT)/components/%.c,$(NET_OUT)/%.o,$(wildcard $(ROOT)/components/udpapp/*.c))
NET_WORLD := $(NET_OUT)/world.o $(NET_OUT)/build.o $(NET_OUT)/lib/histogram.o
NET_TUNNEL := $(patsubst $(ROOT)/components/%.c,$(NET_OUT)/%.o,$(wildcard $(ROOT)/components/tunnel/*.c)) \
	$(NET_OUT)/lib/translator.o
NET_TESTS := test_checksum test_netstack test_vnic test_udpapp test_tunnel

$(LWIP_DIR)/.fetched:
	$(ROOT)/tools/lwip/fetch $(LWIP_DIR)

$(LWIP_UPSTREAM:%=$(LWIP_DIR)/src/%): $(LWIP_DIR)/.fetched ;

$(NET_OUT)/upstream/%.o: $(LWIP_DIR)/src/%.c
	@mkdir -p $(@D)
	$(NET_CC) $(NET_CFLAGS) -w -MMD -c -o $@ $<

$(NET_OUT)/%.o: $(ROOT)/components/%.c | $(LWIP_DIR)/.fetched
	@mkdir -p $(@D)
	$(NET_CC) $(NET_CFLAGS) -DWORLD_COMPONENT='"$(*D)"' -MMD -c -o $@ $<

$(NET_OUT)/%.o: $(ROOT)/tests/unit/net/%.c
	@mkdir -p $(@D)
	$(NET_CC) $(NET_CFLAGS) -MMD -c -o $@ $<

$(NET_OUT)/%.o: $(ROOT)/tests/unit/%.c | $(LWIP_DIR)/.fetched
	@mkdir -p $(@D)
	$(NET_CC) $(NET_CFLAGS) -MMD -c -o $@ $<

$(NET_OUT)/test_checksum: $(NET_OUT)/test_checksum.o $(NET_OUT)/lwip/checksum.o
$(NET_OUT)/test_netstack: $(NET_OUT)/test_netstack.o $(NET_WORLD) $(NET_VNIC) $(NET_LWIP) \
		$(NET_UPSTREAM) $(NET_UDPAPP)
$(NET_OUT)/test_vnic: $(NET_OUT)/test_vnic.o $(NET_WORLD) $(NET_VNIC)
$(NET_OUT)/test_tunnel: $(NET_OUT)/test_tunnel.o $(NET_WORLD) $(NET_VNIC) $(NET_TUNNEL)
$(NET_OUT)/test_udpapp: $(NET_OUT)/test_udpapp.o $(NET_WORLD) $(NET_UDPAPP)
$(NET_TESTS:%=$(NET_OUT)/%):
	$(NET_CC) $(NET_CFLAGS) -o $@ $^ -lcmocka

.PHONY: check-net
check-net: $(NET_TESTS:%=$(NET_OUT)/%)
	@set -e; for t in $^; do echo $$t; $$t; done

-include $(shell find $(NET_OUT) -name '*.d' 2>/dev/null)
