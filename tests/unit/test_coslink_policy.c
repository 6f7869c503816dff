// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Times, schedulers, faults and memory in compositions: what the image says of
 * them, and each contradiction refused with its line and its remedy.
 */
#include <string.h>

#include "duration.h"
#include "test_coslink.h"

/* One test: a composition, and how its error must begin. */
struct bad {
	const char *composition, *wanted;
};

static void test_bad(void **state)
{
	const struct bad *bad = *state;

	rig_link_bad(bad->composition, bad->wanted);
}

#define BAD(name, composition, wanted)					\
	{ #name, test_bad, NULL, NULL,					\
	  &(struct bad){ composition, wanted } }

/* A thread of x with more keys, on line 6; and after it what x has besides. */
#define TIMED(times) \
	"threads = ( { name = \"main\"; entry = \"x_main\"; priority = 9; " times " } ); "
#define WITH_THREAD(times) SYSTEM("", LOADER(""), SCHED(""), ",\n" X(TIMED(times)))
#define WITH(extra) SYSTEM("", LOADER(""), SCHED(""), ",\n" X(THREAD extra))
#define AT_X "sys.cfg:6: "

#define SERVER "server = \"deferrable\"; period = \"10ms\"; budget = \"2ms\"; "
#define CHILD(by, times) "{ name = \"child\"; object = \"sched.o\"; scheduler = true; " by NEWS \
	" threads = ( { name = \"main\"; entry = \"sched_main\"; priority = 5; " times "} ); }"
#define BY(name) "scheduled_by = \"" name "\"; "
/* The child in line 6, x under it in line 7. */
#define STACKED(child, x) SYSTEM("", LOADER(""), SCHED(""), ",\n" child ",\n" X(x))
#define MEM(extra) "{ name = \"mem\"; object = \"mem.o\"; memory_manager = true; " extra " }"
/* mem in line 6, x in line 7. */
#define WITH_MEM(mem, x) SYSTEM("", LOADER(""), SCHED(""), ",\n" MEM(mem) ",\n" X(THREAD x))

/* --- what the image says --- */

static const char whole[] =
	"version = 1;\noverhead = \"500ns\";\ncomponents = (\n"
	LOADER("") SCHED("critical = \"5us\";") ",\n" CHILD(BY("sched"), SERVER) ",\n"
	MEM("") ",\n"
	"{ name = \"x\"; object = \"x.o\"; scheduled_by = \"child\"; on_fault = \"restart\";\n"
	"  restart = { max = 3; within = \"2s\"; }; watchdog = 7; quota = 8193; fp = true;\n"
	"  heap = 4096; heap_max = 65537; stack_max = 20000; critical = \"3us\";\n"
	"  threads = ( { name = \"a\"; entry = \"x_main\"; priority = 6; server = \"sporadic\";\n"
	"                period = \"50ms\"; budget = \"1500us\"; deadline = \"40ms\"; critical = \"20us\"; },\n"
	"              { name = \"b\"; entry = \"x_main\"; priority = 7; period = \"1s\"; budget = \"1ms\"; },\n"
	"              { name = \"c\"; entry = \"x_main\"; priority = 8; server = \"none\"; } );\n"
	"  maps = ( { region = \"board\"; rights = \"rw\"; } ); },\n"
	"{ name = \"y\"; object = \"x.o\"; on_fault = \"restart\";\n"
	"  threads = ( { name = \"main\"; entry = \"x_main\"; priority = 9; } ); } );\n"
	"regions = ( { name = \"board\"; kind = \"host\"; size = 5000; },\n"
	"            { name = \"own\"; kind = \"frames\"; size = 1; } );\n";

static void assert_times(const struct image_thread *t, uint32_t server, uint32_t period,
			 uint32_t budget, uint32_t deadline)
{
	assert_int_equal(t->server, server);
	assert_int_equal(t->period_us, period);
	assert_int_equal(t->budget_us, budget);
	assert_int_equal(t->deadline_us, deadline);
}

