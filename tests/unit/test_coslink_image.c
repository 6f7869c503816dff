// SPDX-License-Identifier: GPL-2.0-or-later
/* Good systems: every table of the image says what the composition said. */
#include <stdlib.h>
#include <string.h>

#include <abi/histogram.h>
#include <abi/ring.h>
#include <abi/translator.h>

#include "test_coslink.h"

/* A system that uses everything the syntax has. */
static const char whole[] =
	"version = 1;\n"
	"channels = ( \"cos0\", \"cos1\" );\n"
	"translators = ( { name = \"talk\"; component = \"lwip\"; as = \"line\";\n"
	"                  to_aos = 4096; from_aos = 1048576; } );\n"
	"components = (\n"
	"{ name = \"loader\"; object = \"loader.o\"; stack = 16384; heap = 65536;\n"
	"  threads = ( { name = \"main\"; entry = \"loader_main\"; priority = 1; } );\n"
	"  endpoints = ( { name = \"faults\"; source = \"faults\"; } ); },\n"
	"{ name = \"sched\"; object = \"sched.o\"; scheduler = true;\n"
	"  threads = ( { name = \"main\"; entry = \"sched_main\"; priority = 0; },\n"
	"              { name = \"idle\"; entry = \"sched_main\"; priority = 255; } );\n"
	"  endpoints = ( { name = \"events\"; source = \"scheduler\"; } );\n"
	"  timers = ( { name = \"timeout\"; endpoint = \"events\"; } ); },\n"
	"{ name = \"vnic\"; object = \"vnic.o\"; imports = [ \"sched\", \"lwip\" ];\n"
	"  on_fault = \"stop\"; args = \"batch=32\"; stack = 1; heap = 1;\n"
	"  threads = ( { name = \"rx\"; entry = \"vnic_main\"; priority = 10; arg = -2; } );\n"
	"  endpoints = ( { name = \"soft\"; },\n"
	"                { name = \"rx\"; source = \"channel\"; channel = \"cos1\"; } );\n"
	"  timers = ( { name = \"tick\"; endpoint = \"rx\"; } );\n"
	"  doorbells = ( { name = \"bell\"; channel = \"cos1\"; } );\n"
	"  maps = ( { region = \"cos1.host\"; as = \"ring_host\"; rights = \"r\"; },\n"
	"           { region = \"cos1.ctrl\"; as = \"ring_ctrl\"; rights = \"rw\"; },\n"
	"           { region = \"pkt\"; rights = \"rw\"; } ); },\n"
	"{ name = \"lwip\"; object = \"lwip.o\"; fp = true; on_fault = \"continue\"; stack = 61440;\n"
	"  maps = ( { region = \"pkt\"; as = \"in\"; rights = \"r\"; } ); } );\n"
	"regions = ( { name = \"pkt\"; size = 8193; } );\n";

static const char vnic_source[] =
	"long lwip_input(long), sched_wake(int);\n"
	"extern char __heap_start[], __component_name[];\n"
	"int zeroes[5000]; int numbers[3] = { 1, 2, 3 };\n"
	"const char text[] = \"read-only\"; static int hidden = 7;\n"
	"int *const pointers[] = { numbers, &hidden };\n"
	"__asm__(\".comm shared,12,64\\n.data\\n.globl values\\nvalues:\\n\"\n"
	"\".quad __cap_soft, __cap_rx, __cap_tick, __cap_bell, __region_ring_host\\n\"\n"
	"\".quad __region_ring_host_size, __region_pkt, __region_pkt_size\\n\"\n"
	"\".quad __heap_start, __heap_size, __counters, __args, __component_id\\n\"\n"
	"\".quad __component_name, shared, vnic_main, lwip_input, values - .\\n\"\n"
	"\".globl values32\\nvalues32: .long __cap_bell, shared - .\\n.text\\n\");\n"
	"extern int shared;\n"
	"long vnic_main(long a) { return lwip_input(a) + sched_wake(1) + shared +\n"
	"  zeroes[a] + *pointers[a] + text[a] + *__heap_start + *__component_name; }\n";

