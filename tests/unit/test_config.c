// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * appliance.conf: what a good one means, and for every mistake the line and
 * the words that mend it.
 */
#include "test_config.h"
#include "prefix.h"

static void good(void **state)
{
	struct config *c = calloc(1, sizeof(*c));
	char text[PREFIX_TEXT], *said;

	(void)state;
	assert_int_equal(parse_text(GOOD_CONF, c, &said), 0);
	assert_string_equal(said, "");
	assert_string_equal(c->image.path, "dir/boot.img");
	assert_int_equal(c->image.line, 2);
	assert_string_equal(c->aos.name, "aos0");
	assert_int_equal(c->aos.cpu, 1);
	assert_int_equal(c->aos.policy, SCHED_FIFO);
	assert_int_equal(c->aos.priority, 50);
	assert_int_equal(c->aos.frames, 8192);
	assert_int_equal(c->ninterfaces, 1);
	assert_string_equal(c->interfaces[0].name, "cos0");
	assert_int_equal(c->interfaces[0].mtu, 1500);
	assert_int_equal(c->interfaces[0].slots, 512);
	assert_int_equal(c->interfaces[0].full, CONFIG_FULL_DROP);
	assert_int_equal(c->interfaces[0].naddresses, 2);
	assert_string_equal(prefix_text(&c->interfaces[0].addresses[0], text),
			    "10.9.0.1/24");
	assert_string_equal(prefix_text(&c->interfaces[0].addresses[1], text),
			    "fd00:9::1/64");
	assert_string_equal(prefix_text(&c->interfaces[0].host[0], text),
			    "10.9.0.254/32");
	assert_int_equal(c->interfaces[0].nsteering, 2);
	assert_int_equal(c->interfaces[0].steering[1].prefix.line, 19);
	assert_int_equal(c->nservices, 2);
	assert_string_equal(c->services[1].name, "kv");
	assert_int_equal(c->services[1].port, 6666);
	assert_true(c->host.forwarding);
	free(said);
	free(c);
}

/* What may be left out, and what holds then. */
static void defaults(void **state)
{
	static const char *const optional[] = {
		"mtu = 1500;\n", "slots = 512;\n", "full = \"drop\";\n",
		"host_addresses = [ \"10.9.0.254\" ];\n",
		"host = { forwarding = true; };\n",
	};
	struct config *c = calloc(1, sizeof(*c));
	char *text, *said;

	(void)state;
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
		text = spoil(optional[i], "\n");
		assert_int_equal(parse_text(text, c, &said), 0);
		assert_int_equal(c->interfaces[0].mtu, 1500);
		assert_int_equal(c->interfaces[0].slots, 512);
		assert_int_equal(c->interfaces[0].full, CONFIG_FULL_DROP);
		assert_int_equal(c->interfaces[0].nhost, i != 3);
		assert_int_equal(c->host.forwarding, i != 4);
		free(text);
		free(said);
	}
	free(c);
}

/* Other good values. */
static void variants(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "cpu = 1;", "cpu = -1;" },
		{ "cpu = 1;", "cpu = 0x1;" },
		{ "frames = 8192;", "frames = 8192L;" },
		{ "policy = \"fifo\";", "policy = \"rr\";" },
		{ "full = \"drop\";", "full = \"stop\";" },
		{ "image = \"boot.img\";", "image = \"/a/boot.img\";" },
		{ "slots = 512;", "slots = 8;" },
		{ "slots = 512;", "slots = 4096;" },
		{ "mtu = 1500;", "mtu = 1280;" },
		{ "port = 7;", "port = 65535;" },
		{ "{ name = \"echo\"; port = 7; },\n{ name = \"kv\"; port = 6666; }", "" },
		{ "[ \"10.9.0.254\" ]", "( \"10.9.0.254\", \"fd00:9::fe\" )" },
	};
	struct config *c = calloc(1, sizeof(*c));
	char *text, *said;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		text = spoil(cases[i].from, cases[i].to);
		if (parse_text(text, c, &said))
			fail_msg("%s: %s", cases[i].to, said);
		assert_int_equal(c->aos.cpu, 1);
		free(text);
		free(said);
	}
	free(c);
}

struct mistake {
	const char *from, *to;
	int line;		/* 0: the file as a whole */
	const char *words;	/* in the message */
};

