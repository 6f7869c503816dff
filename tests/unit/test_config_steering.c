// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Steering rules: what they mean, what must hold in and between them, files of
 * rules alone, and their lines in the state file.
 */
#include <netinet/in.h>
#include <unistd.h>

#include "test_config.h"
#include "flow.h"
#include "prefix.h"
#include "reasons.h"
#include "abi/counters.h"

/* Instead of the second rule of the good configuration, on line 19. */
#define RULES	"{ mode = \"route\"; prefix = \"fd00:9::/64\"; } );\n"
#define SIX	"{ mode = \"route\"; prefix = \"fd00:9::/64\"; }, "
#define FULL	"{ mode = \"redirect\"; from = \"eth0\"; prefix = \"10.9.0.1/32\"; " \
		"protocol = \"udp\"; ports = \"5000-5099\"; vlan = 7; down = \"linux\"; }"

static int parse_rules(const char *rules, struct config *c, char **said)
{
	char *more, *text;
	int err;

	assert_int_not_equal(asprintf(&more, SIX "%s );\n", rules), -1);
	text = spoil(RULES, more);
	err = parse_text(text, c, said);
	free(text);
	free(more);
	return err;
}

static void everything(void **state)
{
	struct config *c = calloc(1, sizeof(*c));
	const struct config_steering *rule = &c->interfaces[0].steering[2];
	char *said;

	(void)state;
	assert_int_equal(parse_rules(FULL, c, &said), 0);
	assert_string_equal(said, "");
	assert_int_equal(c->interfaces[0].nsteering, 3);
	assert_int_equal(rule->mode, CONFIG_MODE_REDIRECT);
	assert_string_equal(rule->from, "eth0");
	assert_int_equal(rule->protocol, IPPROTO_UDP);
	assert_int_equal(rule->first, 5000);
	assert_int_equal(rule->last, 5099);
	assert_int_equal(rule->vlan, 7);
	assert_int_equal(rule->down, COSNET_DOWN_LINUX);
	assert_int_equal(c->interfaces[0].steering[0].down, COSNET_DOWN_DROP);
	free(said);
	free(c);
}

#define REDIRECT(more)	"{ mode = \"redirect\"; from = \"eth0\"; prefix = \"10.9.0.1/32\"; " more " }"
#define XDP(more)	"{ mode = \"xdp\"; from = \"eth0\"; prefix = \"10.9.0.1/32\"; " more " }"

/* Rules that may stand side by side. */
static void good(void **state)
{
	static const char *const cases[] = {
		XDP(""),
		XDP("protocol = \"tcp\"; ports = \"1\"; down = \"reject\";"),
		REDIRECT("protocol = \"any\";"),
		REDIRECT("protocol = \"udp\"; ports = \"1\";") ", "
		REDIRECT("protocol = \"udp\"; ports = \"2-65535\";"),
		REDIRECT("protocol = \"udp\"; ports = \"1\";") ", "
		REDIRECT("protocol = \"tcp\"; ports = \"1\";"),
		REDIRECT("") ", " REDIRECT("vlan = 4094;"),
		REDIRECT("") ", { mode = \"redirect\"; from = \"eth1\"; prefix = \"10.9.0.1/32\"; }",
		XDP("protocol = \"udp\"; ports = \"1\";") ", "
		REDIRECT("protocol = \"udp\"; ports = \"2\";"),
		XDP("protocol = \"udp\"; ports = \"1\";") ", "
		XDP("protocol = \"udp\"; ports = \"2\";"),
	};
	struct config *c = calloc(1, sizeof(*c));
	char *said;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (parse_rules(cases[i], c, &said) || *said)
			fail_msg("%s: %s", cases[i], said);
		free(said);
	}
	free(c);
}

