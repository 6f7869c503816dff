/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tests of the configuration share: a good one, and a way to spoil it. */
#ifndef TEST_CONFIG_H
#define TEST_CONFIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "config.h"
#include "say.h"

/* One key a line, so that tests can name lines. */
#define GOOD_CONF							\
	"version = 1;\n"						/* 1 */	\
	"image = \"boot.img\";\n"					/* 2 */	\
	"aos = {\n"							/* 3 */	\
	"name = \"aos0\";\n"						/* 4 */	\
	"cpu = 1;\n"							/* 5 */	\
	"policy = \"fifo\";\n"						/* 6 */	\
	"priority = 50;\n"						/* 7 */	\
	"frames = 8192;\n"						/* 8 */	\
	"};\n"								/* 9 */	\
	"interfaces = (\n"						/* 10 */ \
	"{ name = \"cos0\";\n"						/* 11 */ \
	"mtu = 1500;\n"							/* 12 */ \
	"slots = 512;\n"						/* 13 */ \
	"full = \"drop\";\n"						/* 14 */ \
	"addresses = [ \"10.9.0.1/24\", \"fd00:9::1/64\" ];\n"		/* 15 */ \
	"host_addresses = [ \"10.9.0.254\" ];\n"			/* 16 */ \
	"steering = (\n"						/* 17 */ \
	"{ mode = \"route\"; prefix = \"10.9.0.0/24\"; },\n"		/* 18 */ \
	"{ mode = \"route\"; prefix = \"fd00:9::/64\"; } );\n"		/* 19 */ \
	"} );\n"							/* 20 */ \
	"services = (\n"						/* 21 */ \
	"{ name = \"echo\"; port = 7; },\n"				/* 22 */ \
	"{ name = \"kv\"; port = 6666; } );\n"				/* 23 */ \
	"host = { forwarding = true; };\n"				/* 24 */

/* Parses text as the file "dir/a.conf"; CPUs 0 and 1 are online. */
static inline int parse_text(const char *text, struct config *config, char **said)
{
	struct report report = { .file = "dir/a.conf" };
	size_t size;
	cpu_set_t online;
	FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	int err;

	CPU_ZERO(&online);
	CPU_SET(0, &online);
	CPU_SET(1, &online);
	report.out = open_memstream(said, &size);
	assert_non_null(in);
	assert_non_null(report.out);
	err = config_parse(config, in, &online, &report);
	fclose(in);
	fclose(report.out);
	assert_int_equal(err, report.errors ? -1 : 0);
	return err;
}

/* The good one with `from`, which must be in it, replaced.  Caller frees. */
static inline char *spoil(const char *from, const char *to)
{
	static const char good[] = GOOD_CONF;
	const char *at = strstr(good, from);
	char *text;

	assert_non_null(at);
	assert_int_not_equal(asprintf(&text, "%.*s%s%s", (int)(at - good), good, to,
				      at + strlen(from)), -1);
	return text;
}

#endif
