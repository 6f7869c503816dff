// SPDX-License-Identifier: GPL-2.0-or-later
/* Interfaces with io = "proxy": what goes together, what the AOS is told, what is counted. */
#include <sys/mman.h>
#include <unistd.h>

#include "test_config.h"
#include "abi/tunnel.h"
#include "bootinfo.h"
#include "check.h"
#include "proxy_page.h"
#include "reasons.h"

#define PROXY	"slots = 512;\nfull = \"drop\";\n"	/* of the good one, replaced */

/* The image's channels: ctl and NAME, of that kind. */
struct made {
	struct image_header header;
	struct image_channel channels[2];
};

static struct config *parse(const char *with, int wanted, char **said)
{
	struct config *c = calloc(1, sizeof(*c));
	char *text = spoil(PROXY, with);

	assert_int_equal(parse_text(text, c, said), wanted);
	free(text);
	return c;
}

static void good(void **state)
{
	struct config *c;
	char *said;

	(void)state;
	c = parse("io = \"proxy\";\n\n", 0, &said);
	assert_string_equal(said, "");
	assert_int_equal(c->interfaces[0].io, CONFIG_IO_PROXY);
	assert_int_equal(c->interfaces[0].slots, TUNNEL_SLOTS);
	free(said);
	free(c);
	c = parse("io = \"cosnet\";\n\n", 0, &said);
	assert_int_equal(c->interfaces[0].io, CONFIG_IO_COSNET);
	assert_int_equal(c->interfaces[0].slots, 512);
	free(said);
	free(c);
}

static void what_does_not_go_together(void **state)
{
	static const struct {
		const char *with, *words;
	} cases[] = {
		{ "io = \"tun\";\n\n", "'io' \"tun\" is not known" },
		{ "io = \"proxy\";\nslots = 512;\n", ":11: interface cos0 has io = \"proxy\", "
		  "where the composition says" },
		{ "io = \"proxy\";\nfull = \"stop\";\n", "txqueuelen says" },
	};
	char *said, *text;
	struct config *c;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		c = parse(cases[i].with, -1, &said);
		if (!strstr(said, cases[i].words))
			fail_msg("%s: %s", cases[i].with, said);
		free(said);
		free(c);
	}
	c = calloc(1, sizeof(*c));
	text = spoil("name = \"cos0\";\nmtu = 1500;\nslots = 512;\nfull = \"drop\";\n"
		     "addresses = [ \"10.9.0.1/24\", \"fd00:9::1/64\" ];\n"
		     "host_addresses = [ \"10.9.0.254\" ];\nsteering = (\n",
		     "name = \"cos0\"; io = \"proxy\";\n"
		     "addresses = [ \"10.9.0.1/24\", \"fd00:9::1/64\" ];\nsteering = (\n"
		     "{ mode = \"redirect\"; from = \"eth0\"; prefix = \"10.9.0.1/32\"; },");
	assert_int_equal(parse_text(text, c, &said), -1);
	assert_non_null(strstr(said, "mode \"redirect\" leads past Linux's IP layer into a "
			       "cosnet interface, and cos0 has io = \"proxy\": use mode"));
	free(text);
	free(said);
	free(c);
}

/* ---- against an image ---- */

static struct image image_with(struct made *made, const char *name, uint32_t kind)
{
	*made = (struct made){ .channels = {
		{ .name = "ctl", .kind = IMAGE_CHANNEL_TRANSLATOR, .to_aos = 4096,
		  .from_aos = 4096 },
		{ .kind = kind, .to_aos = 4096, .from_aos = 8192 } } };
	strcpy(made->channels[1].name, name);
	made->header.channels = (struct image_table){ offsetof(struct made, channels), 2 };
	return (struct image){ .bytes = (uint8_t *)made, .size = sizeof(*made),
			       .header = made->header };
}

static void check_link(const char *link, const char *with, const char *name, uint32_t kind,
		       const char *words)
{
	struct report report = { .file = "a.conf" };
	struct image image;
	struct made made;
	struct config *c;
	char *said, *text;
	size_t size;

	c = parse(with, 0, &said);
	free(said);
	strcpy(c->interfaces[0].name, link);
	c->aos.frames = 4096;
	report.out = open_memstream(&text, &size);
	image = image_with(&made, name, kind);
	check_image(c, &image, &report);
	fclose(report.out);
	if (*words ? !strstr(text, words) : *text)
		fail_msg("%s: %s", words, text);
	free(text);
	free(c);
}

