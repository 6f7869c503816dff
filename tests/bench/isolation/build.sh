# SPDX-License-Identifier: GPL-2.0-or-later
# Builds one_program, see one_program.c. Of tests/bench/programs.sh, whose variables it uses.

one_program_build() {
	local net=$root/tests/unit/net objects=$root/build/components/obj include=() component
	# components/component.mk has their reasons
	local like_components=(-O2 -std=gnu11 -fno-stack-protector -mgeneral-regs-only -mno-red-zone
		-fno-asynchronous-unwind-tables -fcf-protection=none -fno-jump-tables
		-ffunction-sections -fno-tree-loop-distribute-patterns -fno-common -w)
	include=(-I"$net" -I"$root"/components/{lwip/port,lwip,include,vnic,udpapp,bench,feeder}
		-I"$root/build/lwip/src/include" -I"$root/aos/include")
	for component in vnic lwip udpapp feeder; do
		mkdir -p "$work/components/$component"
		(cd "$work/components/$component" &&
			gcc "${like_components[@]}" -DWORLD_COMPONENT="\"$component\"" "${include[@]}" \
				-c "$root/components/$component"/*.c)
	done
	# what only tests call wants cmocka, and is not linked
	gcc "${flags[@]}" -ffunction-sections -Wl,--gc-sections "${include[@]}" \
		-Wl,--wrap=aos_tsc,--wrap=aos_tsc_near -o "$bin/one_program" \
		"$here/isolation/one_program.c" "$net/world.c" "$root/components/lib/histogram.c" \
		"$root/components/bench/samples.c" "$work/components"/*/*.o \
		"$objects/lwip/foreign"/*.o "$objects/lib/string.c.o"
}
