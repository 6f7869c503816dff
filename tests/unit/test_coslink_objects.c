// SPDX-License-Identifier: GPL-2.0-or-later
/* Objects that must be refused, from wrong machines to single relocations. */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test_coslink.h"

#define REMEDY "give a relocatable ELF x86-64 object, made with gcc -c or ld -r"

static void bad_x(const char *wanted)
{
	rig_link_bad(WITH_X(""), wanted);
}

static void bad_source(const char *assembly, const char *wanted)
{
	rig_assemble("x.o", assembly);
	bad_x(wanted);
}

/* --- files --- */

static void test_missing(void **state)
{
	(void)state;
	unlink("x.o");
	bad_x("x.o: cannot open ./x.o: No such file or directory; build it or correct 'object' or --objects");
}

static void test_empty(void **state)
{
	(void)state;
	rig_write("x.o", "");
	bad_x("x.o: the file is not an ELF file; " REMEDY);
}

static void test_text(void **state)
{
	(void)state;
	rig_write("x.o", "int x_main(int a) { return a; }\n");
	bad_x("x.o: the file is not an ELF file; " REMEDY);
}

static void test_directory(void **state)
{
	(void)state;
	rig_shell("rm -f x.o; mkdir x.o");
	bad_x("x.o: cannot open ./x.o: not a regular file; build it");
	rig_shell("rmdir x.o");
}

static void test_archive(void **state)
{
	(void)state;
	rig_shell("rm -f x.o; ar rc x.o sched.o");
	bad_x("x.o: the file is not an ELF file; " REMEDY);
}

static void test_executable(void **state)
{
	(void)state;
	rig_shell("echo '.globl _start\n_start: ret' | as -o t.o - && ld -o x.o t.o");
	bad_x("x.o: the file is an executable; " REMEDY);
}

static void test_pie(void **state)
{
	(void)state;
	rig_shell("ld -pie -o x.o t.o");
	bad_x("x.o: the file is a shared library or position-independent executable; " REMEDY);
}

static void test_shared(void **state)
{
	(void)state;
	rig_shell("ld -shared -o x.o t.o");
	bad_x("x.o: the file is a shared library or position-independent executable; " REMEDY);
}

static void test_32_bit(void **state)
{
	(void)state;
	rig_shell("echo 'ret' | as --32 -o x.o -");
	bad_x("x.o: the file is a 32-bit ELF file; " REMEDY);
}

static void test_x32(void **state)
{
	(void)state;
	rig_shell("echo 'ret' | as --x32 -o x.o -");
	bad_x("x.o: the file is a 32-bit ELF file; " REMEDY);
}

/* Overwrite bytes of x.o. */
static void poke(size_t at, const void *bytes, size_t n)
{
	FILE *file = fopen("x.o", "r+");

	assert_non_null(file);
	assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	fclose(file);
}

static void test_other_machine(void **state)
{
	const uint16_t machine = EM_AARCH64;

	(void)state;
	rig_compile("x.o", "int x_main(int a) { return a; }");
	poke(offsetof(Elf64_Ehdr, e_machine), &machine, sizeof(machine));
	bad_x("x.o: the file is an object for another machine (ELF number 183); " REMEDY);
}

static void test_big_endian(void **state)
{
	const uint8_t order = ELFDATA2MSB;

	(void)state;
	rig_compile("x.o", "int x_main(int a) { return a; }");
	poke(EI_DATA, &order, 1);
	bad_x("x.o: the file is a big-endian ELF file; " REMEDY);
}

/* Cut the object after every possible byte: always an error, never a crash. */
static void test_truncated(void **state)
{
	size_t size;
	uint8_t *whole;

	(void)state;
	rig_compile("x.o", "int shared __attribute__((common)); int sched_wake(int);"
		    "int x_main(int a) { return sched_wake(a) + shared; }");
	whole = rig_read("x.o", &size);
	for (size_t n = 0; n < size; n += n < 512 || n + 2048 > size ? 1 : 13) {
		FILE *out = fopen("x.o", "w");

		fwrite(whole, 1, n, out);
		fclose(out);
		bad_x("x.o: ");
	}
	free(whole);
}

