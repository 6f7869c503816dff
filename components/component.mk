# SPDX-License-Identifier: GPL-2.0-or-later
# How one component's relocatable object is built.  $(eval $(call component,NAME))
# makes $(OUT)/components/NAME.o from NAME/*.c, NAME/*.S and the runtime in lib/.
#
# NAME/component.mk, if there is one, may set:
#   NAME_cflags		flags after the usual ones (include folders, macros)
#   NAME_foreign	absolute paths of upstream sources outside this tree
#   NAME_foreign_cflags	flags for those, e.g. -Wno-...; they come last
#   NAME_fp := y	the compiler may use vector and x87 registers: the composition
#			has to say fp = true
#   NAME_fp := asm	only what is written by hand uses them (tests)
#   NAME_lto := y	code is made of all its files at once, upstream's too, when they are
#			linked: on the way of a packet calls between them are inlined.  Not of
#			lib.a, since gcc itself may call what is in there as late as that.

CC ?= gcc
OBJDUMP ?= objdump

top := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))..)
here := $(top)/components

component-cppflags := -nostdinc -isystem $(shell $(CC) -print-file-name=include) \
	-I $(top)/aos/include -I $(here)/include
# Never a register that the AOS does not save, nor code that needs a run-time
# loader, a red zone, a canary or a jump table.  lib/string.c has what gcc wants
# of a freestanding environment, so it may do short copies in place (-fbuiltin).
component-cflags := -std=gnu11 -O2 -g -ffreestanding -fbuiltin -fpie -mcmodel=small \
	-fvisibility=hidden -mgeneral-regs-only -fno-stack-protector -mno-red-zone \
	-fno-asynchronous-unwind-tables -fcf-protection=none -fno-jump-tables \
	-ffunction-sections -fno-tree-loop-distribute-patterns -fno-common \
	-ffile-prefix-map=$(top)=. -Wall -Wextra -Werror

component-lto := -flto -flto-partition=none

objects-of = $(patsubst $(here)/%,$(OUT)/components/obj/%.o,$(wildcard $(here)/$1/*.c $(here)/$1/*.S))
foreign-of = $(patsubst %.c,$(OUT)/components/obj/$1/foreign/%.o,$(notdir $($1_foreign)))

compile = @mkdir -p $(@D); echo "  CC      $(patsubst $(top)/%,%,$<)"; \
	$(CC) $(component-cppflags) $(component-cflags) -MMD -MP

# The AOS keeps no vector or x87 state for a component that has not asked.
vector-registers := %[xyz]mm[0-9]|%st\b|%mm[0-7]
check-registers = if $(OBJDUMP) -d --no-show-raw-insn $1 | grep -E '$(vector-registers)'; then \
	echo "$1: vector or x87 instructions (above); only components with NAME_fp := y may have them" >&2; \
	rm -f $1; exit 1; fi

define foreign-object
$$(OUT)/components/obj/$1/foreign/$$(notdir $$(basename $2)).o: $2 $$(build-files)
	$$(compile) $$($1_cflags) $$($1_foreign_cflags) -c $$< -o $$@
endef

define component
-include $(here)/$1/component.mk
$$(if $$(filter y,$$($1_fp)),$$(eval $(OUT)/components/obj/$1/%: component-cflags := \
	$$(filter-out -mgeneral-regs-only,$(component-cflags))))
$$(if $$(filter y,$$($1_lto)),$$(eval $(OUT)/components/obj/$1/%: component-cflags += $(component-lto)))
$(OUT)/components/obj/$1/%.o: $(here)/$1/% $$(build-files)
	$$(compile) $$($1_cflags) -c $$< -o $$@
$$(foreach f,$$($1_foreign),$$(eval $$(call foreign-object,$1,$$f)))
$(OUT)/components/$1.o: $$(call objects-of,$1) $$(call foreign-of,$1) $(OUT)/components/lib.a
	@rm -f $$(filter-out $$^,$$(wildcard $$(OUT)/components/obj/$1/foreign/*.o))
	@echo "  LD      $$(notdir $$@)"
	@$$(CC) $$(if $$($1_lto),$$(component-cflags) $$(component-lto) -flinker-output=nolto-rel) \
		-nostdlib -r -o $$@ $$^
	@$$(if $$($1_fp),:,$$(call check-registers,$$@))
all: $(OUT)/components/$1.o
-include $$(patsubst %.o,%.d,$$(call objects-of,$1) $$(call foreign-of,$1))
endef
