// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes of a running appliance: what was begun and not finished is taken back
 * from the state file, wherever it was cut off; and what cannot be changed at all.
 *
 * The host is played: every step that is undone or put back is written down.
 */
#include <netinet/in.h>
#include <unistd.h>

#include "test_config.h"
#include "change.h"
#include "down.h"
#include "file.h"
#include "flow.h"
#include "parts.h"
#include "prefix.h"
#include "rules.h"
#include "steering.h"
#include "sysctl.h"

static char dir[] = "/tmp/test-change.XXXXXX";
static char played[4096];	/* "undo flow 1; restore flow 2; " */
static const char *fails;	/* the step that cannot be done */

static int play(const char *what, const struct state_step *step)
{
	size_t n = strlen(played);

	snprintf(played + n, sizeof(played) - n, "%s %s %s; ", what, step->word[0],
		 step->word[1]);
	return fails && !strcmp(fails, step->word[1]) ? -1 : 0;
}

int __wrap_settings_reload_recover(const struct state *state);
int __wrap_down_undo(const struct state *state, const struct state_step *step);
int __wrap_steering_restore_flow(const struct state *state, const struct state_step *step);
int __wrap_sysctl_restore(const struct state_step *step);

int __wrap_down_undo(const struct state *state, const struct state_step *step)
{
	(void)state;
	return play("undo", step);
}

/* Settings as they were: asked of the AOS as a whole. */
int __wrap_settings_reload_recover(const struct state *state)
{
	const struct state_step *step;
	unsigned int from = 0;
	int failed = 0;

	while ((step = state_find(state, "was", &from)))
		failed |= play("put", step);
	return failed;
}

int __wrap_steering_restore_flow(const struct state *state, const struct state_step *step)
{
	(void)state;
	return play("restore", step);
}

int __wrap_sysctl_restore(const struct state_step *step)
{
	return play("restore", step);
}

/* ---- a state, and its file -------------------------------------------------------- */

static const char *const before[] = {
	"config 0123", "sysctl a/b 0 1", "flow 1 cos0 redirect v0 10.9.0.1/32 udp 7 7 0 drop",
	"flow 2 cos0 route - 10.9.1.0/24 any 0 0 0 drop", "up",
};

static void start(struct state *state)
{
	played[0] = '\0';
	fails = NULL;
	assert_int_equal(state_create(state, dir, "aos0"), 0);
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		assert_int_equal(state_add(state, "%s", before[i]), 0);
}

/* The step of this kind and name, from before. */
static const struct state_step *step_of(const struct state *state, const char *kind,
					const char *name)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, kind, &from)) && strcmp(step->word[1], name))
		;
	return step;
}

/* A change of all kinds of steps, up to its end. */
static void change(struct state *state)
{
	assert_int_equal(change_begin(state), 0);
	assert_int_equal(state_add(state, "clsact v1"), 0);
	assert_int_equal(state_add(state, "flow 3 cos0 redirect v1 10.8.0.1/32 any 0 0 0 drop"),
			 0);
	assert_int_equal(change_take_back(state, step_of(state, "flow", "1")), 0);
	assert_int_equal(change_take_back(state, step_of(state, "sysctl", "a/b")), 0);
	assert_int_equal(change_take_back(state, step_of(state, "config", "0123")), 0);
	assert_int_equal(state_add(state, "config 4567"), 0);
}

static char *read_file(void)
{
	char path[128];
	uint8_t *bytes;
	size_t size;

	snprintf(path, sizeof(path), "%s/aos0.state", dir);
	assert_int_equal(file_read_all(path, 65536, &bytes, &size), 0);
	bytes[size] = '\0';
	return (char *)bytes;
}

static void write_file(const char *text, size_t size)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/aos0.state", dir);
	out = fopen(path, "w");
	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, size, out), size);
	fclose(out);
}

static void assert_as_before(void)
{
	struct state *state = calloc(1, sizeof(*state));

	assert_int_equal(state_load(state, dir, "aos0"), 0);
	assert_int_equal(state->n, sizeof(before) / sizeof(before[0]));
	for (unsigned int i = 0; i < state->n; i++) {
		size_t first = strlen(state->step[i].word[0]);

		assert_memory_equal(state->step[i].word[0], before[i], first);
		assert_int_equal(strncmp(before[i] + first + 1, state->step[i].word[1],
					 strlen(state->step[i].word[1])), 0);
	}
	free(state);
}

static void end(struct state *state)
{
	assert_int_equal(state_remove(state), 0);
	free(state);
}

/* ---- changes ------------------------------------------------------------------------- */