/* Damage: any verdict is right, as long as there is one. */
static void test_damaged(void **state)
{
	size_t size;
	uint8_t *whole;

	(void)state;
	rig_compile("x.o", "int shared __attribute__((common)); int sched_wake(int);"
		    "int x_main(int a) { return sched_wake(a) + shared; }");
	whole = rig_read("x.o", &size);
	srand(1);
	for (int i = 0; i < 2000; i++) {
		FILE *out = fopen("x.o", "w");
		size_t at = (size_t)rand() % size;

		fwrite(whole, 1, size, out);
		fclose(out);
		poke(at, &(uint8_t){ (uint8_t)rand() }, 1);
		rig_link(WITH_X("imports = [ \"sched\" ];"));
	}
	free(whole);
}

/* --- sections --- */

static void test_write_execute(void **state)
{
	(void)state;
	bad_source(".section .both,\"awx\"\n.globl x_main\nx_main: ret\n",
		   "x.o: .both+0x0: section is writable and executable; put code and data");
}

static void test_constructor(void **state)
{
	(void)state;
	rig_compile("x.o", "__attribute__((constructor)) void start(void) { __asm__ volatile(\"nop\"); } int x_main(int a) { return a; }");
	bad_x("x.o: .init_array+0x0: constructors and destructors are never run; call the function from");
}

static void test_destructor(void **state)
{
	(void)state;
	bad_source(".globl x_main\nx_main: ret\n.section .fini_array.5,\"aw\"\n.quad x_main\n",
		   "x.o: .fini_array.5+0x0: constructors and destructors are never run;");
}

static void test_thread_local(void **state)
{
	(void)state;
	rig_compile("x.o", "__thread int a = 5; int x_main(int b) { return a + b; }");
	bad_x("x.o: .tdata+0x0: there is no thread-local storage; use an array");
}

static void test_alignment(void **state)
{
	(void)state;
	bad_source(".globl x_main\nx_main: ret\n.data\n.balign 0x200000\n.quad 0\n",
		   "x.o: .data+0x0: alignment 2^21 is too large; use at most 1 MiB");
}

static void test_huge_bss(void **state)
{
	(void)state;
	bad_source(".globl x_main\nx_main: ret\n.bss\n.zero 0x7fffffff\n",
		   "sys.cfg:6: component 'x' does not fit: code, data and heap (as far as it may grow) may have 0x30000000 bytes together;");
}

static void test_huge_common(void **state)
{
	(void)state;
	bad_source(".globl x_main\nx_main: ret\n.comm a,0x7fffffffffffffff,1\n"
		   ".comm b,0x7fffffffffffffff,1\n", "sys.cfg:6: component 'x' does not fit: ");
}

/* --- relocations --- */

static void test_overflow_32(void **state)
{
	(void)state;
	bad_source(".globl x_main\nx_main: nop\nmovl $word, %eax\n.data\nword: .quad 0\n",
		   "x.o: .text+0x2 / x_main (snippet.s:3): R_X86_64_32 against '.data' overflows, its value is 0x1000c0004000; compile with -fpie");
}

static void test_overflow_32s(void **state)
{
	(void)state;
	bad_source(".globl x_main\nx_main: movq $x_main, %rax\n",
		   "x.o: .text+0x3 / x_main (snippet.s:2): R_X86_64_32S against 'x_main' overflows, its value is 0x1000c0000000; compile");
}

static void test_overflow_pc32(void **state)
{
	(void)state;
	bad_source(".globl x_main\nx_main: lea __counters(%rip), %rax\n",
		   "x.o: .text+0x3 / x_main (snippet.s:2): R_X86_64_PC32 against '__counters' overflows, its value is 0x1f0000002000; take its value as 64 bits: movabs, or .quad");
}

