// SPDX-License-Identifier: GPL-2.0-or-later
/* Exports, imports and the symbols coslink defines: what must not bind. */
#include <stdio.h>
#include <string.h>

#include "test_coslink.h"

#define EXPORT(name) \
	"__asm__(\".pushsection .cosexport,\\\"\\\",@progbits\\n.asciz \\\"" name \
	"\\\"\\n.popsection\");\n"
#define SERVER(name) \
	"{ name = \"" name "\"; object = \"" name ".o\"; }"

/* x_main() is line 1 of snippet.c and calls at an offset we do not pin. */
#define USES(symbol) "int " symbol "(int); int x_main(int a) { return " symbol "(a) + 1; }"

static void test_unresolved(void **state)
{
	const char *errors;

	(void)state;
	rig_compile("x.o", USES("sched_wakeup"));
	errors = rig_link(WITH_X("imports = [ \"sched\" ];"));
	assert_non_null(strstr(errors, "sys.cfg:6: 'x' uses 'sched_wakeup' at x.o: .text+0x"));
	assert_non_null(strstr(errors, " / x_main ("));
	assert_non_null(strstr(errors, "snippet.c:1), which no component exports (the nearest export is 'sched_wake'); define it in 'x'"));
}

static void test_not_imported(void **state)
{
	const char *errors;

	(void)state;
	rig_compile("x.o", USES("sched_wake"));
	errors = rig_link(WITH_X(""));
	assert_non_null(strstr(errors, "sys.cfg:6: 'x' uses 'sched_wake' at x.o: .text+0x"));
	assert_non_null(strstr(errors, "which 'sched' exports; add \"sched\" to its imports"));
}

static void test_not_exported(void **state)
{
	const char *errors;

	(void)state;
	rig_compile("x.o", USES("sched_main"));
	errors = rig_link(WITH_X("imports = [ \"sched\" ];"));
	assert_non_null(strstr(errors, "sys.cfg:6: 'x' uses 'sched_main', which 'sched' defines but does not export, at x.o: .text+0x"));
	assert_non_null(strstr(errors, "; add AOS_EXPORT(sched_main) to sched\n"));
}

static void test_ambiguous(void **state)
{
	const char *errors;

	(void)state;
	rig_compile("x.o", USES("twin"));
	rig_compile("a.o", "int twin(int a) { return a; }" EXPORT("twin"));
	rig_compile("b.o", "int twin(int a) { return a; }" EXPORT("twin"));
	errors = rig_link(WITH_X("imports = [ \"a\", \"b\" ];") );
	assert_non_null(strstr(errors, "there is no component 'a'"));
	errors = rig_link(SYSTEM("", LOADER(""), SCHED(""), ",\n" SERVER("a") ",\n" SERVER("b")
				 ",\n" X(THREAD "imports = [ \"a\",\n\"b\" ];")));
	assert_non_null(strstr(errors, "sys.cfg:9: 'x' uses 'twin' at x.o: .text+0x"));
	assert_non_null(strstr(errors, "which both 'a' and 'b' export; import only one of them"));
}

#define CHILD(object) \
	",\n{ name = \"child\"; object = \"" object "\"; scheduler = true; scheduled_by = \"sched\"; " NEWS "\n" \
	"threads = ( { name = \"main\"; entry = \"sched_main\"; priority = 5; server = \"sporadic\"; " \
	"period = \"10ms\"; budget = \"2ms\"; } ); },\n"
#define TWO_SCHEDULERS(object) \
	SYSTEM("", LOADER("imports = [ \"sched\" ];"), SCHED(""), CHILD(object) \
	       X(THREAD "scheduled_by = \"child\"; imports = [ \"child\" ];"))