/* One trouble each, on line 19. */
static void bad(void **state)
{
	static const struct {
		const char *rules, *words;
	} cases[] = {
		{ "{ mode = \"redirekt\"; prefix = \"10.9.9.0/24\"; }", "write \"redirect\"" },
		{ "{ mode = \"route\"; prefix = \"10.8.0.0/24\"; from = \"eth0\"; }",
		  "takes a prefix as a whole" },
		{ "{ mode = \"route\"; prefix = \"10.8.0.0/24\"; protocol = \"udp\"; }",
		  "takes a prefix as a whole" },
		{ "{ mode = \"redirect\"; prefix = \"10.8.0.0/24\"; }", "from = \"eth0\"" },
		{ "{ mode = \"xdp\"; prefix = \"10.8.0.0/24\"; }", "needs the interface" },
		{ "{ mode = \"redirect\"; from = \"cos0\"; prefix = \"10.8.0.0/24\"; }",
		  "name the interface of the network" },
		{ "{ mode = \"redirect\"; from = \"e 0\"; prefix = \"10.8.0.0/24\"; }",
		  "no good name" },
		{ REDIRECT("ports = \"7\";"), "need a 'protocol'" },
		{ REDIRECT("protocol = \"icmp\";"), "not known" },
		{ REDIRECT("protocol = \"udp\"; ports = \"0\";"), "are no ports" },
		{ REDIRECT("protocol = \"udp\"; ports = \"9-7\";"), "are no ports" },
		{ REDIRECT("protocol = \"udp\"; ports = \"7-65536\";"), "are no ports" },
		{ REDIRECT("protocol = \"udp\"; ports = \"-7\";"), "are no ports" },
		{ REDIRECT("protocol = \"udp\"; ports = \"7,9\";"), "are no ports" },
		{ REDIRECT("protocol = \"udp\"; ports = \"99999999999\";"), "are no ports" },
		{ REDIRECT("protocol = \"udp\"; ports = \"\";"), "are no ports" },
		{ REDIRECT("vlan = 4095;"), "must be 1 to 4094" },
		{ REDIRECT("vlan = 0;"), "must be 1 to 4094" },
		{ XDP("vlan = 7;"), "cannot see a VLAN tag" },
		{ REDIRECT("down = \"up\";"), "write \"drop\"" },
		{ REDIRECT("") ", " REDIRECT("protocol = \"udp\";"), "overlaps" },
		{ REDIRECT("protocol = \"udp\"; ports = \"1-9\";") ", "
		  REDIRECT("protocol = \"udp\"; ports = \"9-11\";"), "and its ports" },
		{ XDP("protocol = \"udp\"; ports = \"1-2\";") ", "
		  XDP("protocol = \"udp\"; ports = \"2\";"), "and its ports" },
		{ XDP("") ", " REDIRECT("protocol = \"udp\"; ports = \"2\";"), "overlaps" },
		{ REDIRECT("") ", { mode = \"route\"; prefix = \"10.8.0.0/24\"; down = \"linux\"; }",
		  "needs cos0 to lose its carrier" },
		{ "{ mode = \"route\"; prefix = \"10.8.0.0/24\"; down = \"reject\"; }",
		  "choose \"drop\" here" },
	};
	struct config *c = calloc(1, sizeof(*c));
	char *said;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!parse_rules(cases[i].rules, c, &said))
			fail_msg("'%s' was accepted", cases[i].rules);
		if (strncmp(said, "dir/a.conf:19: ", 15) || !strstr(said, cases[i].words) ||
		    strchr(said, '\n') != said + strlen(said) - 1)
			fail_msg("'%s' said: %s", cases[i].rules, said);
		free(said);
	}
	free(c);
}

/* An address that only a redirect leads to: Linux does not know the way back. */
static void no_way_back(void **state)
{
	struct config *c = calloc(1, sizeof(*c));
	char *text = spoil("{ mode = \"route\"; prefix = \"10.9.0.0/24\"; }", REDIRECT("")), *said;

	(void)state;
	assert_int_equal(parse_text(text, c, &said), 0);
	assert_non_null(strstr(said, "dir/a.conf:15: "));
	assert_non_null(strstr(said, "cannot check the source of what comes from cos0"));
	free(said);
	free(text);
	free(c);
}

/* ---- rules alone ---- */

static int parse_file(const char *text, struct config_rules *rules, char **said)
{
	struct report report = { .file = "rules" };
	FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	size_t size;
	int err;

	report.out = open_memstream(said, &size);
	err = config_parse_rules(rules, in, &report);
	fclose(in);
	fclose(report.out);
	return err;
}

static void rules_alone(void **state)
{
	struct config_rules *rules = calloc(1, sizeof(*rules));
	char *said;

	(void)state;
	assert_int_equal(parse_file("rules = ( { to = \"cos0\"; mode = \"route\";\n"
				    "prefix = \"10.9.0.0/24\"; } );", rules, &said), 0);
	assert_int_equal(rules->n, 1);
	assert_string_equal(rules->rule[0].to, "cos0");
	free(said);
	assert_int_equal(parse_file("rules = ( { mode = \"route\"; prefix = \"10.9.0.0/24\"; } );",
				    rules, &said), -1);
	assert_non_null(strstr(said, "rules:1: 'to' is missing"));
	free(said);
	assert_int_equal(parse_file("rules = (", rules, &said), -1);
	assert_non_null(strstr(said, "rules:1: "));
	free(said);
	free(rules);
}

/* ---- flows in the state file ---- */

static char dir[] = "/tmp/test-steering.XXXXXX";

static struct state *make_state(void)
{
	struct state *s = calloc(1, sizeof(*s));

	assert_int_equal(state_create(s, dir, "aos0"), 0);
	return s;
}

static void free_state(struct state *s)
{
	assert_int_equal(state_remove(s), 0);
	free(s);
}

static struct flow a_flow(unsigned int id)
{
	struct flow flow = { .id = id, .to = "cos0" };

	flow.rule = (struct config_steering){
		.mode = CONFIG_MODE_REDIRECT, .from = "eth0", .protocol = IPPROTO_UDP,
		.first = 7, .last = 9, .vlan = 5, .down = COSNET_DOWN_REJECT,
	};
	assert_null(prefix_parse(&flow.rule.prefix, "fd00:9::/64"));
	return flow;
}

