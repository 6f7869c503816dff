# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of tools/replay under AddressSanitizer and UBSan. Included by the
# makefile of the unit tests, or used alone: make -f tests/unit/replay.mk check-replay
ROOT ?= $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..)
REPLAY_OUT ?= $(ROOT)/build/tests/replay
# For recipes, which are read when the list of makefiles has grown.
replay_root := $(ROOT)
replay_out := $(REPLAY_OUT)
include $(ROOT)/tools/replay/sources.mk

REPLAY_CC ?= gcc
REPLAY_SANITIZE ?= -fsanitize=address,undefined -fno-sanitize-recover=all
REPLAY_TEST_CFLAGS := -O1 -g -std=gnu11 -Wall -Wextra -Werror $(REPLAY_SANITIZE) \
	-I$(ROOT)/tools/replay -DREPLAY_MANUAL='"$(ROOT)/tools/replay/replay.1"'

REPLAY_OBJECTS := $(REPLAY_SOURCES:%.c=$(REPLAY_OUT)/%.o)
# Helpers that several tests share: a capture writer, a host on the wire, runs.
REPLAY_HELPERS := $(addprefix $(REPLAY_OUT)/,replay_pcap.o replay_peer.o replay_run.o)
REPLAY_TESTS := test_replay_capture test_replay_frame test_replay_match \
	test_replay_options test_replay_plan test_replay_streams \
	test_replay_times test_replay_way test_replay_wire

$(REPLAY_OUT)/%.o: $(ROOT)/tools/replay/%.c
	@mkdir -p $(@D)
	$(REPLAY_CC) $(REPLAY_TEST_CFLAGS) -MMD -c -o $@ $<

$(REPLAY_OUT)/%.o: $(ROOT)/tests/unit/%.c
	@mkdir -p $(@D)
	$(REPLAY_CC) $(REPLAY_TEST_CFLAGS) -MMD -c -o $@ $<

$(REPLAY_TESTS:%=$(REPLAY_OUT)/%): %: %.o $(REPLAY_HELPERS) $(REPLAY_OBJECTS)
	$(REPLAY_CC) $(REPLAY_TEST_CFLAGS) -o $@ $^ -lcmocka $(REPLAY_LIBS)

# The tool as it is shipped, in network namespaces, against a real service.
$(REPLAY_OUT)/bin/udp_echo: $(ROOT)/tools/demo/udp_echo.c $(ROOT)/tools/replay/receive_room.c
	@mkdir -p $(@D)
	$(REPLAY_CC) -std=gnu11 -O2 -Wall -Wextra -Werror -I$(replay_root)/tools/replay -static -o $@ $^
.PHONY: replay-bin
replay-bin: $(REPLAY_OUT)/bin/udp_echo
	@$(MAKE) -s --no-print-directory -C $(replay_root)/tools/replay OUT=$(replay_out)/bin

# A schedule is kept and stamps are taken in time, as by whoever measures: other tests may have the
# CPUs meanwhile.  Where no process may be more urgent than others they do without.
replay_urgent := $(shell chrt -f 1 true 2>/dev/null && echo chrt -f 1)

.PHONY: check-replay
check-replay: $(REPLAY_TESTS:%=$(REPLAY_OUT)/%) replay-bin
	@set -e; for t in $(REPLAY_TESTS:%=$(replay_out)/%); do $(replay_urgent) $$t; done
	@$(replay_urgent) $(replay_root)/tests/unit/replay_netns.sh $(replay_out)/bin

-include $(wildcard $(REPLAY_OUT)/*.d)
