// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The state file: what is written comes back, a torn last line does not, and
 * nonsense is refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test_config.h"
#include "access.h"
#include "flow.h"
#include "others.h"
#include "state.h"

static char dir[] = "/tmp/test-aosctl.XXXXXX";
static char run[64];

static int make_dirs(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(run, sizeof(run), "%s/run", dir);
	return 0;
}

static int remove_dirs(void **state)
{
	(void)state;
	return rmdir(dir);	/* fails if a test left something behind */
}

static void write_file(const char *name, const char *text)
{
	char path[128];
	FILE *out;

	mkdir(run, 0700);
	snprintf(path, sizeof(path), "%s/%s.state", run, name);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void round_trip(void **unused)
{
	struct state *out = calloc(1, sizeof(*out)), *in = calloc(1, sizeof(*in));
	const struct state_step *step;
	unsigned int from = 0;
	int lock = state_lock(run);

	(void)unused;
	assert_true(lock >= 0);
	assert_int_equal(state_create(out, run, "aos0"), 0);
	assert_int_equal(state_add(out, "config %016llx", 42ull), 0);
	assert_int_equal(state_add(out, "link cos0"), 0);
	assert_int_equal(state_add(out, "link cos1"), 0);
	assert_int_equal(state_add(out, "route cos0 -6 fd00:9::/64"), 0);
	assert_int_equal(state_load(in, run, "aos0"), 0);
	assert_int_equal(in->n, 4);
	assert_string_equal(in->step[3].word[3], "fd00:9::/64");
	assert_string_equal(in->step[1].word[2], "");
	step = state_find(in, "link", &from);
	assert_string_equal(step->word[1], "cos0");
	step = state_find(in, "link", &from);
	assert_string_equal(step->word[1], "cos1");
	assert_null(state_find(in, "link", &from));
	assert_true(state_has(in, "route"));
	assert_false(state_has(in, "up"));
	assert_int_equal(out->n, in->n);	/* unwinding works from either */
	assert_string_equal(out->step[3].word[3], in->step[3].word[3]);
	assert_int_equal(state_remove(out), 0);
	assert_int_equal(state_load(in, run, "aos0"), -ENOENT);
	assert_int_equal(state_remove(out), 0);	/* twice is fine */
	state_unlock(run, lock);
	assert_int_equal(access(run, F_OK), -1);
	free(in);
	free(out);
}

/* What other instances have, and whose it is; never one's own. */
static void others(void **unused)
{
	static struct state self, other;
	static struct config config;
	struct others_step found;
	struct flow flow = { .id = 1, .to = "cos0", .rule = { .mode = CONFIG_MODE_ROUTE,
		.prefix = { .family = 4, .len = 24, .addr = { 10, 9 } } } };
	int lock = state_lock(run);

	(void)unused;
	assert_int_equal(state_create(&self, run, "aos1"), 0);
	assert_int_equal(state_add(&self, "module cosnet"), 0);
	assert_false(others_have(&self, "module", "cosnet", NULL));
	assert_int_equal(state_create(&other, run, "aos0"), 0);
	assert_int_equal(state_add(&other, "cpu 3"), 0);
	assert_int_equal(state_add(&other, "module hijack"), 0);
	assert_int_equal(state_add(&other, "link cos0"), 0);
	assert_int_equal(state_add(&other, "sysctl net/x 0 1"), 0);
	assert_int_equal(flow_record(&other, &flow), 0);
	write_file("torn", "no state\n");
	assert_true(others_have(&self, "module", "hijack", NULL));
	assert_false(others_have(&self, "module", "cosnet", NULL));
	assert_true(others_have(&self, "sysctl", "net/x", &found));
	assert_string_equal(found.name, "aos0");
	assert_string_equal(found.step.word[2], "0");

	config.aos.cpu = 2;
	config.ninterfaces = 1;
	strcpy(config.interfaces[0].name, "cos1");
	assert_int_equal(others_refuse(&self, &config), 0);
	config.aos.cpu = 3;
	assert_int_equal(others_refuse(&self, &config), -1);
	config.aos.cpu = 2;
	strcpy(config.interfaces[0].name, "cos0");
	assert_int_equal(others_refuse(&self, &config), -1);
	strcpy(config.interfaces[0].name, "cos1");
	config.interfaces[0].nsteering = 1;
	config.interfaces[0].steering[0] = flow.rule;
	assert_int_equal(others_refuse(&self, &config), -1);

	state_remove(&other);
	assert_int_equal(others_refuse(&self, &config), 0);
	state_remove(&self);
	strcpy(self.name, "torn");
	state_remove(&self);
	state_unlock(run, lock);
}

static void only_once(void **unused)
{
	struct state *a = calloc(1, sizeof(*a)), *b = calloc(1, sizeof(*b));

	(void)unused;
	assert_int_equal(state_create(a, run, "aos0"), 0);
	assert_int_equal(state_create(b, run, "aos0"), -EEXIST);
	assert_int_equal(state_create(b, run, "../x"), -EINVAL);
	assert_int_equal(state_create(b, run, ""), -EINVAL);
	assert_int_equal(state_remove(a), 0);
	rmdir(run);
	free(b);
	free(a);
}

static void torn(void **unused)
{
	static const struct {
		const char *text;
		int err;
		unsigned int steps;
	} cases[] = {
		{ "aosctl-state 2\nlink cos0\nlink co", 0, 1 },
		{ "aosctl-state 2\nlink cos0\n", 0, 1 },
		{ "aosctl-state 2\n", 0, 0 },
		{ "aosctl-st", 0, 0 },
		{ "", 0, 0 },
		{ "aosctl-state 1\nlink cos0\n", -EPROTO, 0 },
		{ "nonsense", -EPROTO, 0 },
	};
	struct state *in = calloc(1, sizeof(*in));

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_file("aos0", cases[i].text);
		assert_int_equal(state_load(in, run, "aos0"), cases[i].err);
		if (!cases[i].err)
			assert_int_equal(in->n, cases[i].steps);
	}
	assert_int_equal(state_remove(in), 0);
	rmdir(run);
	free(in);
}