/* Exactly one trouble, with its place and these words. */
static void check_mistake(const struct mistake *m)
{
	struct config *c = calloc(1, sizeof(*c));
	char *text = spoil(m->from, m->to), *said, place[64];

	if (!parse_text(text, c, &said))
		fail_msg("'%s' was accepted", m->to);
	if (m->line)
		snprintf(place, sizeof(place), "dir/a.conf:%d: ", m->line);
	else
		snprintf(place, sizeof(place), "dir/a.conf: ");
	if (strncmp(said, place, strlen(place)) || !strstr(said, m->words))
		fail_msg("'%s' said: %s", m->to, said);
	if (strchr(said, '\n') != said + strlen(said) - 1)
		fail_msg("'%s' said more than one thing: %s", m->to, said);
	free(said);
	free(text);
	free(c);
}

static void check_mistakes(const struct mistake *mistakes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_mistake(&mistakes[i]);
}

#define CHECK(mistakes) \
	check_mistakes(mistakes, sizeof(mistakes) / sizeof((mistakes)[0]))

static void syntax(void **state)
{
	static const struct mistake m[] = {
		{ "cpu = 1;\n", "cpu = ;\n", 5, "syntax error: check" },
		{ "};\ninterfaces", "interfaces", 24, "syntax error" },
		{ "version = 1;", "version = 1;version = 1;", 1, "duplicate" },
	};

	(void)state;
	CHECK(m);
}

static void keys(void **state)
{
	static const struct mistake m[] = {
		{ "version = 1;", "version = 2;", 1, "it reads version 1" },
		{ "version = 1;", "", 0, "'version' is missing: add a whole number" },
		{ "image = \"boot.img\";", "", 0, "'image' is missing: add a string" },
		{ "image = \"boot.img\";", "image = \"boot.img\"; imag = \"x\";", 2,
		  "unknown key 'imag': did you mean 'image'?" },
		{ "image = \"boot.img\";", "image = \"boot.img\"; zzzzzzzz = 1;", 2,
		  "unknown key 'zzzzzzzz': remove it" },
		{ "image = \"boot.img\";", "image = \"\";", 2, "name a file" },
		{ "name = \"aos0\";", "", 3, "'name' is missing" },
		{ "cpu = 1;", "", 3, "'cpu' is missing" },
		{ "policy = \"fifo\";", "", 3, "'policy' is missing" },
		{ "frames = 8192;", "", 3, "'frames' is missing" },
		{ "mtu = 1500;", "mut = 1500;", 12, "did you mean 'mtu'?" },
		{ "name = \"cos0\";", "", 11, "'name' is missing" },
		{ "addresses = [ \"10.9.0.1/24\", \"fd00:9::1/64\" ];", "", 11,
		  "'addresses' is missing: add an array of strings" },
		{ "prefix = \"10.9.0.0/24\";", "", 18, "'prefix' is missing" },
		{ "mode = \"route\"; prefix = \"10", "prefix = \"10", 18, "'mode' is missing" },
		{ "port = 7;", "", 22, "'port' is missing" },
		{ "forwarding = true;", "forward = true;", 24,
		  "did you mean 'forwarding'?" },
	};

	(void)state;
	CHECK(m);
}

static void types(void **state)
{
	static const struct mistake m[] = {
		{ "image = \"boot.img\";", "image = 7;", 2,
		  "'image' is a number: write a string" },
		{ "cpu = 1;", "cpu = \"1\";", 5, "'cpu' is a string: write a whole number" },
		{ "cpu = 1;", "cpu = 1.0;", 5, "a number with a fraction" },
		{ "forwarding = true;", "forwarding = 1;", 24,
		  "'forwarding' is a number: write true or false" },
		{ "host = { forwarding = true; };", "host = true;", 24,
		  "'host' is true or false: write a group" },
		{ "[ \"10.9.0.254\" ]", "\"10.9.0.254\"", 16,
		  "write an array of strings" },
		{ "[ \"10.9.0.254\" ]", "[ 1 ]", 16, "is a number: write a string" },
		{ "{ name = \"echo\"; port = 7; }", "\"echo\"", 22,
		  "'services' is a string: write a group" },
		{ "{ name = \"echo\"; port = 7; }", "{ name = [ \"a\" ]; port = 7; }", 22,
		  "is an array [ ]" },
	};

	(void)state;
	CHECK(m);
}

static void ranges(void **state)
{
	static const struct mistake m[] = {
		{ "cpu = 1;", "cpu = 2;", 5, "CPU 2 is not online here" },
		{ "cpu = 1;", "cpu = -2;", 5, "CPU -2 is not online" },
		{ "cpu = 1;", "cpu = 99999;", 5, "is not online" },
		{ "policy = \"fifo\";", "policy = \"fifi\";", 6, "write \"fifo\"" },
		{ "priority = 50;", "priority = 100;", 7, "it must be 0 to 99" },
		{ "priority = 50;", "priority = -1;", 7, "it must be 0 to 99" },
		{ "priority = 50;", "priority = 0;", 3, "needs a 'priority'" },
		{ "priority = 50;", "", 3, "needs a 'priority'" },
		{ "policy = \"fifo\";", "policy = \"other\";", 3, "remove 'priority'" },
		{ "frames = 8192;", "frames = 255;", 8, "256 to 262144" },
		{ "frames = 8192;", "frames = 262145;", 8, "256 to 262144" },
		{ "mtu = 1500;", "mtu = 575;", 12, "'mtu' is 575: it must be 576 to 1984" },
		{ "mtu = 1500;", "mtu = 1985;", 12, "it must be 576 to 1984" },
		{ "mtu = 1500;", "mtu = 1279;", 11, "IPv6 needs at least 1280" },
		{ "slots = 512;", "slots = 500;", 13, "a power of two, 8 to 4096" },
		{ "slots = 512;", "slots = 4;", 13, "a power of two" },
		{ "slots = 512;", "slots = 8192;", 13, "a power of two" },
		{ "slots = 512;", "slots = 4294967808L;", 13, "a power of two" },
		{ "slots = 512;", "slots = 0;", 13, "a power of two" },
		{ "slots = 512;", "slots = -512;", 13, "a power of two" },
		{ "full = \"drop\";", "full = \"halt\";", 14, "is not known" },
		{ "mode = \"route\";", "mode = \"routes\";", 18, "write \"route\"" },
		{ "port = 7;", "port = 0;", 22, "it must be 1 to 65535" },
		{ "port = 7;", "port = 65536;", 22, "it must be 1 to 65535" },
	};

	(void)state;
	CHECK(m);
}

static void names(void **state)
{
	static const struct mistake m[] = {
		{ "name = \"aos0\";", "name = \"\";", 4, "no good name" },
		{ "name = \"aos0\";", "name = \"a/b\";", 4, "no good name" },
		{ "name = \"aos0\";", "name = \"..\";", 4, "no good name" },
		{ "name = \"cos0\";", "name = \"1234567890123456\";", 11, "1 to 15" },
		{ "name = \"cos0\";", "name = \"-x\";", 11, "no good name" },
		{ "name = \"kv\";", "name = \"k v\";", 23, "no good name" },
		{ "name = \"kv\";", "name = \"echo\";", 23,
		  "a second time (first: line 22)" },
		{ "port = 6666;", "port = 7;", 23, "port 7 belongs to service echo "
		  "(line 22)" },
	};

	(void)state;
	CHECK(m);
}

static void addresses(void **state)
{
	static const struct mistake m[] = {
		{ "\"10.9.0.1/24\"", "\"10.9.0/24\"", 15, "not an IPv4 or IPv6 address" },
		{ "\"10.9.0.1/24\"", "\"10.9.0.256/24\"", 15, "not an IPv4" },
		{ "\"10.9.0.1/24\"", "\"\"", 15, "not an IPv4" },
		{ "\"10.9.0.1/24\"", "\"/24\"", 15, "not an IPv4" },
		{ "\"10.9.0.1/24\"", "\"10.9.0.1\"", 15, "has no length: write e.g. /24" },
		{ "\"fd00:9::1/64\"", "\"fd00:9::1\"", 15, "write e.g. /64" },
		{ "\"10.9.0.1/24\"", "\"10.9.0.1/33\"", 15, "/1 to /32" },
		{ "\"10.9.0.1/24\"", "\"10.9.0.1/-1\"", 15, "/1 to /32" },
		{ "\"10.9.0.1/24\"", "\"10.9.0.1/24x\"", 15, "/1 to /32" },
		{ "\"10.9.0.1/24\"", "\"10.9.0.1/\"", 15, "/1 to /32" },
		{ "\"fd00:9::1/64\"", "\"fd00:9::1/129\"", 15, "/1 to /128" },
		{ "\"10.9.0.1/24\"", "\"10.9.0.1/0\"", 15, "has length 0" },
		{ "\"10.9.0.1/24\"", "\"10.9.0.0/24\"", 15, "the network itself" },
		{ "\"10.9.0.1/24\"", "\"10.9.0.255/24\"", 15, "broadcast" },
		{ "\"10.9.0.1/24\"", "\"127.0.0.1/8\"", 15, "no unicast address" },
		{ "\"10.9.0.1/24\"", "\"224.0.0.1/4\"", 15, "no unicast address" },
		{ "\"fd00:9::1/64\"", "\"fe80::1/64\"", 15, "no unicast address" },
		{ "\"fd00:9::1/64\"", "\"::1/128\"", 15, "no unicast address" },
		{ "\"fd00:9::1/64\"", "\"::ffff:1.2.3.4/128\"", 15, "no unicast" },
		{ "\"10.9.0.1/24\"", "\"10.9.0.1/24\", \"10.9.0.1/24\"", 15,
		  "address 10.9.0.1 belongs to cos0 (line 15) already" },
		{ "\"10.9.0.254\"", "\"10.9.0.1\"", 16, "10.9.0.1 belongs to cos0" },
		{ "\"10.9.0.254\"", "\"10.9.0.254/24\"", 16, "write it without" },
		{ "\"10.9.0.254\"", "\"10.9.0\"", 16, "not an IPv4" },
		{ "\"10.9.0.1/24\"", "\"10.8.0.1/24\"", 15, "10.8.0.1 lies in no steering "
		  "prefix of cos0, so no packet would reach it: add { mode = \"route\"; "
		  "prefix = \"10.8.0.1/32\"; }" },
		{ "[ \"10.9.0.1/24\", \"fd00:9::1/64\" ]", "[ ]", 11, "has no addresses" },
		{ "\"10.9.0.254\"", "\"10.9.0.2\", \"10.9.0.3\", \"10.9.0.4\", "
		  "\"10.9.0.5\", \"10.9.0.6\"", 16, "at most 4 are possible" },
	};

	(void)state;
	CHECK(m);
}

#define SECOND(addresses, prefix) \
	"} ,{ name = \"cos1\"; addresses = [ \"" addresses "\" ]; steering = (\n" \
	"{ mode = \"route\"; prefix = \"" prefix "\"; } ); } );\nservices"

static void prefixes(void **state)
{
	static const struct mistake m[] = {
		{ "\"10.9.0.0/24\"", "\"10.9.0.1/24\"", 18,
		  "bits set beyond its length: write \"10.9.0.0/24\"" },
		{ "\"fd00:9::/64\"", "\"fd00:9::5/64\"", 19, "write \"fd00:9::/64\"" },
		{ "\"10.9.0.0/24\"", "\"10.9.0.1\"", 18, "has no length" },
		{ "\"10.9.0.0/24\"", "\"0.0.0.0/0\"", 18, "all traffic" },
		{ "\"10.9.0.0/24\"", "\"0.0.0.0/1\"", 18, "loopback" },
		{ "\"10.9.0.0/24\"", "\"127.0.0.0/8\"", 18, "loopback" },
		{ "\"10.9.0.0/24\"", "\"house\"", 18, "not an IPv4" },
		{ "\"10.9.0.0/24\"; }", "\"10.9.0.0/24\"; }, { mode = \"route\"; "
		  "prefix = \"10.9.0.128/25\"; }", 18,
		  "10.9.0.128/25 overlaps 10.9.0.0/24 (line 18)" },
		{ "} );\nservices", SECOND("10.9.0.2/24", "10.10.0.0/24"), 20, "" },
		{ "} );\nservices", SECOND("10.10.0.2/24", "10.9.0.0/16"), 21, "" },
	};
	struct config *c = calloc(1, sizeof(*c));
	char *text, *said;

	(void)state;
	check_mistakes(m, 8);

	text = spoil(m[8].from, m[8].to);
	assert_int_equal(parse_text(text, c, &said), -1);
	assert_non_null(strstr(said, "a.conf:20: network 10.9.0.0/24 of cos1 overlaps "
			       "10.9.0.0/24 of cos0 (line 15)"));
	free(text);
	free(said);

	text = spoil(m[9].from, m[9].to);
	assert_int_equal(parse_text(text, c, &said), -1);
	assert_non_null(strstr(said, "a.conf:21: prefix 10.9.0.0/16 overlaps"));
	free(text);
	free(said);

	text = spoil(m[8].from, SECOND("10.10.0.2/24", "10.10.0.0/24"));
	assert_int_equal(parse_text(text, c, &said), 0);
	assert_int_equal(c->ninterfaces, 2);
	free(text);
	free(said);
	free(c);
}

static void interfaces(void **state)
{
	static const struct mistake m[] = {
		{ "interfaces = (", "interfaces = ( { name = \"cos0\"; addresses = "
		  "[ \"10.8.0.1/32\" ]; steering = ( { mode = \"route\"; prefix = "
		  "\"10.8.0.1/32\"; } ); },", 11, "a second time (first: line 10)" },
	};
	struct config *c = calloc(1, sizeof(*c));
	char *said;

	(void)state;
	CHECK(m);
	assert_int_equal(parse_text("version = 1; image = \"b\"; aos = { name = \"a\"; "
				    "cpu = 0; policy = \"other\"; frames = 256; }; "
				    "interfaces = ( ); services = ( );", c, &said), 0);
	assert_int_equal(c->ninterfaces, 0);	/* an image without channels */
	free(said);
	free(c);
}

/* All mistakes in one run. */
static void several(void **state)
{
	struct config *c = calloc(1, sizeof(*c));
	char *said;

	(void)state;
	assert_int_equal(parse_text("version = 1;\nimage = 1;\naos = { };\nx = 1;", c,
				    &said), -1);
	assert_non_null(strstr(said, ":2: 'image' is a number"));
	assert_non_null(strstr(said, ":3: 'cpu' is missing"));
	assert_non_null(strstr(said, ":3: 'name' is missing"));
	assert_non_null(strstr(said, ":4: unknown key 'x'"));
	assert_non_null(strstr(said, "a.conf: 'services' is missing"));
	free(said);
	free(c);
}

/* Equal meaning, equal text; every setting shows. */
static void printed(void **state)
{
	static const struct {
		const char *from, *to;
		int same;
	} cases[] = {
		{ "version", "# remark\nversion", 1 },
		{ "\"10.9.0.1/24\"", "\"10.9.0.1/25\"", 0 },
		{ "slots = 512", "slots = 256", 0 },
		{ "full = \"drop\"", "full = \"stop\"", 0 },
		{ "cpu = 1", "cpu = 0", 0 },
		{ "cpu = 1", "cpu = -1", 1 },
		{ "priority = 50", "priority = 51", 0 },
		{ "frames = 8192", "frames = 8193", 0 },
		{ "10.9.0.254", "10.9.0.253", 0 },
		{ "port = 7", "port = 8", 0 },
		{ "= true", "= false", 0 },
		{ "mtu = 1500", "mtu = 1400", 0 },
	};
	struct config *c = calloc(1, sizeof(*c));
	char *first, *other, *said, *text;
	size_t size;
	FILE *out = open_memstream(&first, &size);

	(void)state;
	parse_text(GOOD_CONF, c, &said);
	config_print(c, out);
	fclose(out);
	free(said);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		text = spoil(cases[i].from, cases[i].to);
		assert_int_equal(parse_text(text, c, &said), 0);
		out = open_memstream(&other, &size);
		config_print(c, out);
		fclose(out);
		if ((strcmp(first, other) == 0) != cases[i].same)
			fail_msg("%s", cases[i].to);
		free(text);
		free(said);
		free(other);
	}
	free(first);
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good), cmocka_unit_test(defaults),
		cmocka_unit_test(variants), cmocka_unit_test(syntax),
		cmocka_unit_test(keys), cmocka_unit_test(types),
		cmocka_unit_test(ranges), cmocka_unit_test(names),
		cmocka_unit_test(addresses), cmocka_unit_test(prefixes),
		cmocka_unit_test(interfaces), cmocka_unit_test(several),
		cmocka_unit_test(printed),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
