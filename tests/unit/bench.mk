# SPDX-License-Identifier: GPL-2.0-or-later
# What tests/bench counts with: make -f tests/unit/bench.mk check-bench
ROOT ?= $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..)
BENCH_OUT ?= $(ROOT)/build/tests/bench

$(BENCH_OUT)/test_bench_events: $(addprefix $(ROOT)/tests/,unit/test_bench_events.c \
		bench/events/decode.c bench/events/decode.h)
	@mkdir -p $(@D)
	gcc -O1 -g -std=gnu11 -Wall -Wextra -Werror -fsanitize=address,undefined \
		-fno-sanitize-recover=all -I$(ROOT)/tests/bench/events -o $@ $(filter %.c,$^) -lcmocka

.PHONY: check-bench
check-bench: $(BENCH_OUT)/test_bench_events
	@$<