static const char lwip_source[] =
	"long lwip_input(long a) { return a; } long lwip_send(long a) { return a; }\n"
	"__asm__(\".pushsection .cosexport,\\\"\\\",@progbits\\n\"\n"
	"\".asciz \\\"lwip_input\\\"\\n.asciz \\\"lwip_send\\\"\\n.popsection\");\n"
	"__asm__(\".data\\n.quad __args, __region_in\\n.text\");\n";

/* The values above, in order. */
enum { V_SOFT, V_RX, V_TICK, V_BELL, V_HOST, V_HOST_SIZE, V_PKT, V_PKT_SIZE, V_HEAP,
       V_HEAP_SIZE, V_COUNTERS, V_ARGS, V_ID, V_NAME, V_SHARED, V_MAIN, V_INPUT, V_SELF };

static struct view view;

static int whole_setup(void **state)
{
	if (rig_setup(state))
		return -1;
	rig_compile("vnic.o", vnic_source);
	rig_compile("lwip.o", lwip_source);
	rig_link_good(whole);
	view = view_open("sys.img");
	return 0;
}

static int whole_teardown(void **state)
{
	view_close(&view);
	return rig_teardown(state);
}

static void test_components(void **state)
{
	static const char *const names[] = { "loader", "sched", "vnic", "lwip" };
	static const uint32_t flags[] = { 0, AOS_COMP_SCHED, AOS_COMP_STOP_ON_FAULT, AOS_COMP_FP };
	static const uint32_t stacks[] = { 4, 4, 1, 15 }, heaps[] = { 16, 0, 1, 0 };

	(void)state;
	assert_int_equal(view.head->components.count, 4);
	for (int i = 0; i < 4; i++) {
		const struct image_component *c = &view.components[i];
		uint64_t base = IMAGE_COMPONENT_BASE + i * IMAGE_COMPONENT_STRIDE;

		assert_string_equal(c->name, names[i]);
		assert_int_equal(c->flags, flags[i]);
		assert_int_equal(c->stack_pages, stacks[i]);
		assert_int_equal(c->heap_pages, heaps[i]);
		assert_int_equal(c->stack_base, base + IMAGE_STACKS_OFFSET);
		assert_int_equal(view.segments[c->first_segment].vaddr, base);
	}
	assert_int_equal(view.components[0].args, 0);
	assert_string_equal(view_at(&view, view.components[2].args, 9), "batch=32");
}

static void test_segments(void **state)
{
	const struct image_component *vnic = view_component(&view, "vnic");
	const struct image_segment *s = &view.segments[vnic->first_segment];

	(void)state;
	assert_int_equal(vnic->nsegments, 3);
	assert_int_equal(s[0].rights, AOS_MAP_EXEC);
	assert_int_equal(s[1].rights, AOS_MAP_READ);
	assert_int_equal(s[2].rights, AOS_MAP_WRITE);
	assert_true(s[2].mem_pages >= 5);	/* zeroes[] take no room in the file */
	assert_true(s[2].file_size < ABI_PAGE_SIZE);
}

static void test_threads(void **state)
{
	static const struct image_thread wanted[] = {
		{ .name = "main", .component = 0, .priority = 1 },
		{ .name = "main", .component = 1, .priority = 0 },
		{ .name = "idle", .component = 1, .priority = 255 },
		{ .name = "rx", .component = 2, .priority = 10, .arg = (uint64_t)-2 },
	};

	(void)state;
	assert_int_equal(view.head->threads.count, 4);
	for (int i = 0; i < 4; i++) {
		assert_string_equal(view.threads[i].name, wanted[i].name);
		assert_int_equal(view.threads[i].component, wanted[i].component);
		assert_int_equal(view.threads[i].priority, wanted[i].priority);
		assert_int_equal(view.threads[i].arg, wanted[i].arg);
	}
	assert_int_not_equal(view.threads[1].entry, view.threads[2].entry);
}

static void assert_cap(const char *component, const char *name, struct image_cap wanted)
{
	const struct image_cap *cap = view_cap(&view, component, name);

	assert_int_equal(cap->kind, wanted.kind);
	assert_int_equal(cap->slot, wanted.slot);
	assert_int_equal(cap->target, wanted.target);
	assert_int_equal(cap->source, wanted.source);
	assert_int_equal(cap->channel, wanted.channel);
}

