// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line, addresses, the counters file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "counters.h"
#include "option_table.h"

static bool parse(struct options *o, const char *line, char error[256])
{
	static char copy[512];
	char *argv[40] = { "replay" }, *save, *word;
	int argc = 1;

	snprintf(copy, sizeof(copy), "%s", line);
	for (word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	error[0] = '\0';
	return options_parse(o, argc, argv, error, 256);
}

static void options_full_line(void **state)
{
	static struct options o;
	char error[256], text[ADDRESS_TEXT];

	(void)state;
	assert_true(parse(&o, "--wire dgram:40001:40002 --to4=10.9.0.1:7 "
			  "--to6 [fd00:9::1]:8 --source4 10.0.2.2 "
			  "--source6 fd00:2::2 --sources 4 --speed max "
			  "--ping 10.0.2.15 --ping fd00:2::15 "
			  "--side-echo 10.0.2.15:7 --timeout 250 --loop 3 "
			  "--wait 9 x.pcap", error));
	assert_int_equal(o.wire.local_port, 40001);
	assert_int_equal(o.wire.peer_port, 40002);
	assert_string_equal(endpoint_format(&o.streams[0].to6, text), "[fd00:9::1]:8");
	assert_string_equal(address_format(&o.wire.gateway4, text),
			    "10.9.0.1");
	assert_int_equal(o.sources.count, 4);
	assert_int_equal(o.side.count, 3);
	assert_int_equal(o.timeout, 250 * NS_PER_MS);
	assert_int_equal(o.window, 32);
	assert_string_equal(o.streams[0].capture, "x.pcap");
}

static void options_streams(void **state)
{
	static struct options o;
	char error[256], text[ADDRESS_TEXT];

	(void)state;
	assert_true(parse(&o, "--socket --to 1.1.1.1 --pcap a --to 2.2.2.2:9 "
			  "--to [::2]:9 --pcap b c --rate 100/s --warm-up 3s",
			  error));
	assert_int_equal(o.stream_count, 3);
	assert_string_equal(endpoint_format(&o.streams[0].to4, text),
			    "2.2.2.2:9");
	assert_string_equal(endpoint_format(&o.streams[0].to6, text),
			    "[::2]:9");
	/* Those without their own go where all do. */
	assert_string_equal(endpoint_format(&o.streams[1].to4, text),
			    "1.1.1.1:7");
	assert_int_equal(o.streams[2].to6.address.family, 0);
	assert_string_equal(o.streams[2].capture, "c");
	assert_true(o.schedule.rate > 99.9 && o.schedule.rate < 100.1);
	assert_int_equal(o.warm_time, 3 * NS_PER_S);
	assert_int_equal(o.warm_count, 0);
}

static void options_compare(void **state)
{
	static struct options o;
	char error[256];

	(void)state;
	assert_true(parse(&o, "--socket --to 1.1.1.1 --compare 2.2.2.2 "
			  "--warm-up 12 a", error));
	assert_int_equal(o.stream_count, 2);
	assert_true(o.streams[1].comparison);
	assert_string_equal(o.streams[1].capture, "a");
	assert_int_equal(o.streams[1].to4.address.bytes[0], 2);
	assert_int_equal(o.warm_count, 12);
}

static void options_refused(void **state)
{
	static const char *const lines[] = {
		"", "x.pcap", "--socket x.pcap", "--socket --to4 ::1 x",
		"--socket --to4 1.2.3.4:70000 x", "--socket --to6 [::1:7 x",
		"--wire dgram:1 --to4 1.2.3.4 --source4 1.2.3.5 x",
		"--wire dgram:1:2x --to4 1.2.3.4 --source4 1.2.3.5 x",
		"--wire dgram:1:2 --to4 1.2.3.4 x",
		"--wire dgram:1:2 --to4 1.2.3.4 --source4 1.2.3.5 "
		"--ping ::1 x",
		"--socket --to4 1.2.3.4 --ping 1.2.3.4 x",
		"--socket --to4 1.2.3.4 --speed 0 x",
		"--socket --to4 1.2.3.4 --limit 0 x",
		"--socket --to4 1.2.3.4 --timeout -1 x",
		"--socket --to4 1.2.3.4 --mac 01:00:00:00:00:00 x",
		"--socket --to4 1.2.3.4 --bad x",
		"--socket --pcap x --to 1.2.3.4 --pcap y",
		"--socket --to 1.2.3.4 1 2 3 4 5 6 7 8 9",
		"--socket --to 1.2.3.4 --compare ::1 x",
		"--socket --to 1.2.3.4 --to [::1]:7 --compare 1.2.3.5 x",
		"--socket --to 1.2.3.4 --rate 0 x",
		"--socket --to 1.2.3.4 --rate 5/m x",
		"--socket --to 1.2.3.4 --rate 5 --speed 1 x",
		"--socket --to 1.2.3.4 --warm-up s x",
		"--socket --to 1.2.3.4 --warm-up 3m x",
		"--socket --to 1.2.3.4 --worst 1001 x",
		"--socket=1 --to4 1.2.3.4 x", "--socket --to4",
		"--socket --to 1.2.3.4 --limit 99999999999999999999999 x",
		"--socket --to 1.2.3.4 --warm-up 99999999999999999999999 x",
	};
	static struct options o;
	char error[256];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		assert_false(parse(&o, lines[i], error));
		assert_non_null(strstr(error, "see --help"));
	}
}

