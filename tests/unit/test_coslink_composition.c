// SPDX-License-Identifier: GPL-2.0-or-later
/* Compositions that must be refused, each with its line and its remedy. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <abi/bootinfo.h>

#include "test_coslink.h"

#define GOOD SYSTEM("", LOADER(""), SCHED(""), "")

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

/* Many of something, to pass a limit. */
static char *many(const char *start, const char *item, unsigned int n, const char *end)
{
	size_t size = strlen(start) + n * (strlen(item) + 16) + strlen(end) + 1;
	char *text = malloc(size);
	int at = sprintf(text, "%s", start);

	for (unsigned int i = 0; i < n; i++) {
		at += sprintf(text + at, "%s", i ? ", " : "");
		at += sprintf(text + at, item, i, i, i);
	}
	strcpy(text + at, end);
	return text;
}

static void link_many(const char *start, const char *item, unsigned int n,
		      const char *end, const char *wanted)
{
	char *text = many(start, item, n, end);

	if (wanted)
		rig_link_bad(text, wanted);
	else
		rig_link_good(text);
	free(text);
}

static void test_good(void **state)
{
	(void)state;
	rig_link_good(GOOD);
}

static void test_too_many_components(void **state)
{
	static const char start[] = "version = 1;\ncomponents = (\n" LOADER("") SCHED("") ",\n";
	static const char item[] = "{ name = \"c%u\"; object = \"sched.o\"; threads = ( { "
		"name = \"t\"; entry = \"sched_main\"; priority = 1; } ); }";

	(void)state;
	link_many(start, item, AOS_MAX_COMPONENTS - 2, ");", NULL);
	link_many(start, item, AOS_MAX_COMPONENTS - 1, ");",
		  "sys.cfg: 25 components; the AOS has room for 24, remove some");
}

static void test_too_many_threads(void **state)
{
	static const char start[] = "version = 1;\ncomponents = (\n" LOADER("")
		"{ name = \"sched\"; object = \"sched.o\"; scheduler = true; threads = (";
	static const char item[] = "{ name = \"t%u\"; entry = \"sched_main\"; priority = 1; }";

	(void)state;
	link_many(start, item, AOS_MAX_THREADS - 1, "); } );", NULL);
	link_many(start, item, AOS_MAX_THREADS, "); } );",
		  "sys.cfg: 33 threads; the AOS has room for 32, remove some");
}

static void test_too_many_endpoints(void **state)
{
	static const char start[] = "version = 1;\ncomponents = (\n" LOADER("")
		"{ name = \"sched\"; object = \"sched.o\"; scheduler = true; endpoints = (";
	static const char end[] = "); threads = ( { name = \"main\"; entry = \"sched_main\"; "
		"priority = 0; } ); } );";

	(void)state;
	link_many(start, "{ name = \"e%u\"; }", AOS_MAX_ENDPOINTS, end, NULL);
	link_many(start, "{ name = \"e%u\"; }", AOS_MAX_ENDPOINTS + 1, end,
		  "sys.cfg: 33 endpoints; the AOS has room for 32, remove some");
}

static void test_too_many_timers(void **state)
{
	static const char start[] = "version = 1;\ncomponents = (\n" LOADER("")
		"{ name = \"sched\"; object = \"sched.o\"; scheduler = true; "
		"endpoints = ( { name = \"e\"; } ); timers = (";
	static const char end[] = "); threads = ( { name = \"main\"; entry = \"sched_main\"; "
		"priority = 0; } ); } );";

	(void)state;
	link_many(start, "{ name = \"t%u\"; endpoint = \"e\"; }", AOS_MAX_TIMERS, end, NULL);
	link_many(start, "{ name = \"t%u\"; endpoint = \"e\"; }", AOS_MAX_TIMERS + 1, end,
		  "sys.cfg: 17 timers; the AOS has room for 16, remove some");
}

static void test_too_many_channels(void **state)
{
	static const char end[] = ");\ncomponents = (\n" LOADER("") SCHED("") ");";

	(void)state;
	link_many("version = 1; channels = (", "\"cos%u\"", BOOTINFO_CHANNELS, end, NULL);
	link_many("version = 1; channels = (", "\"cos%u\"", BOOTINFO_CHANNELS + 1, end,
		  "sys.cfg: 9 channels; the AOS has room for 8, remove some");
}