static void check(const char *with, const char *name, uint32_t kind, const char *words)
{
	check_link("cos0", with, name, kind, words);
}

static void against_images(void **state)
{
	(void)state;
	check("io = \"proxy\";\n\n", "cos0", IMAGE_CHANNEL_TRANSLATOR, "");
	check("\n\n", "cos0", IMAGE_CHANNEL_PACKETS, "");
	check("io = \"proxy\";\n\n", "cos0", IMAGE_CHANNEL_PACKETS, "remove io = \"proxy\"");
	check("io = \"proxy\";\n\n", "tun0", IMAGE_CHANNEL_TRANSLATOR,
	      "no translator channel 'cos0' with a component 'tunnel'");
	check("\n\n", "cos0", IMAGE_CHANNEL_TRANSLATOR, "write io = \"proxy\"");
}

static void not_through_the_control_channel(void **state)
{
	(void)state;
	check_link("ctl", "io = \"proxy\";\n\n", "tun0", IMAGE_CHANNEL_TRANSLATOR,
		   "'ctl' is not for packets");
}

static void the_aos_is_told(void **state)
{
	struct bootinfo info;
	struct image image;
	struct made made;
	struct config *c;
	char *said;

	(void)state;
	c = parse("io = \"proxy\";\n\n", 0, &said);
	free(said);
	image = image_with(&made, "cos0", IMAGE_CHANNEL_TRANSLATOR);
	bootinfo_build(&info, c, &image);
	assert_int_equal(info.channel[0].slots, 0);
	assert_int_equal(info.channel[1].slots, TUNNEL_SLOTS);
	assert_int_equal(info.channel[1].mtu, 1500);
	assert_int_equal(info.channel[1].from_aos, 8192);
	assert_int_equal(info.address[0].channel, 1);
	free(c);
}

/* ---- counters ---- */

static void pages(void **state)
{
	char dir[] = "/tmp/proxyXXXXXX";
	struct proxy_page *page, copy;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_false(proxy_page_read(&copy, dir, "aos0", "tun0"));
	page = proxy_page_create(dir, "aos0", "tun0");
	assert_non_null(page);
	page->to_aos_packets = 7;
	assert_true(proxy_page_read(&copy, dir, "aos0", "tun0"));
	assert_int_equal(copy.to_aos_packets, 7);
	assert_false(proxy_page_read(&copy, dir, "aos0", "tun1"));
	assert_int_equal(proxy_page_keep_carrier(dir, "aos0", "tun1", true), -1);
	assert_int_equal(proxy_page_keep_carrier(dir, "aos0", "tun0", true), 0);
	assert_true(page->keep_carrier == 1 && page->to_aos_packets == 7);
	assert_int_equal(proxy_page_keep_carrier(dir, "aos0", "tun0", false), 0);
	assert_int_equal(page->keep_carrier, 0);
	page->magic++;
	assert_false(proxy_page_read(&copy, dir, "aos0", "tun0"));
	munmap(page, sizeof(*page));
	page = proxy_page_create(dir, "aos0", "tun0");	/* what was left is none of it */
	assert_int_equal(page->to_aos_packets, 0);
	munmap(page, sizeof(*page));
	proxy_page_remove(dir, "aos0", "tun0");
	assert_int_equal(rmdir(dir), 0);
}

/* A batch counts if the ring knows it, and once. */
static void marks(void **state)
{
	const struct proxy_mark mark = { .place = 500, .total = 12 };
	uint64_t total = 10;

	(void)state;
	proxy_mark_settle(&mark, 400, &total);
	assert_int_equal(total, 10);
	proxy_mark_settle(&mark, 500, &total);
	assert_int_equal(total, 12);
	proxy_mark_settle(&mark, 500, &total);
	assert_int_equal(total, 12);
}

static void reasons(void **state)
{
#define NAME(name) #name,
	static const char *const counters[] = { PROXY_COUNTERS(NAME) };

	(void)state;
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		if (!strncmp(counters[i], "drop_", 5))
			assert_int_not_equal(reasons_find(counters[i]), DROP_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good), cmocka_unit_test(what_does_not_go_together),
		cmocka_unit_test(against_images),
		cmocka_unit_test(not_through_the_control_channel),
		cmocka_unit_test(the_aos_is_told), cmocka_unit_test(pages),
		cmocka_unit_test(marks), cmocka_unit_test(reasons),
	};

	return cmocka_run_group_tests_name("config_proxy", tests, NULL, NULL);
}
