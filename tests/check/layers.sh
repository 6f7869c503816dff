# SPDX-License-Identifier: GPL-2.0-or-later
# Who may know what: the borders between the parts, as patterns over the code
# without its comments.

c_or_asm='\.[chS]$'

check linux-headers 'aos/ and components/ include nothing of Linux (but abi/types.h, which chooses)'
check_linux-headers() {
	code_in "$c_or_asm" aos components | not_from 'aos/include/abi/types\.h' |
		text_matches '#[[:space:]]*include[[:space:]]*[<"](linux|asm|asm-generic|uapi|net)/' |
		mistakes "a Linux header"
}

check hal 'aos/core includes its own headers, the shared ones, and nothing else'
check_hal() {
	code_in '\.[ch]$' aos/core | text_matches '#[[:space:]]*include' |
		grep -vE '"(aos|abi|x86_64)/[a-z0-9_]+\.h"' |
		mistakes "the AOS talks to the world through aos/hal.h"
}

check conditionals 'no conditional compilation in aos/, components/; 2 per 1000 lines in the modules'
check_conditionals() {
	local lines found status=0
	local directive='^[[:space:]]*#[[:space:]]*(if|ifdef|ifndef|elif|else)\b'
	code_in '\.c$' aos components | grep -E "^[^:]*:[0-9]+:${directive#^}" |
		mistakes "conditional compilation" || status=1
	found=$(code_in '\.c$' hijack cosnet | grep -E "^[^:]*:[0-9]+:${directive#^}")
	lines=$(files '\.c$' hijack cosnet | xargs cat | wc -l)
	if (($(grep -c . <<<"$found") * 1000 > 2 * lines)); then
		mistakes "more than 2 conditionals per 1000 lines" <<<"$found"
		status=1
	fi
	return $status
}

check kernel-versions 'kernel versions are compared in a compat.h only'
check_kernel-versions() {
	code_in "$c_or_asm" . | not_from '.*/compat\.h' |
		text_matches 'LINUX_VERSION_CODE|KERNEL_VERSION\(' | mistakes "kernel version"
}

# Which C file may touch which of the CPU's registers; entry.S and its macros
# need no permission.
check cpu-registers 'entry points, CR3 and segment bases are touched where they belong'
check_cpu-registers() {
	local status=0 list
	list=$(code_in '\.[ch]$' hijack cosnet aos | not_from 'hijack/entry_macros\.h')
	register_rule 'wr_?msr' \
		'hijack/(scope|host|upcall)\.c' 'writes an MSR'
	register_rule 'wr_?msr[a-z_]*\((?!MSR_KERNEL_GS_BASE)' \
		'hijack/scope\.c' 'writes an MSR that is not the GS base'
	register_rule 'rd_?msr' \
		'hijack/(scope|idt|boot_values|host|refuse)\.c' 'reads an MSR'
	register_rule '\bMSR_(?!KERNEL_GS_BASE)[A-Z]' \
		'hijack/(scope|idt|boot_values)\.c' 'names an entry-point MSR'
	register_rule '\b(native_)?load_idt\b|\blidt\b' \
		'hijack/(scope|idt)\.c' 'loads the IDT register'
	register_rule '\b(native_)?store_idt\b|\bsidt\b' \
		'hijack/(scope|idt|boot_values)\.c' 'reads the IDT register'
	register_rule 'write_cr3' \
		'hijack/(scope|hal)\.c' 'writes CR3'
	register_rule 'write_cr[048]|cr4_(set|clear)|native_(load|set)_(gdt|tr|ldt)' \
		'none' "writes a register that is Linux's"
	register_rule '\b(wr|rd)[fg]sbase\(' \
		'hijack/(host|upcall)\.c' 'touches a segment base'
	return $status
}

# Uses the caller's list and status.
register_rule() { # PERL-REGEX FILES-ALLOWED MESSAGE
	grep -P -- "^[^:]*:[0-9]+:.*$1" <<<"$list" | not_from "$2" |
		mistakes "$3" || status=1
}