static void test_too_many_slots(void **state)
{
	static const char start[] = "version = 1;\nchannels = ( \"cos0\" );\ncomponents = (\n"
		LOADER("")
		"{ name = \"sched\"; object = \"sched.o\"; scheduler = true; doorbells = (";
	static const char end[] = "); threads = ( { name = \"main\"; entry = \"sched_main\"; "
		"priority = 0; } ); } );";
	unsigned int slots = AOS_SLOT_DYNAMIC - AOS_SLOT_FIRST;

	(void)state;
	link_many(start, "{ name = \"d%u\"; channel = \"cos0\"; }", slots, end, NULL);
	link_many(start, "{ name = \"d%u\"; channel = \"cos0\"; }", slots + 1, end,
		  "sys.cfg:5: component 'sched' needs 49 capabilities, there are slots for 48; import fewer");
}

static void test_too_deep(void **state)
{
	static const char start[] = "version = 1;\ncomponents = (\n" LOADER("") SCHED("") ",\n";
	char text[4096];
	int at = sprintf(text, "%s", start);

	(void)state;
	for (unsigned int i = 0; i <= AOS_MAX_NESTING; i++)
		at += sprintf(text + at, "{ name = \"c%u\"; object = \"sched.o\"; imports = "
			      "[ \"c%u\" ]; %s },\n", i, i + 1,
			      i ? "" : "threads = ( { name = \"t\"; entry = \"sched_main\"; "
				       "priority = 1; } );");
	sprintf(text + at, "{ name = \"c%u\"; object = \"sched.o\"; } );", AOS_MAX_NESTING + 1);
	rig_link_bad(text, "sys.cfg:5: a thread of 'c0' can get 13 invocations deep, the AOS allows 12;");
}

static void test_no_file(void **state)
{
	(void)state;
	rig_link_good(GOOD);
	rig_shell("mkdir -p dir.cfg");
	rig_link_bad("version = 1; @include \"dir.cfg/none\"\n", "sys.cfg:1: ");
}

static void test_include(void **state)
{
	(void)state;
	rig_write("part.cfg", "regions = (\n{ name = \"a\"; size = 0; } );\n");
	rig_link_bad("@include \"part.cfg\"\n" GOOD,
		     "part.cfg:2: 'size' of region is 0; it must be from 1 to");
}

/* Every error of a file is found in one run. */
static void test_all_errors(void **state)
{
	const char *errors;

	(void)state;
	errors = rig_link(SYSTEM("colour = 1;", LOADER("smell = 2;"), SCHED("taste = 3;"), ""));
	assert_non_null(strstr(errors, "sys.cfg:2: unknown key 'colour'"));
	assert_non_null(strstr(errors, "sys.cfg:4: unknown key 'smell'"));
	assert_non_null(strstr(errors, "sys.cfg:5: unknown key 'taste'"));
}

#define TRANSLATOR(whose, bytes) SYSTEM("translators = ( { name = \"talk\"; component = " whose \
	"; to_aos = " bytes "; from_aos = 4096; } );", LOADER(""), SCHED(""), ",\n" X(""))
#define X_COMPONENT(text) SYSTEM("channels = ( \"cos0\" ); regions = ( { name = \"pkt\"; size = 1; } );", \
				 LOADER(""), SCHED(""), ",\n" X(THREAD text))
