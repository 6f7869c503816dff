# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of aosctl on the host, under AddressSanitizer and UBSan.  Included by
# the makefile of the unit tests, or used alone:
#	make -f tests/unit/aosctl.mk check-aosctl
#	make -f tests/unit/aosctl.mk fuzz-config [FUZZ_SECONDS=60]
ifndef ROOT
ROOT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..)
endif
AOSCTL_OUT ?= $(ROOT)/build/tests/aosctl
root := $(ROOT)
include $(ROOT)/tools/aosctl/sources.mk

AOSCTL_CC ?= gcc
AOSCTL_SANITIZE ?= -fsanitize=address,undefined -fno-sanitize-recover=all
AOSCTL_TEST_CFLAGS := -O1 -g $(aosctl_cflags) $(AOSCTL_SANITIZE) -I$(ROOT)/tests/unit

# All but main.c, once.
AOSCTL_TESTED := $(patsubst %.c,$(AOSCTL_OUT)/%.o,$(filter-out main.c,$(aosctl_sources))) \
	$(AOSCTL_OUT)/xdp_object.o $(AOSCTL_OUT)/translator.o $(aosctl_admission:%.c=$(AOSCTL_OUT)/coslink/%.o)
AOSCTL_TESTS := test_config test_config_state test_config_image test_config_stats test_config_latency \
	test_config_preflight test_config_steering test_config_shared \
	test_config_change test_config_explain test_config_program test_config_proxy test_config_answers test_pcapng test_held test_config_settings

$(AOSCTL_OUT)/%.o: $(ROOT)/tools/aosctl/%.c
	@mkdir -p $(@D)
	$(AOSCTL_CC) $(AOSCTL_TEST_CFLAGS) -MMD -MP -c -o $@ $<

$(AOSCTL_OUT)/translator.o: $(ROOT)/lib/translator/translator.c
	@mkdir -p $(@D)
	$(AOSCTL_CC) $(AOSCTL_TEST_CFLAGS) -MMD -MP -c -o $@ $<

$(AOSCTL_OUT)/coslink/%.o: $(ROOT)/tools/coslink/%.c
	@mkdir -p $(@D)
	$(AOSCTL_CC) $(AOSCTL_TEST_CFLAGS) -MMD -MP -c -o $@ $<

$(AOSCTL_OUT)/test_%.o: $(ROOT)/tests/unit/test_%.c
	@mkdir -p $(@D)
	$(AOSCTL_CC) $(AOSCTL_TEST_CFLAGS) -MMD -MP -c -o $@ $<

$(AOSCTL_TESTS:%=$(AOSCTL_OUT)/%): $(AOSCTL_OUT)/%: $(AOSCTL_OUT)/%.o $(AOSCTL_TESTED)
	$(AOSCTL_CC) $(AOSCTL_TEST_CFLAGS) -o $@ $^ -lcmocka $(aosctl_libs)

# The maps of the steering programs are played.
$(AOSCTL_OUT)/test_config_program: AOSCTL_TEST_CFLAGS += -Wl,--wrap=program_map \
	-Wl,--wrap=close -Wl,--wrap=bpf_map_lookup_elem -Wl,--wrap=bpf_map_update_elem \
	-Wl,--wrap=bpf_map_delete_elem -Wl,--wrap=libbpf_num_possible_cpus \
	-Wl,--wrap=if_nametoindex

# What a change does to the host is played by the test.
$(AOSCTL_OUT)/test_config_change: AOSCTL_TEST_CFLAGS += -Wl,--wrap=down_undo \
	-Wl,--wrap=steering_restore_flow -Wl,--wrap=sysctl_restore \
	-Wl,--wrap=settings_reload_recover

$(eval $(call xdp_object,$(AOSCTL_OUT)/steer.bpf.o,$(AOSCTL_OUT)/xdp_object.o))

.PHONY: check-aosctl fuzz-config
check-aosctl: $(AOSCTL_TESTS:%=$(AOSCTL_OUT)/%)
	@set -e; for t in $^; do $$t; done
	@$(ROOT)/tests/unit/aosctl_texts

FUZZ_SECONDS ?= 30
$(AOSCTL_OUT)/fuzz_config: $(ROOT)/tests/fuzz/fuzz_config.c \
		$(aosctl_pure:%=$(ROOT)/tools/aosctl/%)
	@mkdir -p $(@D)
	clang $(AOSCTL_TEST_CFLAGS) -fsanitize=fuzzer -o $@ $^ -lconfig -lm

# The corpus starts with the configuration that is shipped.  libconfig leaks a
# string that has no end; what is ours is looked at by the unit tests.
fuzz-config: $(AOSCTL_OUT)/fuzz_config
	@mkdir -p $(AOSCTL_OUT)/corpus
	@cp $(ROOT)/config/appliance.conf $(AOSCTL_OUT)/corpus/
	cd $(AOSCTL_OUT) && ASAN_OPTIONS=detect_leaks=0 ./fuzz_config -max_total_time=$(FUZZ_SECONDS) -max_len=4096 \
		-timeout=5 -verbosity=0 -print_final_stats=1 corpus

-include $(wildcard $(AOSCTL_OUT)/*.d)
