# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the linker, under AddressSanitizer and UBSan.  Included by the
# makefile of the unit tests, or used alone: make -f tests/unit/coslink.mk check-coslink
# Now, not when it is used: the list ends with another file then.
ROOT := $(or $(ROOT),$(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..))
COSLINK_OUT ?= $(ROOT)/build/tests/coslink
include $(ROOT)/tools/coslink/sources.mk

COSLINK_CC ?= gcc
COSLINK_SANITIZE ?= -fsanitize=address,undefined -fno-sanitize-recover=all
COSLINK_CFLAGS := -O1 -g -std=gnu11 -Wall -Wextra -Werror -I$(ROOT)/tools/coslink \
	-I$(ROOT)/tests/unit -I$(ROOT)/aos/include

COSLINK_OBJECTS := $(COSLINK_SOURCES:%.c=$(COSLINK_OUT)/%.o)
COSLINK_RIG := $(COSLINK_OUT)/test_coslink_rig.o $(COSLINK_OUT)/test_coslink_reader.o
COSLINK_TESTS := test_coslink_image test_coslink_composition test_coslink_binding \
	test_coslink_objects test_coslink_policy test_coslink_admission test_coslink_cli

$(COSLINK_OUT)/%.o: $(ROOT)/tools/coslink/%.c
	@mkdir -p $(@D)
	$(COSLINK_CC) $(COSLINK_CFLAGS) $(COSLINK_SANITIZE) -MMD -MP -c -o $@ $<

$(COSLINK_OUT)/%.o: $(ROOT)/tests/unit/%.c
	@mkdir -p $(@D)
	$(COSLINK_CC) $(COSLINK_CFLAGS) $(COSLINK_SANITIZE) \
		-DCOSLINK='"$(COSLINK_OUT)/coslink"' -MMD -MP -c -o $@ $<

$(COSLINK_OUT)/coslink: $(COSLINK_OUT)/main.o $(COSLINK_OBJECTS)
	$(COSLINK_CC) $(COSLINK_SANITIZE) -o $@ $^ $(COSLINK_LIBS)

$(COSLINK_TESTS:%=$(COSLINK_OUT)/%): $(COSLINK_OUT)/%: $(COSLINK_OUT)/%.o $(COSLINK_RIG) \
		$(COSLINK_OBJECTS)
	$(COSLINK_CC) $(COSLINK_SANITIZE) -o $@ $^ $(COSLINK_LIBS) -lz -lcmocka

# Runs linked code at its own addresses, where a sanitizer keeps its shadow.
COSLINK_PLAIN := $(addprefix $(COSLINK_OUT)/plain/,$(COSLINK_SOURCES:%.c=%.o) \
	test_coslink_rig.o test_coslink_reader.o test_coslink_run.o)

$(COSLINK_OUT)/plain/%.o: $(ROOT)/tools/coslink/%.c
	@mkdir -p $(@D)
	$(COSLINK_CC) $(COSLINK_CFLAGS) -MMD -MP -c -o $@ $<

$(COSLINK_OUT)/plain/%.o: $(ROOT)/tests/unit/%.c
	@mkdir -p $(@D)
	$(COSLINK_CC) $(COSLINK_CFLAGS) -MMD -MP -c -o $@ $<

$(COSLINK_OUT)/test_coslink_run: $(COSLINK_PLAIN)
	$(COSLINK_CC) -o $@ $^ $(COSLINK_LIBS) -lz -lcmocka

.PHONY: check-coslink
check-coslink: $(COSLINK_TESTS:%=$(COSLINK_OUT)/%) $(COSLINK_OUT)/test_coslink_run \
		$(COSLINK_OUT)/coslink
	@set -e; for t in $(COSLINK_TESTS) test_coslink_run; do $(COSLINK_OUT)/$$t; done

-include $(wildcard $(COSLINK_OUT)/*.d $(COSLINK_OUT)/plain/*.d)
