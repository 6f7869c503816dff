// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Packets as steering sees them, from words and from recorded bytes, and what is
 * said to become of them.  That it is so in truth, the VM case "explain" shows.
 */
#include <netinet/in.h>

#include "test_config.h"
#include "explain.h"
#include "prefix.h"

/* ---- packets ------------------------------------------------------------------------ */

static void from_words(void **unused)
{
	char *four[] = { "udp", "10.5.0.2:4000", "10.9.0.1:7", "vlan", "5", "dev", "v0" };
	char *six[] = { "tcp", "[fd00:5::2]:4000", "[fd00:9::1]:7", "length", "1400" };
	char *ping[] = { "icmp", "fd00:5::2", "fd00:9::1" };
	struct probe probe;
	char text[PROBE_TEXT];

	(void)unused;
	assert_null(probe_words(&probe, four, 7));
	assert_string_equal(probe_text(&probe, text), "udp 10.5.0.2:4000 > 10.9.0.1:7");
	assert_string_equal(probe.dev, "v0");
	assert_int_equal(probe.vlan, 5);
	assert_true(probe.to_us);
	assert_null(probe_words(&probe, six, 5));
	assert_string_equal(probe_text(&probe, text), "tcp [fd00:5::2]:4000 > [fd00:9::1]:7");
	assert_int_equal(probe.length, 1400);
	assert_null(probe_words(&probe, ping, 3));
	assert_string_equal(probe_text(&probe, text), "icmp echo fd00:5::2 > fd00:9::1");
	assert_int_equal(probe.protocol, IPPROTO_ICMPV6);
}

static void bad_words(void **unused)
{
	static char *const cases[][7] = {
		{ "sctp", "10.5.0.2:1", "10.9.0.1:7", NULL },
		{ "udp", "10.5.0.2:1", NULL },
		{ "udp", "10.5.0.2", "10.9.0.1:7", NULL },
		{ "udp", "10.5.0.2:1", "10.9.0.1:65536", NULL },
		{ "udp", "10.5.0.2:1", "10.9.0.1:", NULL },
		{ "udp", "10.5.0.2:1", "10.9.0.1:7x", NULL },
		{ "udp", "10.5.0.2:1", "[fd00:9::1]:7", NULL },
		{ "udp", "10.5.0.2:1", "10.9.0.1:7", "vlan", "4095", NULL },
		{ "udp", "10.5.0.2:1", "10.9.0.1:7", "vlan", NULL },
		{ "udp", "10.5.0.2:1", "10.9.0.1:7", "dev", "../x", NULL },
		{ "udp", "10.5.0.2:1", "10.9.0.1:7", "length", "19", NULL },
		{ "udp", "10.5.0.2:1", "10.9.0.1:7", "colour", "5", NULL },
		{ "udp", "[]:1", "[:7", NULL },
		{ "icmp", "10.5.0.2:1", "10.9.0.1", NULL },
	};
	struct probe probe;

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int n = 0;

		while (n < 7 && cases[i][n])
			n++;
		if (!probe_words(&probe, cases[i], n))
			fail_msg("case %zu was accepted", i);
	}
	assert_non_null(probe_words(&probe, NULL, 0));
}

#define MAC 1, 2, 3, 4, 5, 6, 9, 9, 9, 9, 9, 9
#define ADDRESSES 10, 5, 0, 2, 10, 9, 0, 1
#define PORTS 0x0f, 0xa0, 0, 7, 0, 12, 0, 0, 'a', 'b', 'c', 'd'

static const uint8_t own[6] = { 1, 2, 3, 4, 5, 6 };

static void from_frames(void **unused)
{
	uint8_t plain[] = { MAC, 8, 0, 0x45, 0, 0, 32, 0, 1, 0, 0, 64, 17, 0, 0, ADDRESSES, PORTS };
	uint8_t tagged[] = { MAC, 0x81, 0, 0xe0, 5, 8, 0, 0x45, 0, 0, 32, 0, 1, 0, 0, 64, 17, 0, 0,
			     ADDRESSES, PORTS };
	uint8_t options[] = { MAC, 8, 0, 0x46, 0, 0, 36, 0, 1, 0, 0, 64, 17, 0, 0, ADDRESSES,
			      1, 1, 1, 0, PORTS };
	struct probe probe;

	(void)unused;
	assert_true(probe_frame(&probe, plain, sizeof(plain), own));
	assert_true(probe.to_us && probe.has_ports && !probe.fragment);
	assert_int_equal(probe.sport, 4000);
	assert_int_equal(probe.dport, 7);
	assert_int_equal(probe.length, 32);
	plain[0] = 7;
	assert_true(probe_frame(&probe, plain, sizeof(plain), own));
	assert_false(probe.to_us);
	plain[20] = 0x20;			/* more fragments */
	assert_true(probe_frame(&probe, plain, sizeof(plain), NULL));
	assert_true(probe.to_us && probe.fragment && !probe.has_ports);
	plain[12] = 0x86, plain[13] = 0xdd;	/* says IPv6 */
	assert_false(probe_frame(&probe, plain, sizeof(plain), NULL));
	assert_true(probe_frame(&probe, tagged, sizeof(tagged), own));
	assert_int_equal(probe.vlan, 5);
	assert_int_equal(probe.dport, 7);
	assert_true(probe_frame(&probe, options, sizeof(options), own));
	assert_true(probe.has_ports);
	assert_int_equal(probe.dport, 7);
}

/* Every length of a good packet, and random ones, under the sanitizers. */
static void hostile_frames(void **unused)
{
	uint8_t bytes[256];
	struct probe probe;
	char text[PROBE_TEXT];

	(void)unused;
	srandom(5);
	for (int i = 0; i < 200000; i++) {
		size_t size = (size_t)random() % sizeof(bytes);
		uint8_t *exact = malloc(size + !size);

		for (size_t j = 0; j < size; j++)
			exact[j] = (uint8_t)random();
		if (size > 20 && i % 2) {
			exact[12] = i % 4 == 1 ? 8 : 0x86;
			exact[13] = i % 4 == 1 ? 0 : 0xdd;
			exact[14] = i % 4 == 1 ? 0x40 | (exact[14] & 15) : 0x60;
			exact[20] = (uint8_t[]){ 0, 43, 44, 60, 17, 58 }[i % 6];
		}
		probe_frame(&probe, exact, size, own);
		probe_text(&probe, text);
		assert_true(strlen(text) < PROBE_TEXT);
		free(exact);
	}
}

/* ---- a world --------------------------------------------------------------------------- */

static struct explain_world world;

static void add_flow(int mode, const char *prefix, int protocol, int first, int last, int vlan)
{
	struct explain_flow *f = &world.flow[world.nflows++];

	memset(f, 0, sizeof(*f));
	f->in_program = mode == CONFIG_MODE_XDP;
	f->flow.id = world.nflows;
	strcpy(f->flow.to, "cos0");
	f->flow.rule = (struct config_steering){ .mode = mode, .protocol = protocol,
						 .first = first, .last = last, .vlan = vlan };
	if (mode != CONFIG_MODE_ROUTE)
		strcpy(f->flow.rule.from, "v0");
	assert_null(prefix_parse(&f->flow.rule.prefix, prefix));
}

static int make_world(void **unused)
{
	static const char *const addresses[] = { "10.9.0.1", "10.9.1.1", "10.9.2.1", "fd00:9::1" };

	(void)unused;
	memset(&world, 0, sizeof(world));
	world.aos_up = true;
	add_flow(CONFIG_MODE_REDIRECT, "10.9.0.1/32", IPPROTO_UDP, 7, 7, 0);	/* 1 */
	add_flow(CONFIG_MODE_XDP, "10.9.1.0/24", IPPROTO_UDP, 1, 99, 0);	/* 2 */
	add_flow(CONFIG_MODE_ROUTE, "10.9.2.0/24", 0, 0, 0, 0);			/* 3 */
	add_flow(CONFIG_MODE_REDIRECT, "10.9.0.1/32", 0, 0, 0, 5);		/* 4 */
	add_flow(CONFIG_MODE_XDP, "fd00:9::/64", IPPROTO_UDP, 0, 0, 0);		/* 5 */
	world.nlinks = 1;
	strcpy(world.link[0].name, "cos0");
	world.link[0].mtu = 1500;
	for (size_t i = 0; i < 4; i++)
		assert_null(prefix_parse(&world.link[0].address[i], addresses[i]));
	world.link[0].naddresses = 4;
	world.nservices = 1;
	strcpy(world.service[0].name, "echo");
	world.service[0].port = 7;
	return 0;
}

static struct probe a_probe(const char *to, uint16_t port)
{
	struct probe probe = { .dev = "v0", .to_us = true,
			       .protocol = IPPROTO_UDP, .has_ports = true, .sport = 4000,
			       .dport = port, .length = 60 };
	struct config_prefix prefix;

	assert_null(prefix_parse(&prefix, to));
	probe.family = prefix.family;
	memcpy(probe.dst, prefix.addr, sizeof(probe.dst));
	return probe;
}

/* "FATE BY FLOW DETAIL" */
static const char *decide(const struct probe *probe, const char *routed)
{
	static char text[128];
	struct explain_route route = { .what = "-" };
	struct explanation e;

	strcpy(route.dev, routed);
	explain_decide(&world, probe, &route, &e);
	snprintf(text, sizeof(text), "%s %s %u %s", explain_fate_word(e.fate),
		 explain_by_word(e.by), e.flow ? e.flow->flow.id : 0,
		 e.service ? e.service->name :
		 e.reason ? drop_counter_name(e.reason) : "-");
	return text;
}

static void who_takes_it(void **unused)
{
	struct probe p = a_probe("10.9.0.1", 7);

	(void)unused;
	assert_string_equal(decide(&p, ""), "answered filter 1 echo");
	p.vlan = 5;
	assert_string_equal(decide(&p, ""), "answered filter 4 echo");
	p.vlan = 6;
	assert_string_equal(decide(&p, "w0"), "linux  0 -");
	p = a_probe("10.9.0.1", 8);
	assert_string_equal(decide(&p, "w0"), "linux  0 -");
	p = a_probe("10.9.0.1", 7);
	strcpy(p.dev, "w0");
	assert_string_equal(decide(&p, "w0"), "linux  0 -");
	p = a_probe("10.9.0.1", 7);
	p.to_us = false;
	assert_string_equal(decide(&p, ""), "linux  0 -");
	p = a_probe("10.9.1.1", 7);
	assert_string_equal(decide(&p, ""), "answered program 2 echo");
	p = a_probe("10.9.2.1", 7);
	assert_string_equal(decide(&p, "cos0"), "answered route 3 echo");
	assert_string_equal(decide(&p, "w0"), "linux  0 -");	/* a longer route of others */
	p = a_probe("fd00:9::1", 7);
	assert_string_equal(decide(&p, ""), "answered program 5 echo");
}

/* What the program leaves, the filter behind it takes, or does not. */
static void behind_the_program(void **unused)
{
	struct probe p = a_probe("10.9.1.1", 7);

	(void)unused;
	p.length = 1490;
	assert_string_equal(decide(&p, ""), "answered program 2 echo");
	p.length = 1491;
	assert_string_equal(decide(&p, ""), "answered filter 2 echo");
	p.length = 1501;
	assert_string_equal(decide(&p, ""), "dropped filter 2 drop_to_aos_too_big");
	p = a_probe("10.9.1.1", 7);
	p.fragment = true;
	p.has_ports = false;
	assert_string_equal(decide(&p, "w0"), "linux  0 -");
	p = a_probe("fd00:9::1", 7);
	p.fragment = true;
	assert_string_equal(decide(&p, ""), "held program 5 -");
	p = a_probe("10.9.1.1", 7);
	world.flow[1].in_program = false;	/* generic XDP and a policy */
	assert_string_equal(decide(&p, ""), "answered filter 2 echo");
}

static void what_the_aos_does(void **unused)
{
	struct probe p = a_probe("10.9.2.1", 8);

	(void)unused;
	assert_string_equal(decide(&p, "cos0"), "dropped route 3 drop_udp_port");
	p.dport = 7;
	p.sport = 0;
	assert_string_equal(decide(&p, "cos0"), "dropped route 3 drop_source");
	p = a_probe("10.9.2.2", 7);
	assert_string_equal(decide(&p, "cos0"), "dropped route 3 drop_address");
	p = a_probe("10.9.2.1", 7);
	p.protocol = IPPROTO_TCP;
	assert_string_equal(decide(&p, "cos0"), "dropped route 3 drop_protocol");
	p.protocol = IPPROTO_ICMP;
	assert_string_equal(decide(&p, "cos0"), "dropped route 3 drop_icmp_type");
	p.echo = true;
	assert_string_equal(decide(&p, "cos0"), "answered route 3 -");
	p.family = 0;
	assert_string_equal(decide(&p, "cos0"), "linux  0 -");
}

static void without_aos(void **unused)
{
	struct probe p = a_probe("10.9.0.1", 7);

	(void)unused;
	world.aos_up = false;
	assert_string_equal(decide(&p, ""), "dropped filter 1 drop_to_aos_no_aos");
	world.flow[0].flow.rule.down = COSNET_DOWN_REJECT;
	assert_string_equal(decide(&p, ""), "rejected filter 1 drop_to_aos_rejected");
	world.flow[0].flow.rule.down = COSNET_DOWN_LINUX;
	assert_string_equal(decide(&p, ""), "linux filter 1 -");
}

static void why_not(void **unused)
{
	struct probe p = a_probe("10.9.0.1", 7);
	struct explain_route route = { .what = "-" };
	struct explanation e;

	(void)unused;
	explain_decide(&world, &p, &route, &e);
	assert_int_equal(e.no[0], EXPLAIN_TAKES);
	assert_int_equal(e.no[1], EXPLAIN_NO_PREFIX);
	assert_int_equal(e.no[3], EXPLAIN_NO_TAG);
	p.fragment = true;
	explain_decide(&world, &p, &route, &e);
	assert_int_equal(e.no[0], EXPLAIN_NO_FRAGMENT);
	p = a_probe("10.9.2.1", 7);
	explain_decide(&world, &p, &route, &e);
	assert_int_equal(e.no[2], EXPLAIN_NO_ROUTE);
	for (int no = 0; no < EXPLAIN_NOES; no++)
		assert_true(strlen(explain_no_text((enum explain_no)no)) > 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_words), cmocka_unit_test(bad_words),
		cmocka_unit_test(from_frames), cmocka_unit_test(hostile_frames),
		cmocka_unit_test_setup(who_takes_it, make_world),
		cmocka_unit_test_setup(behind_the_program, make_world),
		cmocka_unit_test_setup(what_the_aos_does, make_world),
		cmocka_unit_test_setup(without_aos, make_world),
		cmocka_unit_test_setup(why_not, make_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