static void test_caps(void **state)
{
	(void)state;
	assert_int_equal(view.head->caps.count, 11);
	assert_cap("loader", "faults", (struct image_cap){
		.kind = IMAGE_CAP_ENDPOINT, .slot = 16, .source = AOS_SOURCE_FAULT });
	assert_cap("sched", "events", (struct image_cap){
		.kind = IMAGE_CAP_ENDPOINT, .slot = 16, .source = AOS_SOURCE_SCHED });
	assert_cap("sched", "timeout", (struct image_cap){
		.kind = IMAGE_CAP_TIMER, .slot = 17, .target = 16 });
	assert_cap("vnic", "soft", (struct image_cap){
		.kind = IMAGE_CAP_ENDPOINT, .slot = 16, .source = AOS_SOURCE_SOFT });
	assert_cap("vnic", "rx", (struct image_cap){ .kind = IMAGE_CAP_ENDPOINT, .slot = 17,
		.source = AOS_SOURCE_CHANNEL, .channel = 1 });
	assert_cap("vnic", "tick", (struct image_cap){
		.kind = IMAGE_CAP_TIMER, .slot = 18, .target = 17 });
	assert_cap("vnic", "bell", (struct image_cap){
		.kind = IMAGE_CAP_CHANNEL, .slot = 19, .target = 1 });
	assert_cap("vnic", "lwip_input", (struct image_cap){
		.kind = IMAGE_CAP_INVOKE, .slot = 20, .target = 3 });
	assert_cap("vnic", "sched_wake", (struct image_cap){
		.kind = IMAGE_CAP_INVOKE, .slot = 21, .target = 1 });
	assert_cap("lwip", "line", (struct image_cap){ .kind = IMAGE_CAP_ENDPOINT, .slot = 16,
		.source = AOS_SOURCE_CHANNEL, .channel = 2 });
	assert_cap("lwip", "line_bell", (struct image_cap){
		.kind = IMAGE_CAP_CHANNEL, .slot = 17, .target = 2 });
}

static void test_regions(void **state)
{
	static const char *const names[] = { "cos0.host", "cos0.ctrl", "cos0.tx", "cos1.host",
					     "cos1.ctrl", "cos1.tx", "talk.host", "talk.ctrl",
					     "pkt" };

	(void)state;
	assert_int_equal(view.head->regions.count, 10);
	assert_int_equal(view_region(&view, "counters")->kind, IMAGE_REGION_COUNTERS);
	assert_int_equal(view_region(&view, "counters")->pages,
			 view.head->components.count * (1 + HISTOGRAM_PAGES));
	assert_int_equal(view.regions[0].vaddr, IMAGE_REGION_BASE);
	for (unsigned int i = 0; i < 9; i++)
		assert_string_equal(view.regions[i].name, names[i]);
	for (unsigned int i = 0; i < 6; i++) {
		assert_int_equal(view.regions[i].kind, IMAGE_REGION_CHANNEL);
		assert_int_equal(view.regions[i].channel, i / 3);
		assert_int_equal(view.regions[i].part, i % 3);
		assert_int_equal(view.regions[i].pages * ABI_PAGE_SIZE,
				 ring_part_bytes((enum ring_part)(i % 3), RING_MAX_SLOTS));
	}
	for (unsigned int i = 6; i < 8; i++) {
		assert_int_equal(view.regions[i].kind, IMAGE_REGION_CHANNEL);
		assert_int_equal(view.regions[i].channel, 2);
		assert_int_equal(view.regions[i].part, i - 6);
		assert_int_equal(view.regions[i].pages * ABI_PAGE_SIZE,
				 translator_part_bytes((enum ring_part)(i - 6), 4096, 1048576));
	}
	assert_int_equal(view.regions[8].kind, IMAGE_REGION_FRAMES);
	assert_int_equal(view.regions[8].pages, 3);
}

