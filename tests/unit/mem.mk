# SPDX-License-Identifier: GPL-2.0-or-later
# The memory manager on the AOS kernel's own sources.  Included by the makefile
# of the unit tests, or used alone: make -f tests/unit/mem.mk check-mem
ROOT := $(or $(ROOT),$(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..))
# Objects of its own: check-aos may be building at the same time.
AOS_OUT ?= $(ROOT)/build/tests/mem
include $(ROOT)/tests/unit/aos.mk
MEM_OUT := $(AOS_OUT)/mem
# -iquote: its aos.h comes first, and the C library's <string.h> stays what it is.
MEM_CFLAGS := -iquote $(ROOT)/tests/unit/mem $(AOS_CFLAGS) -iquote $(ROOT)/components/include \
	-iquote $(ROOT)/components/mem

MEM_OBJECTS := $(patsubst %,$(MEM_OUT)/%.o,alloc counts grow pages)

$(MEM_OUT)/%.o: $(ROOT)/components/mem/%.c
	@mkdir -p $(@D)
	$(AOS_CC) $(MEM_CFLAGS) -MMD -MP -c -o $@ $<

$(MEM_OUT)/test_mem.o: $(ROOT)/tests/unit/test_mem.c
	@mkdir -p $(@D)
	$(AOS_CC) $(MEM_CFLAGS) -MMD -MP -c -o $@ $<

$(MEM_OUT)/test_mem: $(MEM_OUT)/test_mem.o $(MEM_OBJECTS) $(AOS_RIG) $(AOS_KERNEL)
	$(AOS_CC) $(AOS_CFLAGS) -o $@ $^ -lcmocka

.PHONY: check-mem
check-mem: $(MEM_OUT)/test_mem
	@$<

-include $(wildcard $(MEM_OUT)/*.d)
