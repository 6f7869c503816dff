// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Linked code, run: the image is mapped at its own addresses and a thread is
 * started in it, with a handful of lines in the AOS's place.  Each SYSCALL is
 * made a UD2 first, so the calls arrive here as SIGILL.  What the kernel may
 * destroy is destroyed: every register but rsp after an invocation, and on
 * entry to a server everything but its arguments.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "test_coslink.h"

#define JUNK 0xdeadbeefcafef00dll

static struct {
	struct view view;
	sigjmp_buf end;
	unsigned int component;		/* where the thread is */
	unsigned int calls;
	struct {
		unsigned int component;
		greg_t rip, rsp;
	} stack[AOS_MAX_NESTING];
	unsigned int depth;
} world;

static void *map(uint64_t vaddr, uint64_t size)
{
	void *at = mmap((void *)vaddr, size, PROT_READ | PROT_WRITE | PROT_EXEC,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	assert_ptr_equal(at, (void *)vaddr);
	return at;
}

static void map_image(void)
{
	const struct view *v = &world.view;

	for (uint32_t i = 0; i < v->head->segments.count; i++) {
		const struct image_segment *s = &v->segments[i];
		uint8_t *at = map(s->vaddr, (uint64_t)s->mem_pages * ABI_PAGE_SIZE);

		memcpy(at, v->bytes + s->file_off, s->file_size);
		for (uint32_t j = 0; s->rights == AOS_MAP_EXEC && j + 1 < s->file_size; j++)
			if (at[j] == 0x0f && at[j + 1] == 0x05)
				at[j + 1] = 0x0b;
	}
	for (uint32_t i = 0; i < v->head->components.count; i++) {
		const struct image_component *c = &v->components[i];

		map(c->stack_base + AOS_STACK_STRIDE - c->stack_pages * ABI_PAGE_SIZE,
		    c->stack_pages * ABI_PAGE_SIZE);
		if (c->heap_pages)
			map(c->heap_vaddr, c->heap_pages * ABI_PAGE_SIZE);
	}
}

static const struct image_cap *cap_at(unsigned int slot)
{
	const struct image_component *c = &world.view.components[world.component];

	for (uint32_t i = 0; i < c->ncaps; i++)
		if (world.view.caps[c->first_cap + i].slot == slot)
			return &world.view.caps[c->first_cap + i];
	abort();
}

/* Every register but rip, rsp, and the ones named in `keep`. */
static void destroy(greg_t *regs, const int *keep)
{
	for (int i = REG_R8; i <= REG_RCX; i++) {
		const int *k = keep;

		while (*k >= 0 && *k != i)
			k++;
		if (*k < 0)
			regs[i] = JUNK + i;
	}
}

static void invoke(greg_t *regs, unsigned int slot)
{
	static const int arguments[] = { REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9, -1 };
	const struct image_cap *cap = cap_at(slot);

	if (cap->kind != IMAGE_CAP_INVOKE || world.depth == AOS_MAX_NESTING)
		abort();
	world.stack[world.depth].component = world.component;
	world.stack[world.depth].rip = regs[REG_RIP] + 2;
	world.stack[world.depth++].rsp = regs[REG_RSP];
	destroy(regs, arguments);
	world.component = cap->target;
	regs[REG_RIP] = (greg_t)cap->value;
	regs[REG_RSP] = (greg_t)(world.view.components[cap->target].stack_base +
				 AOS_STACK_STRIDE);
	world.calls++;
}

static void give_back(greg_t *regs)
{
	static const int results[] = { REG_RAX, REG_RDX, -1 };

	if (!world.depth--)
		abort();
	regs[REG_RAX] = regs[REG_RDI];
	destroy(regs, results);
	world.component = world.stack[world.depth].component;
	regs[REG_RIP] = world.stack[world.depth].rip;
	regs[REG_RSP] = world.stack[world.depth].rsp;
}

static void on_call(int signal, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
	uint32_t rax = (uint32_t)regs[REG_RAX];

	(void)signal;
	(void)info;
	switch (AOS_CALL_OP(rax)) {
	case OP_INVOKE:
		invoke(regs, AOS_CALL_SLOT(rax));
		break;
	case OP_RETURN:
		give_back(regs);
		break;
	case OP_THREAD_EXIT:
		siglongjmp(world.end, 1);
	default:
		abort();
	}
}

/* Run the thread of that index until it exits. */
static void run_thread(unsigned int index)
{
	static uint8_t signal_stack[65536];
	const stack_t alternative = { .ss_sp = signal_stack, .ss_size = sizeof(signal_stack) };
	const struct sigaction action = { .sa_sigaction = on_call,
					  .sa_flags = SA_SIGINFO | SA_ONSTACK };
	const struct image_thread *thread = &world.view.threads[index];
	uint64_t top = world.view.components[thread->component].stack_base + AOS_STACK_STRIDE;

	assert_int_equal(sigaltstack(&alternative, NULL), 0);
	assert_int_equal(sigaction(SIGILL, &action, NULL), 0);
	world.component = thread->component;
	if (!sigsetjmp(world.end, 1))
		__asm__ volatile("mov %0, %%rsp\n\tjmp *%1"
				 : : "r"(top), "r"(thread->entry), "D"(thread->arg) : "memory");
	assert_int_equal(world.depth, 0);
}

/* --- the system run --- */

#define EXPORT(name) \
	"__asm__(\".pushsection .cosexport,\\\"\\\",@progbits\\n.asciz \\\"" name \
	"\\\"\\n.popsection\");\n"

/* A client of math, which is a client of base; the results land in out[]. */
static const char client[] =
	"struct pair { long a, b; };\n"
	"long sum(long, long, long, long, long, long); struct pair swap(long, long);\n"
	"int aligned(void); long out[8]; long (*volatile indirect)(long, long, long, long, long, long) = sum;\n"
	"extern char __component_name[]; static const char *name = __component_name;\n"
	"int common_one __attribute__((common)); const char *args(void)\n"
	"{ const char *a; __asm__(\"movabs $__args, %0\" : \"=r\"(a)); return a; }\n"
	"void x_main(long arg)\n"
	"{ struct pair p; long kept[12]; \n"
	"  for (int i = 0; i < 12; i++) { kept[i] = arg * i; __asm__(\"\" : \"+r\"(kept[i])); }\n"
	"  out[0] = sum(1, 20, 300, 4000, 50000, 600000); p = swap(arg, 7);\n"
	"  out[1] = p.a; out[2] = p.b; out[3] = indirect(1, 1, 1, 1, 1, 1); out[4] = 0;\n"
	"  for (int i = 0; i < 12; i++) out[4] += kept[i];\n"
	"  out[5] = name[0]; out[6] = aligned(); common_one += 5; out[7] = args()[0] + common_one; }\n";

static const char math[] =
	"struct pair { long a, b; }; long weigh(long); int base_aligned(void);\n"
	"long sum(long a, long b, long c, long d, long e, long f)\n"
	"{ long s = weigh(a); s += weigh(b); s += weigh(c); return s + d + e + f; }\n"
	"struct pair swap(long a, long b) { return (struct pair){ b, a }; }\n"
	"int aligned(void) { return !((long)__builtin_frame_address(0) & 15) && base_aligned(); }\n"
	EXPORT("sum") EXPORT("swap") EXPORT("aligned");

static const char base[] =
	"static long calls; long weigh(long a) { calls++; return a * 2; }\n"
	"int base_aligned(void) { return !((long)__builtin_frame_address(0) & 15) && calls == 6; }\n"
	EXPORT("weigh") EXPORT("base_aligned");

static void test_run(void **state)
{
	const struct image_component *x;
	const struct image_segment *data;
	const int64_t wanted[] = { 654642, 7, 11, 9, 11 * 66, 'x', 1, 'h' + 5 };
	const uint8_t *at;

	(void)state;
	rig_compile("x.o", client);
	rig_compile("math.o", math);
	rig_compile("base.o", base);
	rig_link_good(SYSTEM("", LOADER(""), SCHED(""),
		",\n{ name = \"base\"; object = \"base.o\"; },\n"
		"{ name = \"math\"; object = \"math.o\"; imports = [ \"base\" ]; },\n"
		X("imports = [ \"math\" ]; args = \"hello\"; threads = ( { name = \"main\"; "
		  "entry = \"x_main\"; priority = 1; arg = 11; } );")));
	world.view = view_open("sys.img");
	map_image();
	run_thread(2);
	assert_int_equal(world.calls, 4 + 3 + 3 + 1);
	x = view_component(&world.view, "x");
	data = &world.view.segments[x->first_segment + 2];
	for (at = (const uint8_t *)data->vaddr; memcmp(at, wanted, 8); at += 8)
		assert_true((uint64_t)at < data->vaddr + data->mem_pages * ABI_PAGE_SIZE - 64);
	for (int i = 0; i < 8; i++)
		assert_int_equal(((const int64_t *)at)[i], wanted[i]);
	view_close(&world.view);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_run) };

	return cmocka_run_group_tests_name("coslink: running", tests, rig_setup, rig_teardown);
}
