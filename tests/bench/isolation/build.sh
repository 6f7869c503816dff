# SPDX-License-Identifier: GPL-2.0-or-later
# Builds one_program, see one_program.c. Of tests/bench/programs.sh, whose variables it uses.

one_program_build() {
	local net=$root/tests/unit/net objects=$root/build/components/obj parts=$work/components
	local include=() component
	# components/component.mk has their reasons
	local like_components=(-O2 -std=gnu11 -fno-stack-protector -mgeneral-regs-only -mno-red-zone
		-fno-asynchronous-unwind-tables -fcf-protection=none -fno-jump-tables
		-ffunction-sections -fno-tree-loop-distribute-patterns -fno-common -w
		-flto -flto-partition=none)
	include=(-I"$net" -I"$root"/components/{lwip/port,lwip,include,vnic,udpapp,bench,feeder}
		-I"$root/build/lwip/src/include" -I"$root/aos/include")
	for component in vnic lwip udpapp feeder; do
		mkdir -p "$parts/$component"
		(cd "$parts/$component" &&
			gcc "${like_components[@]}" -DWORLD_COMPONENT="\"$component\"" "${include[@]}" \
				-c "$root/components/$component"/*.c)
	done
	part_link feeder "$parts"/{vnic,feeder}/*.o
	part_link lwip "$parts"/lwip/*.o "$objects"/lwip/foreign/*.o
	part_link udpapp "$parts"/udpapp/*.o
	# what only tests call wants cmocka, and is not linked
	gcc "${flags[@]}" -ffunction-sections -Wl,--gc-sections "${include[@]}" \
		-Wl,--wrap=aos_tsc,--wrap=aos_tsc_near -o "$bin/one_program" \
		"$here/isolation/one_program.c" "$net/world.c" "$root/components/lib/histogram.c" \
		"$root/components/bench/samples.c" "$parts"/{feeder,lwip,udpapp}.o \
		"$objects/lib/string.c.o"
}

part_link() { # NAME OBJECT...
	gcc "${like_components[@]}" -nostdlib -r -flinker-output=nolto-rel -o "$parts/$1.o" "${@:2}"
}
