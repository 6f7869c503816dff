# SPDX-License-Identifier: GPL-2.0-or-later
# The AOS kernel's C files: one list for the module, the unit tests and the fuzzers.
AOS_SOURCES := boot.c budget.c call.c cap.c comp.c event.c fault.c frame.c hostmem.c invoke.c levels.c log.c op_comp.c \
	       op_event.c op_factory.c op_memory.c op_thread.c pager.c pgtbl.c scheduler.c syscall.c thread.c timer.c vector.c
