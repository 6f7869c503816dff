# SPDX-License-Identifier: GPL-2.0-or-later
# Objects of hijack.ko, relative to the folder of the top Kbuild.
hijack-y := $(addprefix hijack/, main.o refuse.o entry.o dispatch.o scope.o idt.o entry_pages.o \
	      upcall.o regs.o timer.o mem.o host_pages.o log.o host.o idle.o hal.o fpu.o component_os.o channel.o boot_values.o \
	      chardev.o) \
	$(addprefix hijack/kmux/, entry.o filter.o log.o attachment.o thread.o hooks.o chardev.o) \
	$(addprefix hijack/translator/, translator.o drops.o chardev.o)
