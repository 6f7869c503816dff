# SPDX-License-Identifier: GPL-2.0-or-later
# Test of cosnet's ring logic on the host, under AddressSanitizer and UBSan.
# Included by the makefile of the unit tests, or used alone:
# make -f tests/unit/cosnet.mk check-cosnet
ROOT ?= $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..)
COSNET_OUT ?= $(ROOT)/build/tests/cosnet

COSNET_CC ?= gcc
COSNET_SANITIZE ?= -fsanitize=address,undefined -fno-sanitize-recover=all
COSNET_CFLAGS := -O2 -g -std=gnu11 -Wall -Wextra -Werror -pthread $(COSNET_SANITIZE) \
	-I$(ROOT) -I$(ROOT)/aos/include

$(COSNET_OUT)/%.o: $(ROOT)/cosnet/%.c
	@mkdir -p $(@D)
	$(COSNET_CC) $(COSNET_CFLAGS) -MMD -c -o $@ $<

$(COSNET_OUT)/%.o: $(ROOT)/tests/unit/%.c
	@mkdir -p $(@D)
	$(COSNET_CC) $(COSNET_CFLAGS) -MMD -c -o $@ $<

$(COSNET_OUT)/test_cosnet_ring: $(COSNET_OUT)/test_cosnet_ring.o $(COSNET_OUT)/ring_host.o
	$(COSNET_CC) $(COSNET_CFLAGS) -o $@ $^ -lcmocka

.PHONY: check-cosnet
check-cosnet: $(COSNET_OUT)/test_cosnet_ring
	$<

-include $(wildcard $(COSNET_OUT)/*.d)