static void test_channels(void **state)
{
	(void)state;
	assert_int_equal(view.head->channels.count, 3);
	assert_string_equal(view.channels[0].name, "cos0");
	assert_string_equal(view.channels[1].name, "cos1");
	assert_int_equal(view.channels[1].kind, IMAGE_CHANNEL_PACKETS);
	assert_int_equal(view.channels[1].to_aos, 0);
	assert_string_equal(view.channels[2].name, "talk");
	assert_int_equal(view.channels[2].kind, IMAGE_CHANNEL_TRANSLATOR);
	assert_int_equal(view.channels[2].to_aos, 4096);
	assert_int_equal(view.channels[2].from_aos, 1048576);
}

static void test_maps(void **state)
{
	static const struct image_map wanted[] = {
		{ 2, 3, AOS_MAP_READ, 0 }, { 2, 4, AOS_MAP_WRITE, 0 },
		{ 2, 8, AOS_MAP_WRITE, 0 }, { 3, 8, AOS_MAP_READ, 0 },
		{ 3, 6, AOS_MAP_READ, 0 }, { 3, 7, AOS_MAP_WRITE, 0 },
	};

	(void)state;
	assert_int_equal(view.head->maps.count, 6);
	assert_memory_equal(view.maps, wanted, sizeof(wanted));
}

/* Where vnic's `values` begin: __component_id holds the place beside itself. */
static uint64_t find_values(void)
{
	const struct image_component *vnic = view_component(&view, "vnic");
	const struct image_segment *data = &view.segments[vnic->first_segment + 2];

	for (uint64_t at = data->vaddr; at + 8 * (V_SELF + 1) <= data->vaddr + data->file_size;
	     at += 4)
		if (view_u64(&view, at) == 16 && view_u64(&view, at + 8) == 17 &&
		    view_u64(&view, at + 8 * V_ID) == 2)
			return at;
	fail_msg("values not found");
	return 0;
}

static uint64_t value(unsigned int index)
{
	return view_u64(&view, find_values() + index * 8);
}

static void test_builtin_symbols(void **state)
{
	const struct image_component *vnic = view_component(&view, "vnic");
	const struct image_region *host = view_region(&view, "cos1.host");

	(void)state;
	assert_int_equal(value(V_TICK), 18);
	assert_int_equal(value(V_BELL), 19);
	assert_int_equal(value(V_HOST), host->vaddr);
	assert_int_equal(value(V_HOST_SIZE), host->pages * (uint64_t)ABI_PAGE_SIZE);
	assert_int_equal(value(V_PKT), view_region(&view, "pkt")->vaddr);
	assert_int_equal(value(V_PKT_SIZE), 3 * ABI_PAGE_SIZE);
	assert_int_equal(value(V_HEAP), vnic->heap_vaddr);
	assert_int_equal(value(V_HEAP_SIZE), ABI_PAGE_SIZE);
	assert_int_equal(value(V_COUNTERS), vnic->counters_vaddr);
	assert_int_equal(value(V_ARGS), vnic->args);
	assert_string_equal(view_at(&view, value(V_NAME), 5), "vnic");
	assert_int_equal(view_segment(&view, value(V_NAME))->rights, AOS_MAP_READ);
	assert_int_equal(view_segment(&view, value(V_ARGS))->rights, AOS_MAP_READ);
}

/* A component without arguments sees 0 (lwip: first value of its data). */
static void test_no_args(void **state)
{
	const struct image_component *lwip = view_component(&view, "lwip");
	const struct image_segment *data = &view.segments[lwip->first_segment + 2];

	(void)state;
	assert_int_equal(lwip->args, 0);
	assert_int_equal(view_u64(&view, data->vaddr), 0);
	assert_int_equal(view_u64(&view, data->vaddr + 8), view_region(&view, "pkt")->vaddr);
}

static void test_relocations(void **state)
{
	uint64_t at = find_values();
	int32_t after[2];

	(void)state;
	memcpy(after, view_at(&view, at + 8 * (V_SELF + 1), 8), 8);
	assert_int_equal(value(V_SHARED) % 64, 0);		/* .comm's alignment */
	assert_int_equal(view_segment(&view, value(V_SHARED))->rights, AOS_MAP_WRITE);
	assert_int_equal((int64_t)value(V_SELF), -8 * V_SELF);		/* PC64 */
	assert_int_equal(after[0], 19);					/* 32 */
	assert_int_equal(at + 8 * (V_SELF + 1) + 4 + after[1], value(V_SHARED)); /* PC32 */
	assert_int_equal(view_segment(&view, value(V_MAIN))->rights, AOS_MAP_EXEC);
}