static void too_much(void **unused)
{
	struct state *out = calloc(1, sizeof(*out));
	char text[2 * STATE_LINE];

	(void)unused;
	assert_int_equal(state_create(out, run, "aos0"), 0);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(state_add(out, "link %s", text), -1);
	assert_int_equal(out->n, 0);
	for (int i = 0; i < (int)STATE_LINES; i++)
		assert_int_equal(state_add(out, "link cos%d", i), 0);
	assert_int_equal(state_add(out, "link cos"), -1);
	assert_int_equal(state_load(out, run, "aos0"), 0);
	assert_int_equal(out->n, STATE_LINES);
	state_remove(out);

	snprintf(text, sizeof(text), "aosctl-state 2\n%0*d\n", STATE_LINE, 0);
	write_file("aos0", text);
	assert_int_equal(state_load(out, run, "aos0"), -EPROTO);
	state_remove(out);
	rmdir(run);
	free(out);
}

static void list(void **unused)
{
	struct state *s = calloc(1, sizeof(*s));
	char names[4][STATE_NAME];
	char path[128];

	(void)unused;
	assert_int_equal(state_list(run, names, 4), 0);
	write_file("aos0", "");
	write_file("0123456789abcdef0", "");	/* too long for an instance */
	snprintf(path, sizeof(path), "%s/.state", run);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	assert_int_equal(state_list(run, names, 4), 1);
	assert_string_equal(names[0], "aos0");
	unlink(path);
	snprintf(path, sizeof(path), "%s/0123456789abcdef0.state", run);
	unlink(path);
	assert_int_equal(state_load(s, run, "aos0"), 0);
	state_remove(s);
	rmdir(run);
	free(s);
}

/* The second waits for the first, though the directory goes in between. */
static void locked(void **unused)
{
	int lock = state_lock(run), status, ready[2];
	char byte;
	pid_t child;

	(void)unused;
	assert_true(lock >= 0);
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (!child) {
		freopen("/dev/null", "w", stdout);
		status = write(ready[1], "", 1) != 1;
		lock = state_lock(run);
		_exit(lock < 0 || access(run, F_OK) || status);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	usleep(100000);
	assert_int_equal(waitpid(child, &status, WNOHANG), 0);
	state_unlock(run, lock);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(ready[0]);
	close(ready[1]);
	rmdir(run);
}

/* ---- who may look ---- */

static void groups(void **unused)
{
	char path[128];
	unsigned int gid = 0;
	FILE *out;

	(void)unused;
	snprintf(path, sizeof(path), "%s/group", dir);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs("root:x:0:\naos2:x:5:\n\naos:x\naos:x:\naos:x:12x:a,b\naos:x:777:a,b\naos:x:8:\n",
	      out);
	fclose(out);
	assert_true(access_find(path, "aos", &gid));
	assert_int_equal(gid, 777);
	assert_true(access_find(path, "root", &gid));
	assert_int_equal(gid, 0);
	assert_false(access_find(path, "ao", &gid));
	assert_false(access_find(path, "", &gid));
	assert_false(access_find("/none/such", "aos", &gid));
	unlink(path);
}

static unsigned int mode_of_state(void)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof(path), "%s/aos0.state", run);
	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 0777;
}

/* A file is root's alone unless its directory is a group's. */
static void files_follow_their_directory(void **unused)
{
	struct state *state = calloc(1, sizeof(*state));

	(void)unused;
	assert_int_equal(state_create(state, run, "aos0"), 0);
	assert_int_equal(mode_of_state(), 0600);
	assert_int_equal(state_store(state), 0);
	assert_int_equal(mode_of_state(), 0600);
	assert_int_equal(chmod(run, 0750), 0);
	state_share(state);
	assert_int_equal(mode_of_state(), 0640);
	assert_int_equal(state_store(state), 0);
	assert_int_equal(mode_of_state(), 0640);
	assert_int_equal(state_remove(state), 0);
	assert_int_equal(rmdir(run), 0);
	free(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip), cmocka_unit_test(others), cmocka_unit_test(only_once),
		cmocka_unit_test(torn), cmocka_unit_test(too_much),
		cmocka_unit_test(list), cmocka_unit_test(groups),
		cmocka_unit_test(files_follow_their_directory), cmocka_unit_test(locked),
	};

	return cmocka_run_group_tests_name("state", tests, make_dirs, remove_dirs);
}