static void test_components(void **state)
{
	const struct image_component *x, *y;
	struct view v;

	(void)state;
	rig_link_good(whole);
	v = view_open("sys.img");
	x = view_component(&v, "x");
	y = view_component(&v, "y");
	assert_int_equal(x->flags, AOS_COMP_STOP_ON_FAULT | AOS_COMP_RESTART | AOS_COMP_FP);
	assert_int_equal(x->restart_max, 3);
	assert_int_equal(x->restart_within_ms, 2000);
	assert_int_equal(x->watchdog, 7);
	assert_int_equal(x->quota_pages, 3);
	assert_int_equal(x->heap_pages, 1);
	assert_int_equal(x->heap_max_pages, 17);
	assert_int_equal(x->stack_pages, 4);
	assert_int_equal(x->stack_max_pages, 5);
	assert_int_equal(x->scheduler, 2);
	assert_int_equal(y->restart_max, 5);
	assert_int_equal(y->restart_within_ms, 10000);
	assert_int_equal(y->scheduler, 1);
	assert_int_equal(y->heap_max_pages, 0);
	assert_int_equal(y->stack_max_pages, 4);
	assert_int_equal(view_component(&v, "child")->scheduler, 1);
	assert_int_equal(view_component(&v, "child")->flags, AOS_COMP_SCHED);
	assert_int_equal(view_component(&v, "sched")->scheduler, 1);
	assert_int_equal(view_component(&v, "sched")->restart_max, 0);
	assert_int_equal(view_component(&v, "mem")->flags, AOS_COMP_MEM);
	view_close(&v);
}

static void test_threads(void **state)
{
	struct view v;

	(void)state;
	rig_link_good(whole);
	v = view_open("sys.img");
	assert_times(&v.threads[0], 0, 0, 0, 0);
	assert_times(&v.threads[2], IMAGE_SERVER_DEFERRABLE, 10000, 2000, 10000);
	assert_times(&v.threads[3], IMAGE_SERVER_SPORADIC, 50000, 1500, 40000);
	assert_times(&v.threads[4], IMAGE_SERVER_NONE, 1000000, 1000, 1000000);
	assert_times(&v.threads[5], 0, 0, 0, 0);
	assert_int_equal(v.threads[3].critical_ns, 20000);	/* its own */
	assert_int_equal(v.threads[4].critical_ns, 3000);	/* its component's */
	assert_int_equal(v.head->overhead_ns, 500);
	assert_int_equal(view_region(&v, "board")->kind, IMAGE_REGION_HOST);
	assert_int_equal(view_region(&v, "board")->pages, 2);
	assert_int_equal(view_region(&v, "own")->kind, IMAGE_REGION_FRAMES);
	view_close(&v);
}

/* Where each is written, without the directories. */
static void test_places(void **state)
{
	const struct image_place *of_threads;
	struct view v;

	(void)state;
	rig_link_good(whole);
	v = view_open("sys.img");
	of_threads = v.places + v.head->components.count;
	for (uint32_t i = 0; i < v.head->places.count; i++)
		assert_string_equal(v.places[i].file, "sys.cfg");
	assert_int_equal(v.places[0].line, 4);
	assert_int_equal(of_threads[4].line - of_threads[3].line, 2);
	assert_int_equal(of_threads[5].line - of_threads[4].line, 1);
	view_close(&v);
}

/* --- lengths of time --- */

static void test_durations(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} good[] = {
		{ "0ns", 0 }, { "7ns", 7 }, { "250us", 250000 }, { "10ms", 10000000 },
		{ "3s", 3000000000 }, { "9223372036854775807ns", INT64_MAX }, { "010us", 10000 },
	};
	static const char *const bad[] = {
		"", "10", "ms", "-1ms", "+1ms", " 1ms", "1 ms", "1.5ms", "1m", "1msx", "1MS",
		"0x10us", "9223372036854775808ns", "9223372037s", "99999999999999999999s",
	};
	struct pool pool = { 0 };
	int64_t ns;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(duration_parse(good[i].text, &ns));
		assert_int_equal(ns, good[i].ns);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(duration_parse(bad[i], &ns));
	assert_string_equal(duration_text(&pool, 0), "0s");
	assert_string_equal(duration_text(&pool, 1), "1ns");
	assert_string_equal(duration_text(&pool, 1500 * US), "1500us");
	assert_string_equal(duration_text(&pool, 10 * MS), "10ms");
	assert_string_equal(duration_text(&pool, 3600 * SECONDS), "3600s");
	pool_free(&pool);
}