static void test_overflow_weak(void **state)
{
	(void)state;
	bad_source(".weak none\n.globl x_main\nx_main: call none\n",
		   "x.o: .text+0x1 / x_main (snippet.s:3): R_X86_64_PLT32 against 'none' overflows, its value is 0x0; take its value as 64 bits");
}

static void test_unsupported(void **state)
{
	(void)state;
	bad_source(".globl x_main\nx_main: ret\n.data\n.globl word\nword: .word x_main\n",
		   "x.o: .data+0x0 / word: relocation R_X86_64_16 against 'x_main' is not supported;");
	bad_source(".globl x_main\nx_main: movl $x_main@SIZE, %eax\n",
		   "x.o: .text+0x1 / x_main (snippet.s:2): relocation R_X86_64_SIZE32 against 'x_main' is not supported;");
	bad_source(".globl x_main\nx_main: lea _GLOBAL_OFFSET_TABLE_(%rip), %rax\n",
		   "x.o: .text+0x3 / x_main (snippet.s:2): relocation R_X86_64_GOTPC32 against '_GLOBAL_OFFSET_TABLE_' is not supported;");
}

static void test_unknown_type(void **state)
{
	size_t size;
	uint8_t *whole;
	Elf64_Rela rela;

	(void)state;
	rig_assemble("x.o", ".globl x_main\nx_main: ret\n.data\n.quad 0, x_main + 0x1234\n");
	whole = rig_read("x.o", &size);
	for (size_t at = 0; at + sizeof(rela) <= size; at += 8) {
		memcpy(&rela, whole + at, sizeof(rela));
		if (rela.r_addend != 0x1234 || rela.r_offset != 8)
			continue;
		rela.r_info = ELF64_R_INFO(ELF64_R_SYM(rela.r_info), 99);
		poke(at, &rela, sizeof(rela));
	}
	free(whole);
	bad_x("x.o: cannot read the relocations of .data (unsupported relocation type 0x63); ");
}

static void test_indirect(void **state)
{
	(void)state;
	bad_source(".globl x_main\nx_main: call pick\n.globl pick\n"
		   ".type pick, @gnu_indirect_function\npick: ret\n",
		   "x.o: .text+0x1 / x_main (snippet.s:2): 'pick' is thread-local or an indirect function; use");
}

static void test_dropped_target(void **state)
{
	(void)state;
	bad_source(".globl x_main\nx_main: lea note(%rip), %rax\n"
		   ".section .note.x,\"a\"\n.globl note\nnote: .quad 0\n",
		   "x.o: .text+0x3 / x_main (snippet.s:2): 'note' lies in section .note.x, which is not loaded;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_missing), cmocka_unit_test(test_empty),
		cmocka_unit_test(test_text), cmocka_unit_test(test_directory),
		cmocka_unit_test(test_archive), cmocka_unit_test(test_executable),
		cmocka_unit_test(test_pie), cmocka_unit_test(test_shared),
		cmocka_unit_test(test_32_bit), cmocka_unit_test(test_x32),
		cmocka_unit_test(test_other_machine), cmocka_unit_test(test_big_endian),
		cmocka_unit_test(test_truncated), cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_write_execute), cmocka_unit_test(test_constructor),
		cmocka_unit_test(test_destructor), cmocka_unit_test(test_thread_local),
		cmocka_unit_test(test_alignment), cmocka_unit_test(test_huge_bss),
		cmocka_unit_test(test_huge_common), cmocka_unit_test(test_overflow_32),
		cmocka_unit_test(test_overflow_32s), cmocka_unit_test(test_overflow_pc32),
		cmocka_unit_test(test_overflow_weak), cmocka_unit_test(test_unsupported),
		cmocka_unit_test(test_unknown_type), cmocka_unit_test(test_indirect),
		cmocka_unit_test(test_dropped_target),
	};

	return cmocka_run_group_tests_name("coslink: objects", tests, rig_setup, rig_teardown);
}