/* Targets of the component's invocations of that name, in order -> how many. */
static unsigned int targets(const struct view *v, const char *component, const char *name,
			    uint32_t target[4])
{
	const struct image_component *c = view_component(v, component);
	unsigned int n = 0;

	for (uint32_t i = 0; i < c->ncaps && n < 4; i++) {
		const struct image_cap *cap = &v->caps[c->first_cap + i];

		if (cap->kind == IMAGE_CAP_INVOKE && !strcmp(v->strings + cap->name, name))
			target[n++] = cap->target;
	}
	return n;
}

/* Each calls its own scheduler; the loader all of them. */
static void test_schedulers(void **state)
{
	uint32_t target[4] = { 0 };
	struct view v;

	(void)state;
	rig_compile("x.o", USES("sched_wake"));
	rig_compile("loader.o", "int sched_wake(int); int loader_main(int a) { return sched_wake(a) + 1; }");
	rig_link_good(TWO_SCHEDULERS("sched.o"));
	v = view_open("sys.img");
	assert_int_equal(targets(&v, "loader", "sched_wake", target), 2);
	assert_int_equal(target[0], 1);
	assert_int_equal(target[1], 2);
	assert_int_equal(targets(&v, "x", "sched_wake", target), 1);
	assert_int_equal(target[0], 2);
	view_close(&v);
	rig_compile("mute.o", "void sched_main(void) {}");
	rig_link_bad(TWO_SCHEDULERS("mute.o"),
		     "sys.cfg:6: scheduler 'child' does not export 'sched_wake', which 'loader' calls of each scheduler; add AOS_EXPORT(sched_wake) to it");
	rig_compile("loader.o", "int loader_main(long a) { return (int)a; }");
}

/* The same name in a component that is not imported is nobody's business. */
static void test_unambiguous(void **state)
{
	struct view v;

	(void)state;
	rig_compile("x.o", USES("twin"));
	rig_compile("a.o", "int twin(int a) { return a; }" EXPORT("twin"));
	rig_compile("b.o", "int twin(int a) { return a; } int t_main(int a) { return a; }"
		    EXPORT("twin"));
	rig_link_good(SYSTEM("", LOADER(""), SCHED(""), ",\n" SERVER("a") ",\n"
			     "{ name = \"b\"; object = \"b.o\"; threads = ( { name = \"t\"; "
			     "entry = \"t_main\"; priority = 3; } ); },\n"
			     X(THREAD "imports = [ \"a\" ];")));
	v = view_open("sys.img");
	assert_int_equal(view_cap(&v, "x", "twin")->target, 2);
	view_close(&v);
}

/* A definition of one's own comes before any import. */
static void test_own_definition(void **state)
{
	struct view v;

	(void)state;
	rig_compile("x.o", "int sched_wake(int a) { return a; } int x_main(int a) { return sched_wake(a); }");
	rig_link_good(WITH_X("imports = [ \"sched\" ];"));
	v = view_open("sys.img");
	assert_int_equal(view_component(&v, "x")->ncaps, 0);
	view_close(&v);
}

static void test_weak(void **state)
{
	struct view v;

	(void)state;
	rig_assemble("x.o", ".weak sched_wake, nowhere\n.globl x_main\nx_main: call sched_wake\n"
		     ".data\n.quad nowhere, sched_wake\n");
	rig_link_good(WITH_X("imports = [ \"sched\" ];"));
	v = view_open("sys.img");
	assert_int_equal(view_u64(&v, v.segments[v.components[2].first_segment + 2].vaddr), 0);
	assert_int_equal(view_cap(&v, "x", "sched_wake")->target, 1);
	view_close(&v);
}