static int policy_setup(void **state)
{
	if (rig_setup(state))
		return -1;
	rig_compile("x.o", "int x_main(void) { return 0; }");
	rig_compile("mem.o", "int mem_main(void) { return 0; }");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_components), cmocka_unit_test(test_threads),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_durations),

		/* types and ranges */
		BAD(time_number, WITH_THREAD("period = 10000;"),
		    AT_X "'period' of thread is a number; it must be a time with its unit, such as \"10ms\""),
		BAD(time_no_unit, WITH_THREAD("period = \"10\";"),
		    AT_X "'period' of thread is \"10\"; write a whole number and ns, us, ms or s, such as \"10ms\""),
		BAD(time_step, WITH_THREAD("budget = \"1500ns\";"),
		    AT_X "'budget' of thread is \"1500ns\"; it must be from 1us to 3600s in steps of 1us"),
		BAD(time_zero, WITH_THREAD("deadline = \"0us\";"),
		    AT_X "'deadline' of thread is \"0us\"; it must be from 1us to 3600s"),
		BAD(time_long, WITH_THREAD("period = \"3601s\";"),
		    AT_X "'period' of thread is \"3601s\"; it must be from 1us to 3600s"),
		BAD(overhead_long, SYSTEM("overhead = \"2ms\";", LOADER(""), SCHED(""), ""),
		    "sys.cfg:2: 'overhead' of composition is \"2ms\"; it must be from 1ns to 1ms"),
		BAD(server_word, WITH_THREAD("server = \"sporadik\";"),
		    AT_X "'server' of thread is \"sporadik\"; the nearest valid value is \"sporadic\""),
		BAD(watchdog_zero, WITH("watchdog = 0;"),
		    AT_X "'watchdog' of component is 0; it must be from 1 to 255"),
		BAD(restart_group, WITH("restart = 5;"),
		    AT_X "'restart' of component is a number; it must be a group { }"),
		BAD(restart_key, WITH("on_fault = \"restart\"; restart = { most = 1; within = \"1s\"; };"),
		    AT_X "unknown key 'most' in restart; the nearest valid key is 'max'"),
		BAD(restart_missing, WITH("on_fault = \"restart\"; restart = { max = 1; };"),
		    AT_X "restart has no 'within'; add one"),
		BAD(restart_never, WITH("on_fault = \"restart\"; restart = { max = 0; within = \"1s\"; };"),
		    AT_X "'max' of restart is 0; it must be from 1 to 1000"),
		BAD(quota_zero, WITH("quota = 0;"), AT_X "'quota' of component is 0; it must be from 1 to"),
		BAD(stack_max_big, WITH("stack_max = 61441;"),
		    AT_X "'stack_max' of component is 61441; it must be from 1 to 61440"),
		BAD(kind_word, SYSTEM("regions = ( { name = \"a\"; size = 1; kind = \"hots\"; } );",
		    LOADER(""), SCHED(""), ""),
		    "sys.cfg:2: 'kind' of region is \"hots\"; the nearest valid value is \"host\""),
		BAD(kind_channel, SYSTEM("regions = ( { name = \"a\"; size = 1; kind = \"channel\"; } );",
		    LOADER(""), SCHED(""), ""),
		    "sys.cfg:2: region 'a' is of kind \"channel\"; leave it out, a channel in 'channels' brings"),

		/* times of a thread */
		BAD(period_alone, WITH_THREAD("period = \"10ms\";"),
		    AT_X "thread 'main' of 'x' has a 'period' and no 'budget'; add one, or remove 'period'"),
		BAD(budget_alone, WITH_THREAD("budget = \"10ms\";"),
		    AT_X "thread 'main' of 'x' has a 'budget' and no 'period'; add one, or remove 'budget'"),
		BAD(deadline_alone, WITH_THREAD("deadline = \"10ms\";"),
		    AT_X "thread 'main' of 'x' has a 'deadline' and no 'period'; add one,"),
		BAD(server_alone, WITH_THREAD("server = \"sporadic\";"),
		    AT_X "thread 'main' of 'x' has a 'server' and no 'period'; add one,"),
		BAD(budget_period, WITH_THREAD("period = \"10ms\"; budget = \"11ms\";"),
		    AT_X "thread 'main' of 'x' has a budget of 11ms in a period of 10ms; lower"),
		BAD(deadline_period, WITH_THREAD("period = \"10ms\"; budget = \"1ms\"; deadline = \"11ms\";"),
		    AT_X "thread 'main' of 'x' has a deadline of 11ms, after its next period of 10ms begins; use"),
		BAD(budget_deadline, WITH_THREAD("period = \"10ms\"; budget = \"3ms\"; deadline = \"2ms\";"),
		    AT_X "thread 'main' of 'x' has a budget of 3ms to be used up within a deadline of 2ms; lower"),
		BAD(critical_budget, WITH_THREAD("period = \"10ms\"; budget = \"3ms\"; critical = \"4ms\";"),
		    AT_X "thread 'main' of 'x' has a critical section of 4ms in a budget of 3ms; raise"),

		/* schedulers */
		BAD(child_unknown, STACKED(CHILD(BY("shed"), SERVER), THREAD),
		    "sys.cfg:6: there is no component 'shed' to schedule 'child'; the nearest scheduler is 'sched'"),
		BAD(child_of_none, STACKED(CHILD(BY("x"), SERVER), THREAD),
		    "sys.cfg:6: 'x' is to schedule 'child' and is no scheduler; set scheduler = true in it, or name "),
		BAD(child_of_itself, STACKED(CHILD(BY("child"), SERVER), THREAD),
		    "sys.cfg:6: 'child' is scheduled by 'child', and so by itself; let"),
		BAD(child_cycle, STACKED("{ name = \"a\"; object = \"sched.o\"; scheduler = true; scheduled_by = \"child\"; "
		    TIMED(SERVER) " },\n" CHILD(BY("a"), SERVER), THREAD),
		    "sys.cfg:7: 'child' is scheduled by 'a', and so by itself; let"),
		BAD(child_no_thread, STACKED("{ name = \"child\"; object = \"sched.o\"; scheduler = true; scheduled_by = \"sched\"; }", THREAD),
		    "sys.cfg:6: scheduler 'child' is stacked on 'sched' and has 0 threads; give it one thread \"main\""),
		BAD(child_no_budget, STACKED(CHILD(BY("sched"), ""), THREAD BY("child")),
		    "sys.cfg:6: scheduler 'child' is stacked on 'sched', and its thread 'main' has no budget that is enforced; give"),
		BAD(child_no_news, STACKED("{ name = \"child\"; object = \"sched.o\"; scheduler = true; " BY("sched")
		    " threads = ( { name = \"main\"; entry = \"sched_main\"; priority = 5; " SERVER "} ); }", THREAD BY("child")),
		    "sys.cfg:6: scheduler 'child' is stacked on 'sched' and hears of none of its threads; give"),
		BAD(child_not_enforced, STACKED(CHILD(BY("sched"), "period = \"10ms\"; budget = \"2ms\"; "), THREAD),
		    "sys.cfg:6: scheduler 'child' is stacked on 'sched', and its thread 'main' has no budget that is enforced;"),
		BAD(child_urgency, STACKED(CHILD(BY("sched"), SERVER),
		    "threads = ( { name = \"main\"; entry = \"x_main\"; priority = 4; } ); " BY("child")),
		    "sys.cfg:7: thread 'main' of 'x' has priority 4, more urgent than 'main' of its scheduler 'child'; use 5 to 255"),
		BAD(no_root, SYSTEM("", LOADER(""), SCHED(BY("sched")), ""),
		    "sys.cfg: no component is the root scheduler; set"),
		BAD(loader_child, SYSTEM("", LOADER(BY("child")), SCHED(""), ",\n" CHILD(BY("sched"), SERVER)),
		    "sys.cfg:4: the loader 'loader' is scheduled by 'child'; leave scheduled_by out"),
		BAD(five_schedulers, SYSTEM("", LOADER(""), SCHED(""),
		    ",\n{ name = \"a\"; object = \"a.o\"; scheduler = true; scheduled_by = \"sched\"; }"
		    ",\n{ name = \"b\"; object = \"a.o\"; scheduler = true; scheduled_by = \"sched\"; }"
		    ",\n{ name = \"c\"; object = \"a.o\"; scheduler = true; scheduled_by = \"sched\"; }"
		    ",\n{ name = \"d\"; object = \"a.o\"; scheduler = true; scheduled_by = \"sched\"; }"),
		    "sys.cfg: 5 schedulers; the AOS has room for 4, remove some"),
		BAD(not_its_scheduler, STACKED(CHILD(BY("sched"), SERVER),
		    THREAD BY("child") "imports = ( \"sched\" ); "),
		    "sys.cfg:7: 'x' is scheduled by 'child' and imports the scheduler 'sched'; import \"child\" in its place"),
		BAD(not_its_child, STACKED(CHILD(BY("sched"), SERVER), THREAD "imports = ( \"child\" ); "),
		    "sys.cfg:7: 'x' is scheduled by 'sched' and imports the scheduler 'child'; import \"sched\" in its place"),
		BAD(two_schedulers, STACKED(CHILD(BY("sched"), SERVER) ",\n"
		    "{ name = \"y\"; object = \"x.o\"; imports = ( \"sched\" ); }",
		    THREAD BY("child") "imports = ( \"y\" ); "),
		    "sys.cfg:7: 'y' imports the scheduler 'sched', and threads of 'x' get there, which 'child' schedules: a scheduler serves its own threads only; give those another 'y', or put them under 'sched'"),

		/* faults */
		BAD(restart_scheduler, SYSTEM("", LOADER(""), SCHED("on_fault = \"restart\";"), ""),
		    "sys.cfg:5: 'sched' is a scheduler, and none is made anew; set on_fault = \"stop\""),
		BAD(restart_continue, WITH("restart = { max = 1; within = \"1s\"; };"),
		    AT_X "'x' has 'restart', but no fault restarts it; set on_fault = \"restart\""),
		BAD(restart_stop, WITH("on_fault = \"stop\"; restart = { max = 1; within = \"1s\"; };"),
		    AT_X "'x' has 'restart', but no fault restarts it; set"),
		BAD(restart_loader, SYSTEM("", LOADER("on_fault = \"restart\";"), SCHED(""), ""),
		    "sys.cfg:4: 'loader' is the loader, and nobody is there to stop or restart it; remove"),
		BAD(watchdog_no_budget, WITH("on_fault = \"stop\"; watchdog = 3;"),
		    AT_X "'x' has a watchdog that counts budgets, and no thread under a budget gets there; give"),
		BAD(watchdog_continues, WITH("watchdog = 3;"),
		    AT_X "'x' has a watchdog, but goes on after a fault; set on_fault"),
		BAD(watchdog_not_enforced, SYSTEM("", LOADER(""), SCHED(""),
		    ",\n" X("on_fault = \"stop\"; watchdog = 3; " TIMED("period = \"10ms\"; budget = \"1ms\";"))),
		    AT_X "'x' has a watchdog that counts budgets, and no thread"),

		/* memory */
		BAD(heap_shrinks, WITH("heap = 8192; heap_max = 4096;"),
		    AT_X "'x' starts with a heap of 8192 bytes, more than its heap_max 4096; lower"),
		BAD(stack_shrinks, WITH("stack_max = 4096;"),
		    AT_X "'x' starts with stacks of 16384 bytes, more than its stack_max 4096; lower"),
		BAD(heap_no_manager, WITH("heap_max = 4096;"),
		    AT_X "'heap_max' of 'x' needs a memory manager, and there is none; set"),
		BAD(stack_no_manager, WITH("stack_max = 61440;"),
		    AT_X "'stack_max' of 'x' needs a memory manager, and there is none; set"),
		BAD(quota_no_manager, WITH("quota = 4096;"),
		    AT_X "'quota' of 'x' needs a memory manager, and there is none; set"),
		BAD(manager_grows, WITH_MEM("quota = 4096;", ""),
		    "sys.cfg:6: 'mem' is the memory manager and cannot get memory from itself; remove its 'quota'"),
		BAD(two_managers, WITH_MEM("", "memory_manager = true;"),
		    "sys.cfg:7: 'x' is a second memory manager beside 'mem'; leave one"),
		BAD(manager_needs_x, WITH_MEM("imports = [ \"x\" ];", "heap_max = 4096;"),
		    "sys.cfg:7: imports form a cycle: mem -> x -> mem; remove one of these imports (memory that grows imports"),
		BAD(heap_max_fills, WITH_MEM("", "heap_max = 805306368;"),
		    "sys.cfg:7: component 'x' does not fit: "),
	};

	return cmocka_run_group_tests_name("coslink: policy", tests, policy_setup,
					   rig_teardown);
}
