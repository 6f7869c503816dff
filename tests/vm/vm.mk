# SPDX-License-Identifier: GPL-2.0-or-later
# The guest's programs, static.  Included by the top makefile, or used alone:
#	make -f tests/vm/vm.mk vm-programs
VM_ROOT ?= $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..)
VM_GUEST := $(VM_ROOT)/tests/vm/guest
VM_BIN := $(VM_ROOT)/build/bin/vm-tests
VM_PROGRAMS := $(patsubst $(VM_GUEST)/%.c,$(VM_BIN)/%,$(wildcard $(VM_GUEST)/*.c))

VM_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Werror -static \
	-I$(VM_ROOT) -I$(VM_ROOT)/hijack -I$(VM_ROOT)/aos/include

# XDP programs that are none of aosctl's.
VM_XDP := $(VM_BIN)/others.o $(VM_BIN)/programs.o
VM_BPF = clang -target bpf -O2 -g -Wall -Werror -I$(VM_ROOT) \
	-idirafter /usr/include/$(shell $(CC) -print-multiarch) -c -o $@

# The latency tester as it is shipped, but static, and what it replays.
VM_REPLAY := $(VM_BIN)/replay $(VM_BIN)/mixed.pcap

# What `make bench` measures with on hardware, and a judge of what comes out.
VM_BENCH := $(VM_BIN)/bench/bin/results

.PHONY: vm-programs
vm-programs: $(VM_PROGRAMS) $(VM_XDP) $(VM_REPLAY) $(VM_BENCH)

$(VM_BIN)/replay: $(wildcard $(VM_ROOT)/tools/replay/*.[ch] $(VM_ROOT)/tools/replay/*.mk)
	@mkdir -p $(@D)
	@$(MAKE) --no-print-directory -s -C $(VM_ROOT)/tools/replay OUT=$(VM_ROOT)/build/static STATIC=1 \
		LDFLAGS=-Wl,--no-warnings	# libpcap could ask for hosts' names
	@strip -o $@ $(VM_ROOT)/build/static/replay
$(VM_BIN)/mixed.pcap: $(VM_ROOT)/tests/data/mixed.pcap
	@mkdir -p $(@D)
	@cp $< $@

VM_RESULTS := $(wildcard $(VM_ROOT)/tests/bench/results/*.c) $(VM_ROOT)/tools/replay/gnuplot.c
$(VM_BENCH): $(VM_RESULTS) $(wildcard $(VM_ROOT)/tests/bench/*.[ch] $(VM_ROOT)/tests/bench/*/*.h) \
		$(addprefix $(VM_ROOT)/tests/bench/,run programs.sh local.sh machine hardware rows.hardware) \
		$(wildcard $(VM_ROOT)/build/images/*.img $(VM_ROOT)/config/*.conf)
	@$(VM_ROOT)/tests/bench/run --kit $(VM_BIN)/bench
	@$(CC) $(filter-out -g,$(VM_CFLAGS)) -I$(VM_ROOT)/tools/replay -o $@ $(VM_RESULTS) -ljansson -lm
	@strip $(VM_BIN)/bench/bin/*

$(VM_BIN)/others.o: $(wildcard $(VM_ROOT)/cosnet/xdp/*) $(VM_ROOT)/cosnet/uapi/cosnet.h
	@mkdir -p $(@D)
	@$(VM_BPF) $(VM_ROOT)/cosnet/xdp/steer.bpf.c
$(VM_BIN)/programs.o: $(VM_GUEST)/xdp/programs.bpf.c
	@mkdir -p $(@D)
	@$(VM_BPF) $<

# What a program is linked with: libtranslator where it is wanted.
$(VM_BIN)/talk: VM_SOURCES := $(VM_ROOT)/lib/translator/translator.c
$(VM_BIN)/talk: $(wildcard $(VM_ROOT)/lib/translator/*.[ch])

$(VM_BIN)/%: $(VM_GUEST)/%.c $(wildcard $(VM_GUEST)/*.h) $(wildcard $(VM_ROOT)/hijack/uapi/*.h) \
		$(wildcard $(VM_ROOT)/aos/include/abi/*.h)
	@mkdir -p $(@D)
	@$(CC) $(VM_CFLAGS) -pthread -o $@ $< $(VM_SOURCES)
	@strip $@
