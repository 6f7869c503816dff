# SPDX-License-Identifier: GPL-2.0-or-later
# The entry for people: `make help`.  Everything built goes to build/.

B := $(CURDIR)/build
bin := $(B)/bin

# Kernels the modules are built for: the distribution's current ones, or
# KERNELS="..." of your own whose headers are installed.
stock := $(shell tools/vm/release stock 2>/dev/null)
rt := $(shell tools/vm/release rt 2>/dev/null)
KERNELS ?= $(stock) $(rt)

compositions := $(patsubst config/%.composition,%,$(wildcard config/*.composition))
images := $(compositions:%=$(B)/images/%.img) $(addprefix $(B)/images/,test-second.img \
	test-settings-more.img test-settings-less.img)

cpus := $(shell nproc)
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.PHONY: help all packages tools components images modules appliance run test unit check \
	vm-test fuzz mutations bench bench-quick up down clean FORCE run-built

help:
	@echo "make run          build everything, boot a stock kernel in QEMU, replay a capture through it"
	@echo "                  PCAP=file SPEED=1|N|max  another capture, another speed"
	@echo "make test         unit tests, static checks and all cases in the VM"
	@echo "make unit         the unit tests alone (no VM)"
	@echo "make check        static checks: warnings, sparse, headers, layering, objtool, returns"
	@echo "make vm-test      the cases in the VM; CASES='name ...' picks some"
	@echo "make fuzz         longer fuzzing; SECONDS_EACH=n"
	@echo "make mutations    take each guard away once and see its test turn red (long)"
	@echo "make bench        instruction counts of all paths, ours and Linux's, from icount boots;"
	@echo "                  fails if a ratio got worse. QUICK=1: fewer samples, a few minutes."
	@echo "                  As root on real hardware: cycles of operations, too"
	@echo "make up, down     the appliance on this very machine (needs root)"
	@echo "make all          build only: tools, modules, components, boot images"
	@echo "make clean        remove build/"

all: packages
	@$(MAKE) --no-print-directory -j$(cpus) appliance

packages:
	@tools/pkgs/install

# ---- tools ---------------------------------------------------------------

tools: $(bin)/coslink $(bin)/aosctl $(bin)/replay $(bin)/kmux $(bin)/udp_echo $(B)/lib/libtranslator.a

$(bin)/udp_echo: tools/demo/udp_echo.c tools/replay/receive_room.c
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -O2 -Wall -Wextra -Werror -Itools/replay -static -o $@ $^
$(bin)/coslink: FORCE
	@$(MAKE) --no-print-directory -s -C tools/coslink OUT=$(bin)
$(bin)/aosctl: FORCE
	@$(MAKE) --no-print-directory -s -C tools/aosctl OUT=$(bin) STATIC=1
$(bin)/replay: FORCE
	@$(MAKE) --no-print-directory -s -C tools/replay OUT=$(bin)
$(bin)/kmux: FORCE
	@$(MAKE) --no-print-directory -s -C tools/kmux OUT=$(bin)

$(B)/lib/libtranslator.a: FORCE
	@$(MAKE) --no-print-directory -s -C lib/translator OUT=$(B)/lib

# ---- components and boot images --------------------------------------------

components: FORCE
	@$(MAKE) --no-print-directory -s -C components OUT=$(B)

images: $(images)

define link-image
	@mkdir -p $(@D)
	@$(bin)/coslink --composition $< --objects $(B)/components --output $@.new \
		--report $(@:.img=.map)
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
endef

$(B)/images/%.img: config/%.composition $(wildcard config/*.inc) components $(bin)/coslink
	$(link-image)

# The appliance once more, for a second instance beside it.
$(B)/images/test-second.img: $(B)/images/test-second.composition components $(bin)/coslink
	$(link-image)
$(B)/images/test-second.composition: config/appliance.composition
	@mkdir -p $(@D)
	@sed 's/cos0/cos1/g' $< >$@

# The appliance with budgets for packets and control plane, and with other settings of the same
# kinds; with what the admission test counts beside them.
settings_more := server = "sporadic"; period = "20ms"; budget = "10ms"
settings_less := server = "sporadic"; period = "40ms"; budget = "400us"
settings_ctl := server = "sporadic"; period = "20ms"; budget = "5ms"; critical = "2ms"
$(B)/images/test-settings-%.img: $(B)/images/test-settings-%.composition components $(bin)/coslink
	$(link-image)
$(B)/images/test-settings-%.composition: config/appliance.composition Makefile
	@mkdir -p $(@D)
	@sed -e '/vnic_rx_main/s/ }/ $(settings_$*); }/' -e '/ctl_main/s/ }/ $(settings_ctl); }/' \
		-e '/^version/s/$$/ overhead = "10us";/' $< >$@

.SECONDARY: $(B)/images/test-settings-more.composition $(B)/images/test-settings-less.composition

# ---- kernel modules: a copy of the sources per kernel, updated in place --------

modules: $(KERNELS:%=modules-%)

modules-%: FORCE
	@mkdir -p $(B)/kmod/$*
	@cp -ru Kbuild hijack cosnet aos $(B)/kmod/$*/
	@$(MAKE) --no-print-directory -s -C /lib/modules/$*/build M=$(B)/kmod/$* modules \
		>$(B)/kmod/$*/build.log 2>&1 || { cat $(B)/kmod/$*/build.log; exit 1; }

# ---- the appliance: what goes onto a machine, per kernel -----------------------

appliance: $(KERNELS:%=appliance-%)

# Manual pages, completion, systemd's unit and the list of modules.
beside_aosctl := $(addprefix tools/aosctl/,aosctl.8 aosctl.conf.5 aosctl.bash aos@.service \
	aos.modules-load)

appliance-%: modules-% images $(bin)/aosctl $(bin)/replay $(bin)/kmux
	@mkdir -p $(addprefix $(B)/appliance/$*/,sbin modules etc share)
	@cp -u $(bin)/aosctl $(bin)/kmux $(B)/appliance/$*/sbin/
	@cp -u $(beside_aosctl) $(B)/appliance/$*/share/
	@cp -u $(B)/kmod/$*/hijack.ko $(B)/kmod/$*/cosnet.ko $(B)/appliance/$*/modules/
	@strip --strip-debug $(B)/appliance/$*/modules/*.ko
	@cp -u config/appliance.conf config/proxy.conf config/60-translator.rules \
		$(B)/images/proxy.img $(B)/appliance/$*/etc/
	@cp -u $(B)/images/appliance.img $(B)/appliance/$*/etc/boot.img

# ---- what people come for ------------------------------------------------------

# A second make, since the list of kernels is known only with the packages there.
run: packages
	@$(MAKE) --no-print-directory run-built

run-built: appliance-$(stock) $(bin)/udp_echo
	@tools/demo/run --pcap $(or $(PCAP),tests/data/mixed.pcap) --speed $(or $(SPEED),1)

# ---- tests -----------------------------------------------------------------

test: packages
	@$(MAKE) --no-print-directory all
	@tests/run

unit: packages
	@$(MAKE) --no-print-directory $(bin)/coslink
	@tests/run unit

check: packages
	@tests/run check

vm-test: packages
	@$(MAKE) --no-print-directory all
	@CASES="$(CASES)" tests/run vm

fuzz: packages
	@$(MAKE) --no-print-directory -s -f tests/fuzz/fuzz.mk fuzz-smoke \
		FUZZ_SECONDS=$(or $(SECONDS_EACH),600)

# Every guard taken away once: its test must turn red.
mutations: packages
	@tests/mutations/run $(CASES)

bench: packages
	@$(MAKE) --no-print-directory appliance-$(stock)
	@tests/bench/run $(if $(QUICK),--quick)

bench-quick:
	@$(MAKE) --no-print-directory bench QUICK=1

# ---- this very machine -------------------------------------------------------

# Modules for the kernel that runs, then the same as in the VM.  'aosctl doctor'
# says what the host lacks, before anything is built for it.
here := $(shell uname -r)
installed := $(B)/appliance/$(here)

up: packages
	@$(MAKE) --no-print-directory $(bin)/aosctl
	@$(bin)/aosctl doctor >$(B)/doctor 2>&1 || { cat $(B)/doctor; exit 1; }
	@test -d /lib/modules/$(here)/build || { echo "make up: the headers of the running kernel are missing: apt-get install linux-headers-$(here)" >&2; exit 1; }
	@$(MAKE) --no-print-directory appliance-$(here)
	@$(installed)/sbin/aosctl up -c $(or $(CONF),$(installed)/etc/appliance.conf)

down:
	@if test -x $(installed)/sbin/aosctl; then $(installed)/sbin/aosctl down; \
	else echo "nothing was ever started here"; fi

clean:
	rm -rf $(B)

FORCE:
