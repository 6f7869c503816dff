// SPDX-License-Identifier: GPL-2.0-or-later
/* Interfaces with answers = "direct": what is accepted, what check says of it. */
#include "test_config.h"

#define FULL	"full = \"drop\";\n"	/* of the good one, where the key goes */
#define ROUTE	"steering = (\n"

static struct config *parse(const char *old, const char *with, int wanted, char **said)
{
	struct config *c = calloc(1, sizeof(*c));
	char *text = spoil(old, with);

	assert_int_equal(parse_text(text, c, said), wanted);
	free(text);
	return c;
}

static void accepted(void **state)
{
	static const struct {
		const char *with;
		int answers;
	} cases[] = {
		{ FULL, CONFIG_ANSWERS_LINUX },
		{ "answers = \"linux\";\n", CONFIG_ANSWERS_LINUX },
		{ "answers = \"direct\";\n", CONFIG_ANSWERS_DIRECT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *said;
		struct config *c = parse(FULL, cases[i].with, 0, &said);

		assert_int_equal(c->interfaces[0].answers, cases[i].answers);
		assert_int_equal(!!strstr(said, "do not see what cos0 sends"),
				 cases[i].answers == CONFIG_ANSWERS_DIRECT);
		free(said);
		free(c);
	}
}

static void refused(void **state)
{
	char *said;

	(void)state;
	free(parse(FULL, "answers = \"fast\";\n", -1, &said));
	assert_non_null(strstr(said, "'answers' \"fast\" is not known: write \"linux\""));
	free(said);
	free(parse("slots = 512;\n" FULL, "io = \"proxy\"; answers = \"direct\";\n\n", -1, &said));
	assert_non_null(strstr(said, "whose process gives Linux what the AOS sends"));
	free(said);
}

/* They leave where XDP programs of ours are: without such a rule nowhere. */
static void without_xdp(void **state)
{
	static const char *const words = "has none";
	char *said;

	(void)state;
	free(parse(FULL, "answers = \"direct\";\n", 0, &said));
	assert_non_null(strstr(said, words));
	free(said);
	free(parse(FULL "addresses = [ \"10.9.0.1/24\", \"fd00:9::1/64\" ];\n"
		   "host_addresses = [ \"10.9.0.254\" ];\n" ROUTE,
		   "answers = \"direct\";\naddresses = [ \"10.9.0.1/24\", \"fd00:9::1/64\" ];\n"
		   "host_addresses = [ \"10.9.0.254\" ];\n" ROUTE
		   "{ mode = \"xdp\"; from = \"eth0\"; prefix = \"10.9.0.1/32\"; },", 0, &said));
	assert_null(strstr(said, words));
	free(said);
}

/* Equal text, equal appliance: `up` and `reload` go by it. */
static void printed(void **state)
{
	char *said, *linux_text, *direct_text;
	struct config *c;
	size_t size;
	FILE *out;

	(void)state;
	c = parse(FULL, FULL, 0, &said);
	free(said);
	out = open_memstream(&linux_text, &size);
	config_print(c, out);
	fclose(out);
	c->interfaces[0].answers = CONFIG_ANSWERS_DIRECT;
	out = open_memstream(&direct_text, &size);
	config_print(c, out);
	fclose(out);
	assert_string_not_equal(linux_text, direct_text);
	free(linux_text);
	free(direct_text);
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepted), cmocka_unit_test(refused),
		cmocka_unit_test(without_xdp), cmocka_unit_test(printed),
	};

	return cmocka_run_group_tests_name("config_answers", tests, NULL, NULL);
}
