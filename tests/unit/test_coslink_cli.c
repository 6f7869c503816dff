// SPDX-License-Identifier: GPL-2.0-or-later
/* The command itself: options, exit statuses, files written and not written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test_coslink.h"

#define GOOD SYSTEM("", LOADER("heap = 1;"), SCHED(""), \
		    ",\n" X(THREAD "imports = [ \"sched\", \"loader\" ]; args = \"a b\"; on_fault = \"stop\";" \
		    "endpoints = ( { name = \"e\"; } ); timers = ( { name = \"t\"; endpoint = \"e\"; } );" \
		    "maps = ( { region = \"pkt\"; as = \"in\"; rights = \"r\"; }, { region = \"cos0.tx\"; as = \"tx\"; rights = \"rw\"; } );" \
		    "doorbells = ( { name = \"d\"; channel = \"cos0\"; } );")) \
	"channels = [ \"cos0\" ]; regions = ( { name = \"pkt\"; size = 1; }, { name = \"none\"; size = 1; } );"

#define FILES " --composition sys.cfg --objects . "

/* Run coslink; its exit status, with what it says in files out and err. */
static int run(const char *arguments)
{
	char command[1024];
	int status;

	snprintf(command, sizeof(command), COSLINK " %s >out 2>err", arguments);
	unlink("sys.img");
	status = system(command);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void assert_says(const char *file, const char *wanted)
{
	size_t size;
	char *text = (char *)rig_read(file, &size);
	char *whole = calloc(1, size + 1);

	memcpy(whole, text, size);
	if (!strstr(whole, wanted))
		fail_msg("wanted: %s\n got: %s", wanted, whole);
	free(whole);
	free(text);
}

static void assert_silent(const char *file)
{
	struct stat st;

	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_size, 0);
}

static int cli_setup(void **state)
{
	if (rig_setup(state))
		return -1;
	rig_compile("x.o", "int sched_wake(int); int x_main(int a) { return sched_wake(a) + 1; }");
	rig_write("sys.cfg", GOOD);
	return 0;
}

static void test_link(void **state)
{
	struct view v;
	struct stat st;

	(void)state;
	assert_int_equal(run(FILES "--output sys.img"), 0);
	assert_silent("out");
	assert_silent("err");
	v = view_open("sys.img");
	assert_int_equal(v.head->components.count, 3);
	view_close(&v);
	assert_int_equal(stat("sys.img", &st), 0);
	assert_int_equal(st.st_mode & 0400, 0400);
	rig_shell("test -z \"$(ls sys.img.* 2>/dev/null)\"");
}

static void test_dry_run(void **state)
{
	(void)state;
	assert_int_equal(run(FILES "--dry-run --output sys.img"), 0);
	assert_false(rig_exists("sys.img"));
	assert_int_equal(run(FILES "--dry-run"), 0);
}

static void test_report(void **state)
{
	static const char *const wanted[] = {
		"\ncomponent 0 loader (loader.o)\n", "\ncomponent 1 sched (sched.o), scheduler\n",
		"\ncomponent 2 x (x.o), stops on a fault\n",
		"  text      0x1000c0000000-0x1000c00000", "  heap      0x1000400",
		"  stacks    0x1000f0000000, 4 pages per thread\n", "\"a b\"\n",
		"  thread    main            priority   9  x_main at 0x1000c0000",
		"  slot  16  endpoint e, source soft\n", "  slot  17  timer t of endpoint e\n",
		"  slot  18  doorbell d of channel cos0\n",
		"  slot  19  import sched_wake from sched\n", "  note      imports nothing of loader\n",
		"  export    sched_wake at 0x100080000", ", used by x\n",
		"  map       pkt as in r--\n", "  map       cos0.tx as tx rw-\n",
		"\nchannel 0 cos0\n", "4096 bytes, mapped by x r--\n", "4096 bytes, mapped by nobody\n",
	};

	(void)state;
	assert_int_equal(run(FILES "--output sys.img --report -"), 0);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		assert_says("out", wanted[i]);
	assert_int_equal(run(FILES "--output sys.img --report map.txt"), 0);
	rig_shell("cmp -s out map.txt || { " COSLINK FILES "--dry-run --report - | cmp - map.txt; }");
}

static void test_help(void **state)
{
	(void)state;
	assert_int_equal(run("--help"), 0);
	assert_says("out", "usage: coslink --composition FILE --objects DIR --output FILE\n");
	assert_silent("err");
	assert_int_equal(run("--version"), 0);
	assert_says("out", "coslink ");
}

static void test_usage(void **state)
{
	static const char *const wrong[] = {
		"", "--colour", "--composition sys.cfg --output sys.img", "--composition",
		"--objects . --output sys.img", FILES, FILES "--output sys.img more",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(run(wrong[i]), 2);
		assert_says("err", "usage: coslink");
		assert_silent("out");
	}
}

static void test_bad_input(void **state)
{
	(void)state;
	assert_int_equal(run("--composition none.cfg --objects . --output sys.img"), 1);
	assert_says("err", "none.cfg: cannot read the composition: No such file or directory; name");
	assert_int_equal(run("--composition . --objects . --output sys.img"), 1);
	assert_says("err", ".: cannot read the composition: Is a directory; name");
	assert_int_equal(run("--composition sys.cfg --objects none --output sys.img"), 1);
	assert_says("err", "loader.o: cannot open none/loader.o: No such file or directory;");
	assert_false(rig_exists("sys.img"));
}

/* A failed run leaves the image of the last good one alone. */
static void test_keeps_old(void **state)
{
	(void)state;
	assert_int_equal(run(FILES "--output sys.img"), 0);
	rig_shell("cp sys.img old.img");
	rig_write("bad.cfg", "version = 3;");
	assert_int_equal(run("--composition bad.cfg --objects . --output old.img"), 1);
	assert_int_equal(run(FILES "--output sys.img"), 0);
	rig_shell("cmp sys.img old.img");
}

static void test_unwritable(void **state)
{
	(void)state;
	assert_int_equal(run(FILES "--output none/sys.img"), 1);
	assert_says("err", "none/sys.img: cannot write: No such file or directory; name a file in a writable directory");
	rig_shell("mkdir -p sys.dir");
	assert_int_equal(run(FILES "--output sys.dir"), 1);
	assert_says("err", "sys.dir: cannot write: Is a directory;");
	rig_shell("test -z \"$(ls sys.dir.* 2>/dev/null)\"");
	assert_int_equal(run(FILES "--output sys.img --report none/map"), 1);
	assert_says("err", "none/map: cannot write: ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_link), cmocka_unit_test(test_dry_run),
		cmocka_unit_test(test_report), cmocka_unit_test(test_help),
		cmocka_unit_test(test_usage), cmocka_unit_test(test_bad_input),
		cmocka_unit_test(test_keeps_old), cmocka_unit_test(test_unwritable),
	};

	return cmocka_run_group_tests_name("coslink: command", tests, cli_setup, rig_teardown);
}