static void test_client_stub(void **state)
{
	static const uint8_t stub[] = {
		0x53, 0x55, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57, 0x49, 0x89, 0xca,
		0xb8, 20, 0, OP_INVOKE, 0, 0x0f, 0x05,
		0x41, 0x5f, 0x41, 0x5e, 0x41, 0x5d, 0x41, 0x5c, 0x5d, 0x5b, 0xc3
	};

	(void)state;
	assert_memory_equal(view_at(&view, value(V_INPUT), sizeof(stub)), stub, sizeof(stub));
}

/* Target of the call at an address. */
static uint64_t call_target(uint64_t at)
{
	const uint8_t *code = view_at(&view, at, 5);
	int32_t rel;

	assert_int_equal(code[0], 0xe8);
	memcpy(&rel, code + 1, 4);
	return at + 5 + (uint64_t)(int64_t)rel;
}

static void test_server_stub(void **state)
{
	static const uint8_t head[] = { 0x50, 0x50, 0x4c, 0x89, 0xd1, 0xe8 };
	static const uint8_t tail[] = { 0x48, 0x89, 0xc7, 0xb8, 0, 0, OP_RETURN, 0,
					0x0f, 0x05, 0x0f, 0x0b };
	static const uint8_t function[] = { 0x48, 0x89, 0xf8, 0xc3 };	/* return a */
	uint64_t at = view_cap(&view, "vnic", "lwip_input")->value;

	(void)state;
	assert_memory_equal(view_at(&view, at, sizeof(head)), head, sizeof(head));
	assert_memory_equal(view_at(&view, at + 10, sizeof(tail)), tail, sizeof(tail));
	assert_memory_equal(view_at(&view, call_target(at + 5), sizeof(function)), function,
			    sizeof(function));
}

static void test_thread_stub(void **state)
{
	static const uint8_t head[] = { 0x50, 0x48, 0x83, 0xe4, 0xf0, 0xe8 };
	static const uint8_t tail[] = { 0xb8, 0, 0, OP_THREAD_EXIT, 0, 0x0f, 0x05, 0x0f, 0x0b };
	uint64_t at = view.threads[3].entry;

	(void)state;
	assert_memory_equal(view_at(&view, at, sizeof(head)), head, sizeof(head));
	assert_memory_equal(view_at(&view, at + 10, sizeof(tail)), tail, sizeof(tail));
	assert_int_equal(call_target(at + 5), value(V_MAIN));
}

static void test_deterministic(void **state)
{
	size_t size;
	uint8_t *again;

	(void)state;
	rig_link_good(whole);
	again = rig_read("sys.img", &size);
	assert_int_equal(size, view.size);
	assert_memory_equal(again, view.bytes, size);
	free(again);
}

/* Calls and data through the GOT: what compilers emit without hidden symbols. */
static void test_got(void **state)
{
	struct view v;
	uint64_t data;

	(void)state;
	rig_assemble("x.o",
		     ".globl x_main\nx_main: mov word@GOTPCREL(%rip), %rax\n"
		     "call *sched_wake@GOTPCREL(%rip)\njmp *x_main@GOTPCREL(%rip)\n"
		     "mov word@GOTPCREL(%rip), %ecx\n"
		     "push __region_pkt@GOTPCREL(%rip)\ncmp %rax, none@GOTPCREL(%rip)\n"
		     ".weak none\n.data\n.globl word\nword: .quad x_main\n");
	rig_link_good(SYSTEM("regions = ( { name = \"pkt\"; size = 1; } );", LOADER(""),
			     SCHED(""), ",\n" X(THREAD "imports = [ \"sched\" ]; "
			     "maps = ( { region = \"pkt\"; rights = \"r\"; } );")));
	v = view_open("sys.img");
	data = v.segments[v.components[2].first_segment + 2].vaddr;
	for (unsigned int i = 0; i < 6; i++) {
		static const unsigned int at[] = { 3, 9, 15, 21, 27, 34 };
		uint64_t base = IMAGE_COMPONENT_BASE + 2 * IMAGE_COMPONENT_STRIDE;
		const uint64_t wanted[] = { data, 0, base, data, IMAGE_REGION_BASE, 0 };
		int32_t rel;
		uint64_t got;

		memcpy(&rel, view_at(&v, base + at[i], 4), 4);
		got = base + at[i] + 4 + (uint64_t)(int64_t)rel;
		assert_int_equal(view_segment(&v, got)->rights, AOS_MAP_READ);
		if (i != 1)
			assert_int_equal(view_u64(&v, got), wanted[i]);
		else	/* the client stub */
			assert_int_equal(*(const uint8_t *)view_at(&v, view_u64(&v, got), 1), 0x53);
	}
	view_close(&v);
}