/* "--max-gap" as a manual page writes it: "\-\-max\-gap". */
static void manual_form(const char *name, char *out)
{
	out += sprintf(out, "\\-\\-");
	for (; *name; name++)
		out += sprintf(out, *name == '-' ? "\\-" : "%c", *name);
}

/* The manual knows every option that there is. */
static void options_manual(void **state)
{
	static const struct option_group *const groups[] = {
		&option_traffic, &option_timing, &option_link, &option_side,
		&option_results };
	static char manual[65536];
	FILE *file = fopen(REPLAY_MANUAL, "r");
	char name[64];

	(void)state;
	assert_non_null(file);
	assert_true(fread(manual, 1, sizeof(manual) - 1, file) > 1000);
	fclose(file);
	for (size_t g = 0; g < sizeof(groups) / sizeof(*groups); g++)
		for (size_t i = 0; i < groups[g]->count; i++) {
			manual_form(groups[g]->entries[i].name, name);
			if (!strstr(manual, name))
				fail_msg("%s is not in the manual", name);
		}
}

static void counters_file(void **state)
{
	static struct counters c;
	char path[] = "/tmp/test_replay.XXXXXX", error[256];
	FILE *file = fdopen(mkstemp(path), "w");

	(void)state;
	fputs("# a comment\n\nring_drops 12\nlwip.udp.drop: 0\nrx_packets 99\n"
	      "no value\nbad \033[2J 4\n77\n", file);
	for (int i = 0; i < 2000; i++)
		fprintf(file, "filler_%d %d\n", i, i);
	fclose(file);
	assert_true(counters_read(&c, path, error, sizeof(error)));
	assert_int_equal(c.count, COUNTERS_MAX);
	assert_string_equal(c.list[0].name, "ring_drops");
	assert_true(counter_is_reason(&c.list[0]));
	assert_false(counter_is_reason(&c.list[1]));	/* zero */
	assert_false(counter_is_reason(&c.list[2]));	/* no drop */
	assert_string_equal(c.list[3].name, "filler_0");
	unlink(path);
	assert_false(counters_read(&c, path, error, sizeof(error)));
	assert_non_null(strstr(error, path));
	/* What has no end is given up. */
	assert_false(counters_read(&c, "/dev/zero", error, sizeof(error)));
}

/* What cannot be meant is refused with its own reason, and by its name. */
static void options_reasons(void **state)
{
	static const struct {
		const char *line, *reason;
	} cases[] = {
		{ "--socket --to 1.2.3.4 --to 1.2.3.5 x",
		  "--to 1.2.3.5: a second one of this family" },
		{ "--socket --to4 1.2.3.4 x --compare 1.1.1.1 --compare 1.1.1.2",
		  "--compare 1.1.1.2: a second one" },
		{ "--socket --wire dgram:1:2 --to 1.2.3.4 x",
		  "--wire or --socket, not both" },
		{ "--wire dgram:1:2 --socket --to 1.2.3.4 x",
		  "--socket: --wire or --socket, not both" },
		{ "--socket --to 1.2.3.4 --source4 1.2.3.5 x",
		  "--source4 needs --wire" },
		{ "--mtu 1400 --socket --to 1.2.3.4 x", "--mtu needs --wire" },
		{ "--socket --to 1.2.3.4 --ping 1.2.3.4 x",
		  "--ping needs --wire" },
		{ "-h", "-h: no such option" },
		{ "--socket --to 1.2.3.4 -x y", "-x: no such option" },
		{ "--dry-run - --pcap -", "can be read only once" },
	};
	static struct options o;
	char error[256], many[512] = "--dry-run x ";

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_false(parse(&o, cases[i].line, error));
		if (!strstr(error, cases[i].reason))
			fail_msg("%s: %s", cases[i].line, error);
	}
	for (unsigned int i = 0; i < SIDE_MAX; i++)
		strcat(many, "--side-echo=1.1.1.1 ");
	assert_true(parse(&o, many, error));
	strcat(many, "--side-echo=1.1.1.1 ");
	assert_false(parse(&o, many, error));
	assert_non_null(strstr(error, "too many side checks"));
	assert_true(parse(&o, "--dry-run - -- -x --json", error));
	assert_int_equal(o.stream_count, 3);
	assert_string_equal(o.streams[2].capture, "--json");
	assert_null(o.json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_full_line),
		cmocka_unit_test(options_streams),
		cmocka_unit_test(options_compare),
		cmocka_unit_test(options_refused),
		cmocka_unit_test(options_reasons),
		cmocka_unit_test(options_manual),
		cmocka_unit_test(counters_file),
	};

	return cmocka_run_group_tests_name("replay: options", tests, NULL,
					   NULL);
}
