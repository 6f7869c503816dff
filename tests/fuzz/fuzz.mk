# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzzers (libFuzzer, clang), under AddressSanitizer and UBSan.
#	make -f tests/fuzz/fuzz.mk fuzz-smoke [FUZZ_SECONDS=20] [FUZZ_SEED=0]   each a little
#	make -f tests/fuzz/fuzz.mk fuzz-aos FUZZ_SECONDS=3600     one of them
# Committed seeds are in corpus/<name>/ (those of the configuration in config/);
# what a run finds goes to build/fuzz/.
ifndef ROOT
ROOT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..)
endif
FUZZ_OUT ?= $(ROOT)/build/fuzz
FUZZ_SECONDS ?= 20
# 0: another one each time; tests/run gives one, so that what it finds is found again.
FUZZ_SEED ?= 0
# All of a component's power lies behind the system calls: three times as long.
fuzz_aos_seconds = $(shell echo $$((3 * $(FUZZ_SECONDS))))
FUZZ_CC ?= clang
root := $(ROOT)
include $(ROOT)/aos/sources.mk
include $(ROOT)/tools/aosctl/sources.mk
include $(ROOT)/tools/replay/sources.mk

FUZZ_CFLAGS := -O2 -g -std=gnu11 -Wall -Wextra -Werror \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
FUZZERS := aos image config replay translator control ring

fuzz_kernel := $(AOS_SOURCES:%=aos/core/%) \
	$(addprefix tests/unit/,fake_hal.c aos_image.c aos_invariants.c)
# What the fuzzer explores is the kernel and the loader, not our checks of them.
fuzz_kernel_cflags := -fsanitize-coverage-allowlist=$(ROOT)/tests/fuzz/explored \
	-I$(ROOT)/aos/include -iquote $(ROOT)/aos -iquote $(ROOT)/tests/unit

fuzz_aos_sources := $(fuzz_kernel) $(addprefix tests/unit/,aos_rig.c aos_player.c)
fuzz_aos_cflags := $(fuzz_kernel_cflags)

fuzz_image_sources := $(fuzz_kernel) components/loader/image.c components/loader/policy.c
fuzz_image_cflags := $(fuzz_kernel_cflags) -iquote $(ROOT)/components

# Starts from what is shipped.  libconfig leaks a string that has no end.
fuzz_config_seeds := $(ROOT)/config $(ROOT)/tests/fuzz/corpus/config
fuzz_config_sources := $(addprefix tools/aosctl/,$(aosctl_pure))
fuzz_config_cflags := $(aosctl_cflags)
fuzz_config_libs := -lconfig -lm
fuzz_config_env := ASAN_OPTIONS=detect_leaks=0

fuzz_replay_sources := $(REPLAY_SOURCES:%=tools/replay/%)
fuzz_replay_cflags := -I$(ROOT)/tools/replay
fuzz_replay_libs := $(REPLAY_LIBS)

fuzz_translator_cflags := -I$(ROOT)/aos/include

fuzz_control_sources := components/ctl/answer.c tools/aosctl/reply.c tools/aosctl/said.c
fuzz_control_cflags := -iquote $(ROOT) -iquote $(ROOT)/components/include -I$(ROOT)/aos/include

fuzz_ring_sources := cosnet/ring_host.c
fuzz_ring_cflags := -I$(ROOT) -I$(ROOT)/aos/include

fuzz_headers := $(wildcard $(addprefix $(ROOT)/,aos/include/*/*.h aos/*/*.h tests/unit/*.h \
	tools/aosctl/*.h tools/replay/*.h cosnet/*.h cosnet/uapi/*.h components/loader/*.h \
	components/ctl/*.h tests/fuzz/explored))

# One rule for all: depends on every source and header, built in one go.
define fuzzer
$(FUZZ_OUT)/fuzz_$1: $(ROOT)/tests/fuzz/fuzz_$1.c $$(addprefix $(ROOT)/,$$(fuzz_$1_sources)) \
		$(fuzz_headers)
	@mkdir -p $$(@D)
	$(FUZZ_CC) $(FUZZ_CFLAGS) $$(fuzz_$1_cflags) -o $$@ $$(filter %.c,$$^) $$(fuzz_$1_libs)

.PHONY: fuzz-$1
fuzz-$1: $(FUZZ_OUT)/fuzz_$1
	@mkdir -p $(FUZZ_OUT)/corpus/$1
	cd $(FUZZ_OUT) && $$(fuzz_$1_env) ./fuzz_$1 -max_total_time=$$(or $$(fuzz_$1_seconds),$(FUZZ_SECONDS)) -max_len=16384 \
		-seed=$(FUZZ_SEED) -timeout=10 -verbosity=0 -print_final_stats=1 -artifact_prefix=$(FUZZ_OUT)/$1- \
		corpus/$1 $$(or $$(fuzz_$1_seeds),$(ROOT)/tests/fuzz/corpus/$1)
endef
$(foreach name,$(FUZZERS),$(eval $(call fuzzer,$(name))))

.PHONY: fuzz-build fuzz-smoke
fuzz-build: $(FUZZERS:%=$(FUZZ_OUT)/fuzz_%)
# The first one that finds something ends the run.
fuzz-smoke: $(FUZZERS:%=fuzz-%)
	@echo "$(words $(FUZZERS)) passed, 0 failed"
