# SPDX-License-Identifier: GPL-2.0-or-later
# What tests/bench counts and judges with: make -f tests/unit/bench.mk check-bench
ROOT ?= $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..)
BENCH_OUT ?= $(ROOT)/build/tests/bench
BENCH := $(ROOT)/tests/bench
BENCH_CC := gcc -O1 -g -std=gnu11 -Wall -Wextra -Werror -fsanitize=address,undefined \
	-fno-sanitize-recover=all

$(BENCH_OUT)/test_bench_events: $(ROOT)/tests/unit/test_bench_events.c \
		$(BENCH)/events/decode.c $(BENCH)/events/decode.h
	@mkdir -p $(@D)
	$(BENCH_CC) -I$(BENCH)/events -o $@ $(filter %.c,$^) -lcmocka

$(BENCH_OUT)/test_bench_results: $(ROOT)/tests/unit/test_bench_results.c \
		$(filter-out %/main.c,$(wildcard $(BENCH)/results/*.c)) $(wildcard $(BENCH)/results/*.h) \
		$(ROOT)/tools/replay/gnuplot.c
	@mkdir -p $(@D)
	$(BENCH_CC) -I$(BENCH)/results -I$(ROOT)/tools/replay -DBENCH_DATA='"$(ROOT)/tests/bench"' -o $@ $(filter %.c,$^) \
		-lcmocka -ljansson -lm

.PHONY: check-bench
check-bench: $(BENCH_OUT)/test_bench_events $(BENCH_OUT)/test_bench_results
	@$(BENCH_OUT)/test_bench_events
	@$(BENCH_OUT)/test_bench_results
