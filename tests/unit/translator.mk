# SPDX-License-Identifier: GPL-2.0-or-later
# The translator's rings and records on the host: make -f tests/unit/translator.mk check-translator
ROOT := $(or $(ROOT),$(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..))
TRANSLATOR_OUT ?= $(ROOT)/build/tests/translator
TRANSLATOR_CFLAGS := -O2 -g -std=gnu11 -Wall -Wextra -Werror -I$(ROOT)/aos/include

# Two threads in one ring, under each sanitizer's own rules.
$(TRANSLATOR_OUT)/test_translator: $(ROOT)/tests/unit/test_translator.c $(wildcard $(ROOT)/aos/include/abi/*.h)
	@mkdir -p $(@D)
	gcc $(TRANSLATOR_CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=all -o $@ $< -lcmocka -lpthread
$(TRANSLATOR_OUT)/test_translator_races: $(ROOT)/tests/unit/test_translator.c $(wildcard $(ROOT)/aos/include/abi/*.h)
	@mkdir -p $(@D)
	gcc $(TRANSLATOR_CFLAGS) -fsanitize=thread -o $@ $< -lcmocka -lpthread

.PHONY: check-translator
check-translator: $(TRANSLATOR_OUT)/test_translator $(TRANSLATOR_OUT)/test_translator_races
	$(foreach t, $^, $(t) &&) true
