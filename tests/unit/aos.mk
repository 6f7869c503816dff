# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the component kernel on the host, on a fake HAL, under
# AddressSanitizer and UBSan.  Included by the makefile of the unit tests, or
# used alone: make -f tests/unit/aos.mk check-aos
# Now, not when it is used: the list ends with another file then.
ROOT := $(or $(ROOT),$(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..))
AOS_OUT ?= $(ROOT)/build/tests/aos
include $(ROOT)/aos/sources.mk

AOS_CC ?= gcc
AOS_SANITIZE ?= -fsanitize=address,undefined -fno-sanitize-recover=all
AOS_CFLAGS := -O2 -g -std=gnu11 -Wall -Wextra -Werror $(AOS_SANITIZE) \
	-I$(ROOT)/aos/include -iquote $(ROOT)/aos -iquote $(ROOT)/tests/unit
AOS_TESTS := test_aos_cap test_aos_boot test_aos_pgtbl test_aos_invoke test_aos_vector \
	test_aos_event test_aos_thread test_aos_budget test_aos_random \
	test_aos_stop test_aos_system test_aos_pager test_aos_review_contain \
	test_aos_review_section test_aos_stacked

AOS_KERNEL := $(AOS_SOURCES:%.c=$(AOS_OUT)/core/%.o)
AOS_RIG := fake_hal.o aos_image.o aos_invariants.o aos_rig.o aos_player.o aos_test.o
AOS_RIG := $(AOS_RIG:%=$(AOS_OUT)/%)

$(AOS_OUT)/core/%.o: $(ROOT)/aos/core/%.c
	@mkdir -p $(@D)
	$(AOS_CC) $(AOS_CFLAGS) -MMD -MP -c -o $@ $<

$(AOS_OUT)/%.o: $(ROOT)/tests/unit/%.c
	@mkdir -p $(@D)
	$(AOS_CC) $(AOS_CFLAGS) -MMD -MP -c -o $@ $<

$(AOS_TESTS:%=$(AOS_OUT)/%): $(AOS_OUT)/%: $(AOS_OUT)/%.o $(AOS_RIG) $(AOS_KERNEL)
	$(AOS_CC) $(AOS_CFLAGS) -o $@ $^ -lcmocka

.PHONY: check-aos
check-aos: $(AOS_TESTS:%=$(AOS_OUT)/%)
	@failed=0; for t in $^; do $$t || failed=1; done; exit $$failed

-include $(wildcard $(AOS_OUT)/*.d $(AOS_OUT)/core/*.d)