static void flow_comes_back(void **state)
{
	struct state *s = make_state(), *again = calloc(1, sizeof(*again));
	struct flow flow = a_flow(3), back;
	unsigned int from = 0;
	char text[FLOW_TEXT];

	(void)state;
	assert_int_equal(flow_record(s, &flow), 0);
	assert_int_equal(state_load(again, dir, "aos0"), 0);
	assert_true(flow_next(again, &from, &back));
	assert_memory_equal(&flow, &back, sizeof(flow));
	assert_false(flow_next(again, &from, &back));
	assert_string_equal(flow_match_text(&back, text),
			    "eth0 udp fd00:9::/64 ports 7-9 vlan 5");
	assert_int_equal(flow_free_id(again), 1);
	free(again);
	free_state(s);
}

static void numbers_are_reused(void **state)
{
	struct state *s = make_state();
	struct flow flow;

	(void)state;
	for (unsigned int id = 1; id <= FLOW_MOST; id++) {
		assert_int_equal(flow_free_id(s), id);
		flow = a_flow(id);
		assert_int_equal(flow_record(s, &flow), 0);
	}
	assert_int_equal(flow_free_id(s), 0);
	state_forget(s, &s->step[41]);
	assert_int_equal(flow_free_id(s), 42);
	free_state(s);
}

/* What was forgotten is gone from the file, the rest is as it was. */
static void forgetting(void **state)
{
	struct state *s = make_state(), *again = calloc(1, sizeof(*again));

	(void)state;
	assert_int_equal(state_add(s, "link cos0"), 0);
	assert_int_equal(state_add(s, "clsact eth0"), 0);
	assert_int_equal(state_add(s, "xdp eth0 17"), 0);
	state_forget(s, &s->step[1]);
	assert_int_equal(state_store(s), 0);
	assert_int_equal(state_add(s, "up"), 0);
	assert_int_equal(state_load(again, dir, "aos0"), 0);
	assert_int_equal(again->n, 3);
	assert_string_equal(again->step[0].word[1], "cos0");
	assert_string_equal(again->step[1].word[2], "17");
	assert_string_equal(again->step[1].word[3], "");
	assert_string_equal(again->step[2].word[0], "up");
	free(again);
	free_state(s);
}

static void damaged_flows(void **state)
{
	static const char *const lines[] = {
		"flow 0 cos0 route - 10.9.0.0/24 any 0 0 0 drop",
		"flow 128 cos0 route - 10.9.0.0/24 any 0 0 0 drop",
		"flow x cos0 route - 10.9.0.0/24 any 0 0 0 drop",
		"flow 1 ../x route - 10.9.0.0/24 any 0 0 0 drop",
		"flow 1 cos0 rout - 10.9.0.0/24 any 0 0 0 drop",
		"flow 1 cos0 redirect - 10.9.0.0/24 any 0 0 0 drop",
		"flow 1 cos0 route - 10.9.0.0/x any 0 0 0 drop",
		"flow 1 cos0 route - 10.9.0.0/24 icmp 0 0 0 drop",
		"flow 1 cos0 route - 10.9.0.0/24 any 0 0 0 perhaps",
		"flow",
	};
	struct flow flow;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct state *s = make_state();

		assert_int_equal(state_add(s, "%s", lines[i]), 0);
		if (flow_parse(&flow, &s->step[0]))
			fail_msg("accepted: %s", lines[i]);
		free_state(s);
	}
}

/* Whoever counts is found again, each has a sentence and a place, names fit their counters. */
static void reasons(void **state)
{
	enum drop why, other;

	(void)state;
	assert_non_null(strstr(reasons_explain(DROP_TO_AOS_FULL), "ring was full"));
	for (why = DROP_NONE + 1; why < DROPS; why++) {
		assert_int_equal(reasons_find(drop_counter_name(why)), why);
		assert_true(strlen(drop_counter_name(why)) < COUNTER_NAME_LEN);
		assert_true(drop_places(why) || why == DROP_UNKNOWN);
		assert_true(strlen(reasons_explain(why)) > 10);
		for (other = DROP_NONE + 1; other < why; other++)
			assert_string_not_equal(drop_counter_name(other), drop_counter_name(why));
	}
	assert_int_equal(reasons_find("drop_"), DROP_NONE);
	assert_int_equal(reasons_find("drop_to_aos_full_"), DROP_NONE);
	assert_ptr_equal(reasons_explain(DROPS), reasons_explain(DROP_UNKNOWN));
	assert_ptr_equal(reasons_explain((enum drop)-1), reasons_explain(DROP_UNKNOWN));
}

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything), cmocka_unit_test(good), cmocka_unit_test(bad),
		cmocka_unit_test(no_way_back), cmocka_unit_test(rules_alone),
		cmocka_unit_test(flow_comes_back), cmocka_unit_test(numbers_are_reused),
		cmocka_unit_test(forgetting), cmocka_unit_test(damaged_flows),
		cmocka_unit_test(reasons),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
