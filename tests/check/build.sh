# SPDX-License-Identifier: GPL-2.0-or-later
# Checks that build something.  All of it goes to build/check; nobody else's
# objects are touched, and none of an earlier run are believed: a warning is
# printed by the compilation that finds it, and by no later one.

releases() {
	ls "$out/kmod" 2>/dev/null
}

modules_build() {
	rm -rf "$out/kmod"
	make --no-print-directory -C "$root" modules "B=$out" W=1 >"$out/make.log" 2>&1
}

# For the checks that need the modules, should `modules` not be one of them.
modules_needed() {
	[[ -n $modules_built ]] && return
	modules_built=1
	modules_build
}

# Paths as in the sources, whatever the copy's place.
relative() { # DIRECTORY
	sed "s|$1/||g; s|$root/||g"
}

check modules 'the modules build for every kernel (stock, rt), W=1, without one warning'
check_modules() {
	local release status=0
	modules_built=1
	if ! modules_build; then
		relative "$out/kmod/[^/]*" <"$out/make.log"
		return 1
	fi
	for release in $(releases); do
		! grep -v '^Skipping BTF generation for' "$out/kmod/$release/build.log" |
			relative "$out/kmod/$release" | sed "s/\$/ [$release]/" | grep . || status=1
	done
	if [[ -z $(releases) ]]; then
		echo "no kernel's headers are installed: run tools/pkgs/install"
		return 1
	fi
	return $status
}

check sparse 'sparse has nothing to say about hijack, cosnet, aos'
check_sparse() {
	local release status=0 log
	type -P sparse >/dev/null || { cannot_run "sparse is not installed"; return; }
	modules_needed || { echo "the modules do not build"; return 1; }
	for release in $(releases); do
		log=$out/kmod/$release/sparse.log
		make -s -C "/lib/modules/$release/build" "M=$out/kmod/$release" W=1 C=2 modules \
			>"$log" 2>&1 || status=1
		! grep -v '^Skipping BTF generation for' "$log" |
			relative "$out/kmod/$release" | sed "s/\$/ [$release]/" | grep . || status=1
	done
	return $status
}

# The module's instructions with what each refers to, below their function.
disassemble() { # MODULE
	objdump -dr --no-show-raw-insn -j .text -j .text.unlikely -j .init.text -j .exit.text \
		-j .noinstr.text "$1" 2>/dev/null
}

# The one plain return there is: under KPTI the ring-3 root may be loaded,
# which does not map the host's return thunk; speculation is caught in a loop
# (hijack_jump_to_stack in entry.S).
plain_returns='hijack_jump_to_stack'

check returns 'no return but through the thunk, no indirect jump or call, in the modules'
check_returns() {
	local module release status=0
	modules_needed || { echo "the modules do not build"; return 1; }
	for release in $(releases); do
		for module in "$out/kmod/$release"/*.ko; do
			disassemble "$module" | awk -v allowed="$plain_returns" \
				-v where="${module##*/} [$release]" '
			# Paravirt calls are patched into direct ones when the module is loaded.
			function wrong(what) { print where ": " what " in " name; bad = 1 }
			pending && !/R_X86_64_.*pv_ops/ { wrong(pending) }
			{ pending = "" }
			/^[0-9a-f]+ <.*>:$/ { name = substr($2, 2, length($2) - 3); next }
			/\t(rep |bnd |repz )?ret[qlw]?( |$)/ {
				if (name != allowed || ++seen > 1)
					wrong("a plain return")
			}
			/\t(notrack |bnd )?(call|jmp)[qlw]? +\*/ {
				pending = "an indirect " ($0 ~ /\tcall|call/ ? "call" : "jump")
			}
			END { if (pending) wrong(pending); exit bad }' || status=1
		done
	done
	return $status
}

# ---- headers ----

header_alone() { # HEADER FLAGS...
	local header=$1
	shift
	gcc -std=gnu11 -fsyntax-only -Wall -Wextra -Werror "$@" -x c "$header" 2>&1
}

headers_freestanding() {
	local header status=0 flags lwip=$root/build/lwip/src/include
	flags=(-ffreestanding -nostdinc -isystem "$(gcc -print-file-name=include)"
		-Iaos/include -Iaos -Icomponents/include)
	for header in $(files '\.h$' aos components); do
		case $header in
		components/lwip/port/*) continue ;;	# stands in for upstream's own
		components/lwip/*)
			[[ -d $lwip ]] || continue
			header_alone "$header" "${flags[@]}" -Wno-address -Icomponents/lwip/port/libc \
				-Icomponents/lwip/port -Icomponents/lwip "-I$lwip" ;;
		*)
			header_alone "$header" "${flags[@]}" ;;
		esac || status=1
	done
	return $status
}

headers_hosted() {
	local header status=0
	for header in $(files '\.h$' tools); do
		header_alone "$header" -D_GNU_SOURCE -I"$(dirname "$header")" -Iaos/include -Ihijack -I. ||
			status=1
	done
	return $status
}

# Below the kernel's own flags: one source per header, compiled, never linked.
headers_kernel() { # RELEASE
	local dir=$out/headers/$1 header name objects=()
	rm -rf "$dir"
	mkdir -p "$dir"
	for header in $(files '\.h$' hijack cosnet aos/include/abi); do
		! grep -q '^\.macro' "$header" || continue	# for entry.S
		name=${header//[\/.]/_}
		printf '#include "%s"\n#include "%s"\n' "$header" "$header" >"$dir/$name.c"
		objects+=("$name.o")
	done
	echo "ccflags-y := -I$root -I$root/aos/include -I$root/aos -Wall -Werror" >"$dir/Kbuild"
	make -s -C "/lib/modules/$1/build" "M=$dir" "${objects[@]}" >"$dir/log" 2>&1 && return
	grep -vE '^make|recipe for target' "$dir/log" | relative "$dir"
	return 1
}

check headers 'every header compiles alone'
check_headers() {
	local status=0 release
	headers_freestanding || status=1
	headers_hosted || status=1
	release=$("$root/tools/vm/release" stock)
	if [[ -z $release ]]; then
		echo "no kernel's headers are installed: run tools/pkgs/install"
		return 1
	fi
	headers_kernel "$release" || status=1
	return $status
}

check prefixes "symbols that cross a module's files say whose they are"
check_prefixes() {
	local dir object file status=0
	modules_needed || { echo "the modules do not build"; return 1; }
	dir=$out/kmod/$(releases | head -n1)
	for object in "$dir"/{hijack,cosnet,aos/core}/*.o; do
		file=${object#"$dir/"}
		# hal_: the contract of aos/hal.h; op_: a system call; ring_, ip_: cosnet's ring; regs_: saved registers
		nm -g --defined-only "$object" | awk -v source="${file%.o}" -v noun="$(basename "$file" .o)" '
		$2 !~ /[TDBRW]/ || $3 ~ /^(__|init_module|cleanup_module)/ { next }
		$3 !~ "^(hijack|cosnet|aos|hal|op|ring|ip|regs|" noun ")_" {
			print source ": " $3 " crosses files without the prefix of its file or module"
			bad = 1
		}
		END { exit bad }' || status=1
	done
	return $status
}