static void a_change_holds(void **unused)
{
	struct state *state = calloc(1, sizeof(*state));
	char *text;

	(void)unused;
	start(state);
	change(state);
	assert_null(step_of(state, "flow", "1"));	/* gone, though not from the file */
	assert_string_equal(played, "undo flow 1; undo sysctl a/b; undo config 0123; ");
	assert_int_equal(change_commit(state), 0);
	text = read_file();
	assert_string_equal(text, "aosctl-state 2\n"
			    "flow 2 cos0 route - 10.9.1.0/24 any 0 0 0 drop\nup\nclsact v1\n"
			    "flow 3 cos0 redirect v1 10.8.0.1/32 any 0 0 0 drop\n"
			    "config 4567\n");
	free(text);
	assert_int_equal(change_recover(state), 0);	/* nothing to do */
	end(state);
}

static void a_change_is_taken_back(void **unused)
{
	struct state *state = calloc(1, sizeof(*state));

	(void)unused;
	start(state);
	change(state);
	played[0] = '\0';
	assert_int_equal(change_recover(state), 0);
	assert_string_equal(played, "undo config 4567; restore sysctl a/b; restore flow 1; "
			    "undo flow 3; undo clsact v1; undo begin ; ");
	assert_as_before();
	end(state);
}

/* Killed at any moment: the file ends at any byte. */
static void cut_off_anywhere(void **unused)
{
	struct state *state = calloc(1, sizeof(*state));
	size_t whole, first;
	char *text;

	(void)unused;
	start(state);
	text = read_file();
	first = strlen(text);
	free(text);
	change(state);
	text = read_file();
	whole = strlen(text);
	for (size_t size = first; size <= whole; size++) {
		write_file(text, size);
		assert_int_equal(change_recover(state), 0);
		assert_as_before();
	}
	free(text);
	end(state);
}

/* Before all else, since the flows are still there; and a change that holds forgets them. */
static void settings_are_taken_back(void **unused)
{
	struct state *state = calloc(1, sizeof(*state));

	(void)unused;
	start(state);
	change(state);
	assert_int_equal(state_add(state, "was 3 2 10000"), 0);
	assert_int_equal(state_add(state, "was 2 2 20000"), 0);
	played[0] = '\0';
	assert_int_equal(change_recover(state), 0);
	assert_int_equal(strncmp(played, "put was 3; put was 2; undo was 2; undo was 3; undo config",
				 57), 0);
	assert_as_before();
	change(state);
	assert_int_equal(state_add(state, "was 3 2 10000"), 0);
	assert_int_equal(change_commit(state), 0);
	assert_false(state_has(state, "was"));
	fails = "3";		/* the AOS is asked, and cannot */
	assert_int_equal(change_begin(state), 0);
	assert_int_equal(state_add(state, "was 3 2 10000"), 0);
	assert_int_equal(change_recover(state), -1);
	assert_false(state_has(state, "was"));
	fails = NULL;
	end(state);
}

static void what_cannot_be_put_back_is_said(void **unused)
{
	struct state *state = calloc(1, sizeof(*state));

	(void)unused;
	start(state);
	change(state);
	played[0] = '\0';
	fails = "1";
	assert_int_equal(change_recover(state), -1);
	assert_non_null(strstr(played, "undo flow 3; undo clsact v1"));	/* the others are */
	assert_as_before();
	end(state);
}

static void what_cannot_be_taken_back_stays(void **unused)
{
	struct state *state = calloc(1, sizeof(*state));

	(void)unused;
	start(state);
	assert_int_equal(change_begin(state), 0);
	fails = "2";
	assert_int_equal(change_take_back(state, step_of(state, "flow", "2")), -1);
	assert_non_null(step_of(state, "flow", "2"));
	fails = NULL;
	assert_int_equal(change_recover(state), 0);
	assert_as_before();
	end(state);
}

static void what_no_flow_needs_goes(void **unused)
{
	struct state *state = calloc(1, sizeof(*state));

	(void)unused;
	start(state);
	state_add(state, "clsact v0");
	state_add(state, "clsact v9");
	state_add(state, "xdp v0 17");
	state_add(state, "sysctl net/ipv4/conf/cos0/ignore_routes_with_linkdown 0 1");
	state_add(state, "sysctl net/ipv4/ip_forward 0 1");
	played[0] = '\0';
	assert_int_equal(change_tidy(state), 0);
	assert_string_equal(played, "undo xdp v0; undo clsact v9; undo sysctl "
			    "net/ipv4/conf/cos0/ignore_routes_with_linkdown; ");
	assert_non_null(step_of(state, "clsact", "v0"));
	assert_non_null(step_of(state, "sysctl", "net/ipv4/ip_forward"));
	end(state);
}

/* ---- what can change, and what cannot ---------------------------------------------------- */