/* The slot of a function, whichever of the two symbols comes first. */
static void test_slot_of_import(void **state)
{
	struct view v;

	(void)state;
	rig_assemble("x.o", ".globl x_main\nx_main: movl $__cap_sched_wake, %eax\n"
		     "call sched_wake\n.data\n.quad __cap_sched_wake\n");
	rig_link_good(WITH_X("imports = [ \"sched\" ];"));
	v = view_open("sys.img");
	assert_int_equal(view_u64(&v, v.segments[v.components[2].first_segment + 2].vaddr),
			 view_cap(&v, "x", "sched_wake")->slot);
	view_close(&v);
	rig_assemble("x.o", ".globl x_main\nx_main: movl $__cap_sched_wake, %eax\n");
	assert_non_null(strstr(rig_link(WITH_X("imports = [ \"sched\" ];")),
			       "component 'x' declares nothing for '__cap_sched_wake'"));
}

/* Undefined but unused: what a header's declaration may leave behind. */
static void test_unused(void **state)
{
	(void)state;
	rig_assemble("x.o", ".globl x_main, nowhere\nx_main: ret\n");
	rig_link_good(WITH_X(""));
}

static void test_export_undefined(void **state)
{
	(void)state;
	rig_compile("x.o", "int x_main(int a) { return a; }" EXPORT("gone"));
	rig_link_bad(WITH_X(""),
		     "x.o: .cosexport: 'gone' is exported but is no global function here; define it, without 'static'");
}

static void test_export_static(void **state)
{
	(void)state;
	rig_compile("x.o", "static __attribute__((used)) int f(int a) { return a; } "
		    "int x_main(int a) { return a; }" EXPORT("f"));
	rig_link_bad(WITH_X(""), "x.o: .cosexport: 'f' is exported but is no global function here;");
}

static void test_export_data(void **state)
{
	(void)state;
	rig_compile("x.o", "int f = 5; int x_main(int a) { return a; }" EXPORT("f"));
	rig_link_bad(WITH_X(""), "x.o: .cosexport: 'f' is exported but is data; only functions");
}

static void test_export_twice(void **state)
{
	(void)state;
	rig_compile("x.o", "int x_main(int a) { return a; }" EXPORT("x_main") EXPORT("x_main"));
	rig_link_bad(WITH_X(""), "x.o: .cosexport: 'x_main' is exported twice; remove one AOS_EXPORT(x_main)");
}

static void test_export_torn(void **state)
{
	(void)state;
	rig_assemble("x.o", ".globl x_main\nx_main: ret\n.section .cosexport\n.ascii \"x_main\"\n");
	rig_link_bad(WITH_X(""), "x.o: section .cosexport does not end with a NUL; export with AOS_EXPORT()");
}

/* Alignment may leave empty strings between the names. */
static void test_export_padding(void **state)
{
	struct view v;

	(void)state;
	rig_assemble("x.o", ".globl x_main,f\nx_main: ret\nf: ret\n.section .cosexport,\"a\"\n"
		     ".zero 3\n.asciz \"x_main\"\n.balign 32\n.asciz \"f\"\n.balign 32\n");
	rig_compile("y.o", "int f(int); int x_main(int a) { return f(a) + 1; }");
	rig_link_good(SYSTEM("", LOADER(""), SCHED(""), ",\n" X(THREAD) ",\n{ name = \"y\"; "
			     "object = \"y.o\"; imports = [ \"x\" ]; " THREAD "}"));
	v = view_open("sys.img");
	assert_int_equal(view_cap(&v, "y", "f")->target, 2);
	view_close(&v);
}

static void test_reserved_cap(void **state)
{
	const char *errors;

	(void)state;
	rig_assemble("x.o", ".globl x_main\nx_main: movl $__cap_tikc, %eax\n");
	errors = rig_link(WITH_X("endpoints = ( { name = \"tick\"; }, { name = \"rx\"; } );"));
	assert_non_null(strstr(errors, "sys.cfg:6: component 'x' declares nothing for '__cap_tikc', used at x.o: .text+0x1 / x_main ("));
	assert_non_null(strstr(errors, "; the nearest declared is '__cap_tick'\n"));
}

