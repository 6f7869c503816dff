# SPDX-License-Identifier: GPL-2.0-or-later
# One list for the program, its unit tests and its fuzzer. Needs $(root).

# Pure: no effect on the host, and all that tests and the fuzzer need.
aosctl_pure := say.c prefix.c reader.c config.c rules.c steering_rules.c stats.c said.c \
	latency.c \
	image.c file.c bootinfo.c reasons.c reply.c probe.c explain.c pcapng.c held.c
aosctl_sources := $(aosctl_pure) check.c host.c state.c access.c others.c instance.c ethtool.c \
	modules.c node.c links.c sysctl.c flow.c route.c program.c program_rules.c redirect.c xdp.c answers.c steering.c change.c running.c parts.c remarks.c reload.c steer.c flows.c fib.c \
	world.c explain_show.c capture.c drops.c notify.c process.c shared.c daemon.c proxy_page.c proxy_move.c proxy.c launch.c preflight.c tuning.c doctor.c check_json.c up.c down.c \
	control.c components.c composition.c admit.c settings.c settings_apply.c settings_reload.c said_show.c show.c show_stats.c show_latency.c versions.c places.c help.c commands.c main.c

# The admission test: coslink's own.
aosctl_admission := admission.c admission_text.c duration.c pool.c response.c

aosctl_cflags := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wshadow \
	-Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla \
	-Wno-missing-field-initializers \
	-I$(root)/tools/aosctl -I$(root)/hijack -I$(root)/aos/include -I$(root)
aosctl_libs := -lconfig -ljansson -lbpf -lelf -lz -lpcap -ltraceevent -lm

# The steering programs, for the machine that the kernel makes of it: $(1) is the
# object file, $(2) the embedded one.
BPF_CC ?= clang
bpf_cflags := -target bpf -O2 -g -Wall -Wextra -Werror -I$(root) \
	-idirafter /usr/include/$(shell $(CC) -print-multiarch)
bpf_sources := $(wildcard $(root)/cosnet/xdp/*) $(root)/cosnet/uapi/cosnet.h

define xdp_object
$(1): $(bpf_sources) $(root)/tools/aosctl/sources.mk
	@mkdir -p $$(@D)
	$(BPF_CC) $(bpf_cflags) -c -o $$@ $(root)/cosnet/xdp/steer.bpf.c
$(dir $(1))answer.bpf.o: $(bpf_sources) $(root)/tools/aosctl/sources.mk
	@mkdir -p $$(@D)
	$(BPF_CC) $(bpf_cflags) -c -o $$@ $(root)/cosnet/xdp/answer.bpf.c
$(2): $(root)/tools/aosctl/xdp_object.S $(1) $(dir $(1))answer.bpf.o
	$(CC) -DXDP_OBJECT='"$(1)"' -DANSWER_OBJECT='"$(dir $(1))answer.bpf.o"' -c -o $$@ $$<
endef