/* How many parts differ from those of the good one, and what is said of them. */
static unsigned int differ(const char *from, const char *to, char **said)
{
	struct appliance *old = calloc(1, sizeof(*old)), *new = calloc(1, sizeof(*new));
	struct state *state = calloc(1, sizeof(*state));
	struct report report = { .file = "a.conf" };
	struct part parts[PARTS_MOST];
	char *text = spoil(from, to), *other;
	unsigned int n;
	size_t size;

	assert_int_equal(parse_text(GOOD_CONF, &old->config, &other), 0);
	free(other);
	assert_int_equal(parse_text(text, &new->config, &other), 0);
	free(other);
	assert_int_equal(state_create(state, dir, "aos0"), 0);
	n = parts_list(old, parts);
	for (unsigned int i = 0; i < n; i++)
		assert_int_equal(state_add(state, "part %s %s", parts[i].key, parts[i].value), 0);
	report.out = open_memstream(said, &size);
	n = parts_compare(state, new, &report) ? 1 : 0;
	assert_int_equal(n, !!report.errors);
	fclose(report.out);
	free(text);
	free(old);
	free(new);
	end(state);
	return report.errors;
}

static void parts(void **unused)
{
	static const struct {
		const char *from, *to, *says;	/* NULL: it can change */
	} cases[] = {
		{ "priority = 50", "priority = 51", "a.conf:3: 'priority' is not what aos0" },
		{ "cpu = 1", "cpu = 0", "'cpu'" },
		{ "\"fifo\"", "\"rr\"", "'policy'" },
		{ "8192", "4096", "'frames'" },
		{ "slots = 512", "slots = 256", "a.conf:11: 'cos0.slots'" },
		{ "mtu = 1500", "mtu = 1400", "'cos0.mtu'" },
		{ "\"drop\"", "\"stop\"", "'cos0.full'" },
		{ "10.9.0.1/24", "10.9.0.2/24", "'cos0.addresses'" },
		{ "10.9.0.254", "10.9.0.253", "'cos0.host_addresses'" },
		{ "port = 7", "port = 8", "'services'" },
		{ "forwarding = true;", "forwarding = true; group = \"net-ops\";", "'group'" },
		{ "forwarding = true", "forwarding = false", NULL },
		{ "{ mode = \"route\"; prefix = \"10.9.0.0/24\"; }",
		  "{ mode = \"route\"; prefix = \"10.9.0.0/25\"; }", NULL },
		{ "10.9.0.254", "10.9.0.254", NULL },
	};
	char *said;

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(differ(cases[i].from, cases[i].to, &said), cases[i].says ? 1 : 0);
		if (cases[i].says) {
			assert_non_null(strstr(said, cases[i].says));
			assert_non_null(strstr(said, "needs a restart of the AOS"));
		}
		free(said);
	}
}

static void settings(void **unused)
{
	struct config *config = calloc(1, sizeof(*config));
	struct settings settings;
	char *said;

	(void)unused;
	assert_int_equal(parse_text(GOOD_CONF, config, &said), 0);
	free(said);
	steering_settings(config, &settings);
	assert_int_equal(settings.n, 3);
	assert_string_equal(settings.one[0].key, "net/ipv4/conf/cos0/rp_filter");
	assert_string_equal(settings.one[0].value, "1");
	assert_string_equal(settings.one[2].key, "net/ipv6/conf/all/forwarding");
	config->interfaces[0].steering[0].mode = CONFIG_MODE_XDP;	/* no route back */
	steering_settings(config, &settings);
	assert_string_equal(settings.one[0].value, "0");
	config->host.forwarding = false;
	steering_settings(config, &settings);
	assert_int_equal(settings.n, 0);
	free(config);
}

static void equal_rules(void **unused)
{
	struct config_steering rule = {
		.line = 3, .mode = CONFIG_MODE_REDIRECT, .from = "eth0", .protocol = IPPROTO_UDP,
		.first = 7, .last = 9, .vlan = 5, .down = COSNET_DOWN_REJECT,
	}, other, changed[7];

	(void)unused;
	assert_null(prefix_parse(&rule.prefix, "10.9.0.0/24"));
	other = rule;
	other.line = other.prefix.line = 99;
	assert_true(rules_equal(&rule, &other));
	for (int i = 0; i < 7; i++)
		changed[i] = rule;
	changed[0].mode = CONFIG_MODE_XDP;
	changed[1].from[0] = 'x';
	changed[2].protocol = IPPROTO_TCP;
	changed[3].last = 10;
	changed[4].vlan = 0;
	changed[5].down = COSNET_DOWN_LINUX;
	changed[6].prefix.len = 25;
	for (int i = 0; i < 7; i++)
		assert_false(rules_equal(&rule, &changed[i]));
}

static int make_dir(void **unused)
{
	(void)unused;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **unused)
{
	(void)unused;
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_holds), cmocka_unit_test(a_change_is_taken_back),
		cmocka_unit_test(settings_are_taken_back),
		cmocka_unit_test(cut_off_anywhere),
		cmocka_unit_test(what_cannot_be_put_back_is_said),
		cmocka_unit_test(what_cannot_be_taken_back_stays),
		cmocka_unit_test(what_no_flow_needs_goes), cmocka_unit_test(parts),
		cmocka_unit_test(settings), cmocka_unit_test(equal_rules),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