#define AT_X "sys.cfg:6: "

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good), cmocka_unit_test(test_too_many_components),
		cmocka_unit_test(test_too_many_threads),
		cmocka_unit_test(test_too_many_endpoints),
		cmocka_unit_test(test_too_many_timers),
		cmocka_unit_test(test_too_many_channels),
		cmocka_unit_test(test_too_many_slots), cmocka_unit_test(test_too_deep),
		cmocka_unit_test(test_no_file), cmocka_unit_test(test_include),
		cmocka_unit_test(test_all_errors),

		/* the file */
		BAD(syntax, "version = 1;\ncomponents = ( { ;\n", "sys.cfg:2: syntax error; "),
		BAD(empty, "", "sys.cfg: composition has no 'version'; add one"),
		BAD(no_components, "version = 1;", "sys.cfg: there are no components; add"),
		BAD(version, "version = 2; other = 1;",
		    "sys.cfg:1: version 2 of the composition syntax is unknown; this coslink reads version = 1"),
		BAD(version_type, "version = \"1\";", "sys.cfg:1: 'version' of composition is a string; it must be a number"),
		BAD(no_version, "components = (\n" LOADER("") SCHED("") ");",
		    "sys.cfg: composition has no 'version'; add one"),

		/* keys */
		BAD(key_top, SYSTEM("componets = ();", LOADER(""), SCHED(""), ""),
		    "sys.cfg:2: unknown key 'componets' in composition; the nearest valid key is 'components'"),
		BAD(key_component, X_COMPONENT("import = [ \"sched\" ];"),
		    AT_X "unknown key 'import' in component; the nearest valid key is 'imports'"),
		BAD(key_thread, SYSTEM("", LOADER(""), SCHED(""), ",\n"
		    X("threads = ( { name = \"main\"; entry = \"x_main\"; priorty = 1; } );")),
		    AT_X "unknown key 'priorty' in thread; the nearest valid key is 'priority'"),
		BAD(key_endpoint, X_COMPONENT("endpoints = ( { name = \"e\"; sauce = \"soft\"; } );"),
		    AT_X "unknown key 'sauce' in endpoint; the nearest valid key is 'source'"),
		BAD(key_timer, X_COMPONENT("timers = ( { name = \"e\"; end = \"soft\"; } );"),
		    AT_X "unknown key 'end' in timer; the nearest valid key is "),
		BAD(key_doorbell, X_COMPONENT("doorbells = ( { name = \"e\"; chanel = \"cos0\"; } );"),
		    AT_X "unknown key 'chanel' in doorbell; the nearest valid key is 'channel'"),
		BAD(key_map, X_COMPONENT("maps = ( { regions = \"pkt\"; rights = \"r\"; } );"),
		    AT_X "unknown key 'regions' in map; the nearest valid key is 'region'"),
		BAD(key_region, SYSTEM("regions = ( { name = \"a\"; pages = 1; } );", LOADER(""),
		    SCHED(""), ""), "sys.cfg:2: unknown key 'pages' in region; the nearest valid key is "),
		BAD(key_missing, SYSTEM("", LOADER(""), SCHED(""), ",\n{ name = \"x\"; }"),
		    AT_X "component has no 'object'; add one"),
		BAD(key_twice, X_COMPONENT("heap = 1; heap = 2;"), AT_X "duplicate setting name"),

		/* types */
		BAD(type_string, X_COMPONENT("args = 5;"),
		    AT_X "'args' of component is a number; it must be a string"),
		BAD(type_number, X_COMPONENT("heap = \"big\";"),
		    AT_X "'heap' of component is a string; it must be a number"),
		BAD(type_fraction, X_COMPONENT("heap = 1.5;"),
		    AT_X "'heap' of component is a fraction; it must be a number"),
		BAD(type_flag, X_COMPONENT("scheduler = 1;"),
		    AT_X "'scheduler' of component is a number; it must be true or false"),
		BAD(type_choice, X_COMPONENT("on_fault = true;"),
		    AT_X "'on_fault' of component is true or false; it must be a string"),
		BAD(type_list, X_COMPONENT("maps = { };"),
		    AT_X "'maps' of component is a group { }; it must be a list ( ) or an array [ ]"),
		BAD(type_group, X_COMPONENT("maps = ( 1 );"),
		    AT_X "map is a number; write it as a group { key = value; ... }"),
		BAD(type_import, X_COMPONENT("imports = [ 1 ];"),
		    AT_X "import must be a string, not a number; write \"NAME\""),
		BAD(type_component, SYSTEM("", LOADER(""), SCHED(""), ",\n\"x\""),
		    AT_X "component is a string; write it as a group { key = value; ... }"),

		/* values */
		BAD(priority_high, SYSTEM("", LOADER(""), SCHED(""), ",\n"
		    X("threads = ( { name = \"main\"; entry = \"x_main\"; priority = 256; } );")),
		    AT_X "'priority' of thread is 256; it must be from 0 to 255"),
		BAD(priority_low, SYSTEM("", LOADER(""), SCHED(""), ",\n"
		    X("threads = ( { name = \"main\"; entry = \"x_main\"; priority = -1; } );")),
		    AT_X "'priority' of thread is -1; it must be from 0 to 255"),
		BAD(stack_zero, X_COMPONENT("stack = 0;"),
		    AT_X "'stack' of component is 0; it must be from 1 to 61440"),
		BAD(stack_big, X_COMPONENT("stack = 61441;"),
		    AT_X "'stack' of component is 61441; it must be from 1 to 61440"),
		BAD(heap_negative, X_COMPONENT("heap = -1;"),
		    AT_X "'heap' of component is -1; it must be from 0 to 805306368"),
		BAD(heap_big, X_COMPONENT("heap = 4294967296L;"),
		    AT_X "'heap' of component is 4294967296; it must be from 0 to 805306368"),
		BAD(heap_fills, SYSTEM("", LOADER("heap = 805306368;"), SCHED(""), ""),
		    "sys.cfg:4: component 'loader' does not fit: "),
		BAD(region_zero, SYSTEM("regions = ( { name = \"a\"; size = 0; } );", LOADER(""),
		    SCHED(""), ""), "sys.cfg:2: 'size' of region is 0; it must be from 1 to 1073741824"),
		BAD(region_big, SYSTEM("regions = ( { name = \"a\"; size = 1073741825; } );",
		    LOADER(""), SCHED(""), ""),
		    "sys.cfg:2: 'size' of region is 1073741825; it must be from 1 to 1073741824"),
		BAD(name_long, X_COMPONENT("endpoints = ( { name = \"sixteen_letters_\"; } );"),
		    AT_X "name of endpoint 'sixteen_letters_' has 16 characters; use 1 to 15"),
		BAD(name_empty, X_COMPONENT("endpoints = ( { name = \"\"; } );"),
		    AT_X "name of endpoint '' has 0 characters; use 1 to 15"),
		BAD(name_letters, X_COMPONENT("endpoints = ( { name = \"a-b\"; } );"),
		    AT_X "name of endpoint 'a-b' contains '-'; use letters, digits and '_'"),
		BAD(channel_long, SYSTEM("channels = ( \"elevenchars\" );", LOADER(""), SCHED(""), ""),
		    "sys.cfg:2: channel 'elevenchars' has 11 characters; use 1 to 10"),
		BAD(translator_size, TRANSLATOR("\"x\"", "6000"),
		    "sys.cfg:2: translator 'talk' has to_aos = 6000; use a power of two from 4096 to 1048576"),
		BAD(translator_small, TRANSLATOR("\"x\"", "2048"),
		    "sys.cfg:2: 'to_aos' of translator is 2048; it must be from 4096 to 1048576"),
		BAD(translator_big, TRANSLATOR("\"x\"", "2097152"),
		    "sys.cfg:2: 'to_aos' of translator is 2097152; it must be from 4096 to 1048576"),
		BAD(translator_whose, TRANSLATOR("\"y\"", "4096"),
		    "sys.cfg:2: translator 'talk' is of component 'y', which there is not; name one"),
		BAD(translator_nobody, SYSTEM("translators = ( { name = \"talk\"; to_aos = 4096; from_aos = 4096; } );",
		    LOADER(""), SCHED(""), ""), "sys.cfg:2: translator has no 'component'; add one"),
		BAD(translator_as, SYSTEM("translators = ( { name = \"talk\"; component = \"sched\"; as = \"elevenchars\"; to_aos = 4096; from_aos = 4096; } );",
		    LOADER(""), SCHED(""), ""), "sys.cfg:2: 'elevenchars' has 11 characters; use 1 to 10"),
		BAD(translator_twice, SYSTEM("channels = ( \"talk\" ); translators = ( { name = \"talk\"; component = \"sched\"; to_aos = 4096; from_aos = 4096; } );",
		    LOADER(""), SCHED(""), ""), "sys.cfg:2: channel 'talk' has the name of the one in line 2"),
		BAD(text_empty, X_COMPONENT("args = \"\";"), AT_X "'args' of component is empty;"),
		BAD(choice, X_COMPONENT("on_fault = \"stopp\";"),
		    AT_X "'on_fault' of component is \"stopp\"; the nearest valid value is \"stop\""),
		BAD(choice_rights, X_COMPONENT("maps = ( { region = \"pkt\"; rights = \"rwx\"; } );"),
		    AT_X "'rights' of map is \"rwx\"; the nearest valid value is \"rw\""),

		/* names */
		BAD(twice_component, SYSTEM("", LOADER(""), SCHED(""), ",\n{ name = \"sched\"; object = \"sched.o\"; }"),
		    AT_X "component 'sched' has the name of the one in line 5; rename one"),
		BAD(twice_thread, SYSTEM("", LOADER(""), SCHED(""), ",\n"
		    X("threads = ( { name = \"a\"; entry = \"m\"; priority = 1; },\n{ name = \"a\"; entry = \"m\"; priority = 1; } );")),
		    "sys.cfg:7: thread 'a' has the name of the one in line 6; rename one"),
		BAD(twice_endpoint, X_COMPONENT("endpoints = ( { name = \"e\"; }, { name = \"e\"; } );"),
		    AT_X "endpoint, timer or doorbell 'e' has the name of the one in line 6; rename one"),
		BAD(twice_timer, X_COMPONENT("endpoints = ( { name = \"e\"; } ); timers = ( { name = \"e\"; endpoint = \"e\"; } );"),
		    AT_X "endpoint, timer or doorbell 'e' has the name of"),
		BAD(twice_doorbell, X_COMPONENT("endpoints = ( { name = \"e\"; } ); doorbells = ( { name = \"e\"; channel = \"cos0\"; } );"),
		    AT_X "endpoint, timer or doorbell 'e' has the name of"),
		BAD(twice_region, SYSTEM("regions = ( { name = \"a\"; size = 1; }, { name = \"a\"; size = 1; } );",
		    LOADER(""), SCHED(""), ""), "sys.cfg:2: region 'a' has the name of the one in line 2"),
		BAD(twice_channel, SYSTEM("channels = ( \"a\", \"a\" );", LOADER(""), SCHED(""), ""),
		    "sys.cfg:2: channel 'a' has the name of the one in line 2"),
		BAD(twice_import, X_COMPONENT("imports = [ \"sched\", \"sched\" ];"),
		    AT_X "import 'sched' has the name of"),
		BAD(twice_map_name, X_COMPONENT("maps = ( { region = \"pkt\"; as = \"a\"; rights = \"r\"; }, { region = \"cos0.tx\"; as = \"a\"; rights = \"r\"; } );"),
		    AT_X "map 'a' has the name of"),
		BAD(map_size_name, X_COMPONENT("maps = ( { region = \"pkt\"; as = \"a\"; rights = \"r\"; }, { region = \"cos0.tx\"; as = \"a_size\"; rights = \"r\"; } );"),
		    AT_X "map 'a_size' and the size of map 'a' would be one symbol;"),
		BAD(map_twice, X_COMPONENT("maps = ( { region = \"pkt\"; as = \"a\"; rights = \"r\"; }, { region = \"pkt\"; as = \"b\"; rights = \"r\"; } );"),
		    AT_X "region 'pkt' is mapped a second time; remove one"),

		/* references */
		BAD(unknown_import, X_COMPONENT("imports = [ \"shed\" ];"),
		    AT_X "there is no component 'shed'; the nearest is 'sched'"),
		BAD(unknown_region, X_COMPONENT("maps = ( { region = \"cos0.hots\"; as = \"a\"; rights = \"r\"; } );"),
		    AT_X "there is no region 'cos0.hots'; the nearest is 'cos0.host'"),
		BAD(unknown_endpoint, X_COMPONENT("endpoints = ( { name = \"rx\"; } ); timers = ( { name = \"t\"; endpoint = \"tx\"; } );"),
		    AT_X "there is no endpoint 'tx'; the nearest is 'rx'"),
		BAD(no_endpoint, X_COMPONENT("timers = ( { name = \"t\"; endpoint = \"tx\"; } );"),
		    AT_X "there is no endpoint 'tx', nor any other; add it"),
		BAD(unknown_channel, X_COMPONENT("doorbells = ( { name = \"t\"; channel = \"cos1\"; } );"),
		    AT_X "there is no channel 'cos1'; the nearest is 'cos0'"),
		BAD(endpoint_channel, X_COMPONENT("endpoints = ( { name = \"t\"; source = \"channel\"; channel = \"cos1\"; } );"),
		    AT_X "there is no channel 'cos1'; the nearest is 'cos0'"),
		BAD(endpoint_no_channel, X_COMPONENT("endpoints = ( { name = \"t\"; source = \"channel\"; } );"),
		    AT_X "endpoint 't' counts packets of no channel; add channel"),
		BAD(endpoint_soft_channel, X_COMPONENT("endpoints = ( { name = \"t\"; channel = \"cos0\"; } );"),
		    AT_X "endpoint 't' has a channel but another source; set"),
		BAD(endpoint_scheduler, X_COMPONENT("endpoints = ( { name = \"t\"; source = \"scheduler\"; } );"),
		    AT_X "endpoint 't' counts scheduler notices, but 'x' is not a scheduler;"),

		/* rights */
		BAD(host_written, X_COMPONENT("maps = ( { region = \"cos0.host\"; as = \"a\"; rights = \"rw\"; } );"),
		    AT_X "region 'cos0.host' is written by Linux alone; map it with rights = \"r\""),
		BAD(counters_written, X_COMPONENT("maps = ( { region = \"counters\"; rights = \"rw\"; } );"),
		    AT_X "region 'counters' is written by its components; map it with rights = \"r\""),
		BAD(counters_kind, SYSTEM("regions = ( { name = \"a\"; size = 1; kind = \"counters\"; } );",
		    LOADER(""), SCHED(""), ""),
		    "sys.cfg:2: region 'a' is of kind \"counters\"; leave it out, the region 'counters' is always"),
		BAD(ctrl_shared, SYSTEM("channels = ( \"cos0\" );",
		    LOADER("maps = ( { region = \"cos0.ctrl\"; as = \"a\"; rights = \"rw\"; } );"),
		    SCHED("maps = ( { region = \"cos0.ctrl\"; as = \"a\"; rights = \"r\"; } );"), ""),
		    "sys.cfg:5: region 'cos0.ctrl' belongs to 'loader', which maps it already;"),

		/* roles and places */
		BAD(no_scheduler, SYSTEM("", LOADER(""), "", X(THREAD)),
		    "sys.cfg: no component is the root scheduler; set scheduler = true, without scheduled_by, in one"),
		BAD(two_schedulers, X_COMPONENT("scheduler = true;"),
		    AT_X "'x' is a second root scheduler beside 'sched'; name with scheduled_by"),
		BAD(loader_first, SYSTEM("", "{ name = \"x\"; object = \"x.o\"; },\n", SCHED(""), ""),
		    "sys.cfg:4: the first component is the loader, and 'x' has no thread \"main\""),
		BAD(unreachable, SYSTEM("", LOADER(""), SCHED(""),
		    ",\n{ name = \"y\"; object = \"y.o\"; imports = [ \"x\" ]; },\n" X("")),
		    "sys.cfg:7: no thread reaches component 'x'; give it a thread, import it somewhere"),
		BAD(base_misaligned, X_COMPONENT("base = 0x100400001000L;"),
		    AT_X "base 0x100400001000 of 'x' is misaligned; use a multiple of 0x40000000"),
		BAD(base_overlap, X_COMPONENT("base = 0x100080000000L;"),
		    AT_X "'x' at 0x100080000000 overlaps 'sched' at 0x100080000000; change or remove 'base'"),
		BAD(base_range, X_COMPONENT("base = 0x1000;"),
		    AT_X "'base' of component is 4096; it must be from "),

		/* cycles */
		BAD(cycle_self, X_COMPONENT("imports = [ \"x\" ];"),
		    AT_X "imports form a cycle: x -> x; remove one of these imports"),
		BAD(cycle, SYSTEM("", LOADER("imports = [ \"a\" ];"), SCHED(""),
		    ",\n{ name = \"a\"; object = \"a.o\"; imports = [ \"b\" ]; },\n"
		    "{ name = \"b\"; object = \"b.o\"; imports = [ \"c\" ]; },\n"
		    "{ name = \"c\"; object = \"c.o\"; imports = [ \"a\" ]; }"),
		    "sys.cfg:8: imports form a cycle: a -> b -> c -> a; remove one of these imports"),
	};

	return cmocka_run_group_tests_name("coslink: compositions", tests, rig_setup,
					   rig_teardown);
}
