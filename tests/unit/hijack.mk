# SPDX-License-Identifier: GPL-2.0-or-later
# Test on the host of what is pure in hijack, under AddressSanitizer and UBSan.
# Included by the makefile of the unit tests, or used alone:
# make -f tests/unit/hijack.mk check-hijack
# Now, not when it is used: the list ends with another file then.
ROOT := $(or $(ROOT),$(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..))
HIJACK_OUT ?= $(ROOT)/build/tests/hijack

HIJACK_CC ?= gcc
HIJACK_SANITIZE ?= -fsanitize=address,undefined -fno-sanitize-recover=all
# tests/unit/hijack stands in for the kernel's headers of those names.
HIJACK_CFLAGS := -O2 -g -std=gnu11 -Wall -Wextra -Werror $(HIJACK_SANITIZE) \
	-I$(ROOT)/tests/unit/hijack -I$(ROOT)

$(HIJACK_OUT)/%.o: $(ROOT)/hijack/%.c
	@mkdir -p $(@D)
	$(HIJACK_CC) $(HIJACK_CFLAGS) -MMD -MP -c -o $@ $<

$(HIJACK_OUT)/%.o: $(ROOT)/tests/unit/%.c
	@mkdir -p $(@D)
	$(HIJACK_CC) $(HIJACK_CFLAGS) -MMD -MP -c -o $@ $<

$(HIJACK_OUT)/test_hijack_regs: $(HIJACK_OUT)/test_hijack_regs.o $(HIJACK_OUT)/regs.o
	$(HIJACK_CC) $(HIJACK_CFLAGS) -o $@ $^ -lcmocka

$(HIJACK_OUT)/test_kmux_%: $(HIJACK_OUT)/test_kmux_%.o $(HIJACK_OUT)/kmux/%.o
	$(HIJACK_CC) $(HIJACK_CFLAGS) -o $@ $^ -lcmocka -lpthread

HIJACK_TESTS := $(addprefix $(HIJACK_OUT)/, test_hijack_regs test_kmux_filter test_kmux_log)
.PHONY: check-hijack
check-hijack: $(HIJACK_TESTS)
	$(foreach t, $^, $(t) &&) true

-include $(wildcard $(HIJACK_OUT)/*.d)
