# SPDX-License-Identifier: GPL-2.0-or-later
# Tests on the host of what is pure in the runtime, the scheduler and the
# loader, under AddressSanitizer and UBSan.  Included by the makefile of the
# unit tests, or used alone: make -f tests/unit/components.mk check-components
ROOT := $(or $(ROOT),$(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..))
COMPONENTS_OUT ?= $(ROOT)/build/tests/components

COMPONENTS_CC ?= gcc
COMPONENTS_SANITIZE ?= -fsanitize=address,undefined -fno-sanitize-recover=all
# -iquote: the C library's <string.h> must stay what it is.
COMPONENTS_CFLAGS := -O2 -g -std=gnu11 -Wall -Wextra -Werror $(COMPONENTS_SANITIZE) \
	-I$(ROOT)/aos/include -iquote $(ROOT) -iquote $(ROOT)/components/include \
	-iquote $(ROOT)/components/sched -iquote $(ROOT)/components/loader -iquote $(ROOT)/components/bench
COMPONENTS_TESTS := test_runqueue test_server test_locks test_periodic test_format test_string test_loader_image test_samples test_control \
	test_histogram test_loader_settings test_restart

components-objects = $(patsubst %.c,$(COMPONENTS_OUT)/%.o,$1)

$(COMPONENTS_OUT)/test_runqueue: $(call components-objects,components/sched/runqueue.c)
$(COMPONENTS_OUT)/test_server: $(call components-objects,components/sched/server.c)
$(COMPONENTS_OUT)/test_periodic: $(call components-objects,components/sched/periodic.c)
$(COMPONENTS_OUT)/test_locks: $(call components-objects,components/sched/locks.c components/sched/runqueue.c)
$(COMPONENTS_OUT)/test_format: $(call components-objects,components/lib/format.c)
$(COMPONENTS_OUT)/test_samples: $(call components-objects,components/bench/samples.c)
$(COMPONENTS_OUT)/test_histogram: $(call components-objects,components/lib/histogram.c)
$(COMPONENTS_OUT)/test_control: $(call components-objects,components/ctl/answer.c tools/aosctl/reply.c tools/aosctl/said.c)
$(COMPONENTS_OUT)/test_loader_image: $(call components-objects,components/loader/image.c components/loader/policy.c)

$(COMPONENTS_OUT)/test_restart: $(call components-objects,components/loader/image.c components/loader/policy.c)
# It holds restart.c itself; its aos.h comes first.
$(COMPONENTS_OUT)/tests/unit/test_restart.o: COMPONENTS_CFLAGS := \
	-iquote $(ROOT)/tests/unit/restart $(COMPONENTS_CFLAGS)

$(COMPONENTS_TESTS:%=$(COMPONENTS_OUT)/%): $(COMPONENTS_OUT)/%: $(COMPONENTS_OUT)/tests/unit/%.o
	$(COMPONENTS_CC) $(COMPONENTS_CFLAGS) -o $@ $^ -lcmocka

$(COMPONENTS_OUT)/%.o: $(ROOT)/%.c
	@mkdir -p $(@D)
	$(COMPONENTS_CC) $(COMPONENTS_CFLAGS) -MMD -MP -c -o $@ $<

# The rest of the loader is the test's; so is its aos.h, which comes first.
LOADER_OUT := $(COMPONENTS_OUT)/loader
$(LOADER_OUT)/%.o: $(ROOT)/%.c
	@mkdir -p $(@D)
	$(COMPONENTS_CC) -iquote $(ROOT)/tests/unit/loader $(COMPONENTS_CFLAGS) -MMD -MP -c -o $@ $<

$(COMPONENTS_OUT)/tests/unit/test_loader_settings.o: COMPONENTS_CFLAGS := -iquote $(ROOT)/tests/unit/loader $(COMPONENTS_CFLAGS)
$(COMPONENTS_OUT)/test_loader_settings: $(LOADER_OUT)/components/loader/settings.o \
	$(call components-objects,components/loader/policy.c components/loader/image.c)

# The scheduler on the AOS kernel's own sources; its aos.h comes first.  UBSan
# alone: AddressSanitizer loses its way among coroutines.
SCHED_CFLAGS := -I$(ROOT)/aos -iquote $(ROOT)/tests/unit/sched \
	$(filter-out $(COMPONENTS_SANITIZE),$(COMPONENTS_CFLAGS)) \
	-fsanitize=undefined -fno-sanitize-recover=all -iquote $(ROOT)/tests/unit
include $(ROOT)/aos/sources.mk
SCHED_SOURCES := tests/unit/fake_hal.c $(AOS_SOURCES:%=aos/core/%) \
	$(patsubst $(ROOT)/%,%,$(wildcard $(ROOT)/components/sched/*.c))
SCHED_TESTS := test_sched test_sched_response

$(COMPONENTS_OUT)/sched/%.o: $(ROOT)/%.c
	@mkdir -p $(@D)
	$(COMPONENTS_CC) $(SCHED_CFLAGS) -MMD -MP -c -o $@ $<

$(SCHED_TESTS:%=$(COMPONENTS_OUT)/%): $(COMPONENTS_OUT)/%: $(COMPONENTS_OUT)/sched/tests/unit/%.o \
		$(SCHED_SOURCES:%.c=$(COMPONENTS_OUT)/sched/%.o)
	$(COMPONENTS_CC) $(SCHED_CFLAGS) -o $@ $^ -lcmocka

.PHONY: check-components check-sched
check-sched: $(SCHED_TESTS:%=$(COMPONENTS_OUT)/%)
	@set -e; for t in $^; do $$t; done

check-components: $(COMPONENTS_TESTS:%=$(COMPONENTS_OUT)/%) | check-sched
	@set -e; for t in $^; do $$t; done

-include $(shell find $(COMPONENTS_OUT) -name '*.d' 2>/dev/null)