check bfd "one file of the linker knows libbfd"
check_bfd() {
	local found
	found=$(code_in '\.[ch]$' tools | text_matches 'include[[:space:]]*[<"]bfd\.h')
	(($(grep -c . <<<"$found") == 1)) || mistakes "bfd.h is for one file" <<<"$found"
}

# A displacement written as a number must be a multiple of the word: 8, k*8 or
# 8*k, places in a frame that the CPU or a push above has made.  Everything
# else has a name from asm-offsets.h.
check displacements 'assembly names the fields it reaches'
check_displacements() {
	code_in '\.S$' . |
		sed -E 's/(^|[^0-9a-zA-Z_*])([0-9]+\*8|8\*([0-9]+|\([^()]*\))|8)\(%/\1(%/g' |
		text_matches '(^|[^0-9a-zA-Z_])(0x)?[0-9]+\(%' | mistakes "a displacement without a name"
}

ip4='[0-9]{1,3}(\.[0-9]{1,3}){3}'
colons='[0-9a-fA-F]{1,4}:[0-9a-fA-F]{0,4}:[0-9a-fA-F]{0,4}'
bytes6='((0x)?[0-9a-fA-F]{1,2},[[:space:]]*){5}(0x)?[0-9a-fA-F]{1,2} }'
hex4='0x(0a[0-9a-f]{6}|7f[0-9a-f]{6}|c0a8[0-9a-f]{4}|ac1[0-9a-f]{5})([^0-9a-f]|$)'
# Two ends on one machine need no configuration: QEMU's wire.
this_machine='127\.0\.0\.1'
# The default of an option whose help says it.
mac_default='tools/replay/options(_link)?\.c:[0-9]+:.*(52:54:00:72:70:01|0x52, 0x54, 0, 0x72, 0x70, 1 )'

check addresses 'no IPv4, IPv6 or MAC address in code: they are configuration'
check_addresses() {
	code_in '\.[ch]$' hijack cosnet aos components tools |
		sed "s/$this_machine//" | grep -vE "$mac_default" |
		text_matches "\"[^\"]*($ip4|$colons)|$bytes6|$hex4" | mistakes "an address"
}

check panics 'nothing that a component, a user or a packet sends can panic the host'
check_panics() {
	code_in '\.[ch]$' hijack cosnet aos |
		text_matches '(^|[^A-Z_a-z])(BUG|BUG_ON|VM_BUG_ON|panic|do_exit)\(' |
		mistakes "ends the host, or a thread of it"
}

check exits 'a tool ends in its main.c only'
check_exits() {
	code_in '\.[ch]$' tools components | not_from '.*/main\.c' |
		text_matches '(^|[^A-Za-z_0-9])exit\(' | mistakes "leaves the program"
}

check allocations 'the component kernel and the components allocate nothing'
check_allocations() {
	code_in '\.[ch]$' aos components | not_from 'components/lwip/port/.*' |
		text_matches '(^|[^A-Za-z_0-9])(malloc|calloc|realloc|kmalloc|kzalloc|vmalloc)\(' |
		mistakes "allocates memory"
}

# The other end may change a descriptor at any moment, so it is copied field
# by field, and from there on only the copy counts.  No run of a test can be
# sure to hit the moment between two reads.
check reads-once 'what the other end of a ring writes is read once, and through READ_ONCE'
check_reads-once() {
	local status=0
	code cosnet/ring_host.[ch] components/vnic/*.c | text_matches '\bshared\b' |
		sed -E 's/READ_ONCE\(shared->[a-z]+\)//; s/\*shared = &[^;]*;//' |
		text_matches '\bshared\b' | mistakes "memory of the other end" || status=1
	code cosnet/ring_host.[ch] | grep -oE '^[^:]*:[0-9]+:|shared->[a-z]+' |
		awk '/:$/ { where = $0; next } seen[$0]++ { print where $0 }' |
		mistakes "read a second time" || status=1
	return $status
}