/* What the output of one snippet is must not depend on where sections come from. */
static void test_sections(void **state)
{
	struct view v;
	const struct image_segment *s;

	(void)state;
	rig_assemble("x.o",
		     ".section .text.a,\"ax\"\n.globl x_main\nx_main: ret\n"
		     ".section .text.b,\"ax\"\n.balign 64\nret\n"
		     ".section .rodata.str1.1,\"aMS\",@progbits,1\n.asciz \"hello\"\n"
		     ".section .data.rel.ro.local,\"aw\"\n.quad x_main\n"
		     ".section .data.x,\"aw\"\n.quad 5\n"
		     ".section .bss.y,\"aw\",@nobits\n.balign 4096\n.zero 4096\n"
		     ".section .eh_frame,\"a\"\n.long 0\n"
		     ".section .note.gnu.property,\"a\"\n.quad 1\n"
		     ".section .init_array,\"aw\"\n"
		     ".section .comment\n.asciz \"not loaded\"\n");
	rig_link_good(WITH_X(""));
	v = view_open("sys.img");
	s = &v.segments[v.components[2].first_segment];
	assert_int_equal(v.components[2].nsegments, 3);
	assert_int_equal(*(const uint8_t *)view_at(&v, s[0].vaddr, 1), 0xc3);
	assert_int_equal(*(const uint8_t *)view_at(&v, s[0].vaddr + 1, 1), 0xcc);
	assert_int_equal(*(const uint8_t *)view_at(&v, s[0].vaddr + 64, 1), 0xc3);
	assert_string_equal(view_at(&v, s[1].vaddr, 6), "hello");
	assert_int_equal(view_u64(&v, s[1].vaddr + 6), s[0].vaddr);
	assert_int_equal(view_u64(&v, s[2].vaddr), 5);
	assert_int_equal(s[2].file_size, 8);
	assert_int_equal(s[2].mem_pages, 2);
	view_close(&v);
}

static void test_base(void **state)
{
	struct view v;

	(void)state;
	rig_compile("x.o", "int x_main(void) { return 0; }");
	rig_link_good(WITH_X("base = 0x100400000000L;"));
	v = view_open("sys.img");
	assert_int_equal(v.segments[v.components[2].first_segment].vaddr, 0x100400000000);
	assert_int_equal(v.components[2].stack_base, 0x100400000000 + IMAGE_STACKS_OFFSET);
	view_close(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_components), cmocka_unit_test(test_segments),
		cmocka_unit_test(test_threads), cmocka_unit_test(test_caps),
		cmocka_unit_test(test_regions), cmocka_unit_test(test_channels),
		cmocka_unit_test(test_maps),
		cmocka_unit_test(test_builtin_symbols), cmocka_unit_test(test_no_args),
		cmocka_unit_test(test_relocations), cmocka_unit_test(test_client_stub),
		cmocka_unit_test(test_server_stub), cmocka_unit_test(test_thread_stub),
		cmocka_unit_test(test_deterministic), cmocka_unit_test(test_got),
		cmocka_unit_test(test_sections), cmocka_unit_test(test_base),
	};

	return cmocka_run_group_tests_name("coslink: images", tests, whole_setup,
					   whole_teardown);
}