static void test_reserved_region(void **state)
{
	const char *errors;

	(void)state;
	rig_assemble("x.o", ".globl x_main\nx_main: movabs $__region_a, %rax\n");
	errors = rig_link(WITH_X(""));
	assert_non_null(strstr(errors, "sys.cfg:6: component 'x' declares nothing for '__region_a', used at x.o: .text+0x2 / x_main"));
	assert_non_null(strstr(errors, "; declare it in the composition\n"));
}

static void test_entry_missing(void **state)
{
	(void)state;
	rig_compile("x.o", "int y_main(int a) { return a; }");
	rig_link_bad(WITH_X(""), "sys.cfg:6: thread 'main': x.o has no global function 'x_main'; define it");
}

static void test_entry_data(void **state)
{
	(void)state;
	rig_compile("x.o", "int x_main = 1;");
	rig_link_bad(WITH_X(""), "sys.cfg:6: thread 'main': 'x_main' in x.o is not a function; name one as 'entry'");
}

/* Slots follow the imports' names, not the order in which code uses them. */
static void test_import_order(void **state)
{
	struct view v;

	(void)state;
	rig_compile("a.o", "int fa(int a) { return a; } int fb(int a) { return a; } "
		    "int fc(int a) { return a; }" EXPORT("fc") EXPORT("fa") EXPORT("fb"));
	rig_compile("x.o", "int fa(int), fb(int), fc(int); int x_main(int a) { return fb(fc(fa(a))); }");
	rig_link_good(SYSTEM("", LOADER(""), SCHED(""),
			     ",\n" SERVER("a") ",\n" X(THREAD "imports = [ \"a\" ];")));
	v = view_open("sys.img");
	assert_int_equal(view_cap(&v, "x", "fa")->slot, 16);
	assert_int_equal(view_cap(&v, "x", "fb")->slot, 17);
	assert_int_equal(view_cap(&v, "x", "fc")->slot, 18);
	view_close(&v);
}

static void test_too_many_imports(void **state)
{
	char server[8192] = "", client[8192] = "", body[2048] = "";

	(void)state;
	for (int i = 0; i < 49; i++) {
		sprintf(server + strlen(server), "int f%d(int a) { return a; }"
			"__asm__(\".pushsection .cosexport,\\\"\\\",@progbits\\n"
			".asciz \\\"f%d\\\"\\n.popsection\");\n", i, i);
		sprintf(client + strlen(client), "int f%d(int);\n", i);
		sprintf(body + strlen(body), "a += f%d(a);\n", i);
	}
	sprintf(client + strlen(client), "int x_main(int a) { %s return a; }", body);
	rig_compile("a.o", server);
	rig_compile("x.o", client);
	rig_link_bad(SYSTEM("", LOADER(""), SCHED(""),
			    ",\n" SERVER("a") ",\n" X(THREAD "imports = [ \"a\" ];")),
		     "sys.cfg:7: component 'x' needs 49 capabilities, there are slots for 48;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unresolved), cmocka_unit_test(test_not_imported),
		cmocka_unit_test(test_not_exported), cmocka_unit_test(test_ambiguous),
		cmocka_unit_test(test_schedulers),
		cmocka_unit_test(test_unambiguous), cmocka_unit_test(test_own_definition),
		cmocka_unit_test(test_weak), cmocka_unit_test(test_slot_of_import), cmocka_unit_test(test_unused),
		cmocka_unit_test(test_export_undefined), cmocka_unit_test(test_export_static),
		cmocka_unit_test(test_export_data), cmocka_unit_test(test_export_twice),
		cmocka_unit_test(test_export_torn), cmocka_unit_test(test_export_padding),
		cmocka_unit_test(test_reserved_cap), cmocka_unit_test(test_reserved_region),
		cmocka_unit_test(test_entry_missing), cmocka_unit_test(test_entry_data),
		cmocka_unit_test(test_import_order), cmocka_unit_test(test_too_many_imports),
	};

	return cmocka_run_group_tests_name("coslink: binding", tests, rig_setup, rig_teardown);
}
