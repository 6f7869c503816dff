// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The boot image as aosctl reads it: damaged ones are refused, the rest is
 * compared with the configuration; and what the AOS is told about both.
 */
#include <unistd.h>

#include "test_config.h"
#include "bootinfo.h"
#include "check.h"
#include "image.h"

/* Two components, one segment, two regions, and up to two channels. */
struct made {
	struct image_header header;
	struct image_component components[2];
	struct image_segment segments[1];
	struct image_region regions[2];
	struct image_channel channels[2];
};

#define TABLE(member, n) { offsetof(struct made, member), n }

static void seal(struct made *made)
{
	made->header.crc32 = 0;
	made->header.crc32 = image_crc32((const uint8_t *)made, sizeof(*made), 0);
}

static struct made *make(const char *first, const char *second)
{
	struct made *made = calloc(1, sizeof(*made));

	made->header = (struct image_header){
		.magic = IMAGE_MAGIC, .revision = IMAGE_REVISION, .size = sizeof(*made),
		.components = TABLE(components, 2), .segments = TABLE(segments, 1),
		.regions = TABLE(regions, 2), .caps = TABLE(regions, 0),
		.maps = TABLE(regions, 0), .threads = TABLE(regions, 0),
		.channels = TABLE(channels, second ? 2 : 1),
		.strings = TABLE(channels, 0),
	};
	strcpy(made->components[0].name, "loader");
	strcpy(made->components[1].name, "vnic");
	made->components[1].heap_pages = 100;
	made->segments[0].mem_pages = 20;
	made->regions[0].pages = 3;
	made->regions[1].kind = IMAGE_REGION_CHANNEL;
	made->regions[1].pages = 1000000;
	strcpy(made->channels[0].name, first);
	if (second)
		strcpy(made->channels[1].name, second);
	seal(made);
	return made;
}

static struct image image_of(struct made *made)
{
	return (struct image){ .bytes = (uint8_t *)made, .size = sizeof(*made) };
}

static void checksum(void **state)
{
	(void)state;
	assert_int_equal(image_crc32((const uint8_t *)"123456789", 9, 0), 0xcbf43926u);
	assert_int_equal(image_crc32((const uint8_t *)"6789", 4,
				     image_crc32((const uint8_t *)"12345", 5, 0)),
			 0xcbf43926u);
}

static void good(void **state)
{
	struct made *made = make("cos0", NULL);
	struct image image = image_of(made);
	struct image_channel channel;
	char name[ABI_NAME_LEN + 1];

	(void)state;
	assert_null(image_check(&image));
	image_component_name(&image, 1, name);
	assert_string_equal(name, "vnic");
	image_channel(&image, 0, &channel);
	assert_string_equal(channel.name, "cos0");
	assert_int_equal(image_frames(&image), 123);
	free(made);
}

static void damaged(void **state)
{
	static const struct {
		size_t at;		/* a 32-bit word of the header */
		uint32_t value;
		const char *words;
	} cases[] = {
		{ offsetof(struct image_header, magic), 0, "is no boot image" },
		{ offsetof(struct image_header, revision), 99, "another revision" },
		{ offsetof(struct image_header, size), 80, "cut short" },
		{ offsetof(struct image_header, components.count), 0, "no component" },
		{ offsetof(struct image_header, components.count), UINT32_MAX, "outside" },
		{ offsetof(struct image_header, components.off), UINT32_MAX - 7, "outside" },
		{ offsetof(struct image_header, components.off), 81, "outside" },
		{ offsetof(struct image_header, segments.count), 1000, "outside" },
		{ offsetof(struct image_header, regions.off), 1u << 20, "outside" },
		{ offsetof(struct image_header, channels.count), 1u << 28, "outside" },
		{ offsetof(struct image_header, strings.count), UINT32_MAX, "outside" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made *made = make("cos0", NULL);
		struct image image = image_of(made);
		const char *why;

		memcpy((char *)made + cases[i].at, &cases[i].value, 4);
		seal(made);
		why = image_check(&image);
		if (!why || !strstr(why, cases[i].words))
			fail_msg("case %zu: %s", i, why ? why : "accepted");
		free(made);
	}
}

static void bit_flips(void **state)
{
	struct made *made = make("cos0", NULL);
	struct image image = image_of(made);

	(void)state;
	for (size_t bit = 0; bit < 8 * sizeof(*made); bit += 7) {
		image.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_non_null(image_check(&image));
		image.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_null(image_check(&image));
	for (image.size = 0; image.size < sizeof(*made); image.size++)
		assert_non_null(image_check(&image));
	free(made);
}

static char *compare(const char *conf, struct made *made)
{
	struct config *c = calloc(1, sizeof(*c));
	struct report report = { .file = "a.conf" };
	struct image image = image_of(made);
	char *said;
	size_t size;

	assert_int_equal(parse_text(conf, c, &said), 0);
	free(said);
	assert_null(image_check(&image));
	report.out = open_memstream(&said, &size);
	check_image(c, &image, &report);
	fclose(report.out);
	free(made);
	free(c);
	return said;
}

static void against_configuration(void **state)
{
	char *said = compare(GOOD_CONF, make("cos0", NULL)), *conf;
	struct made *made;

	(void)state;
	assert_string_equal(said, "");
	free(said);
	said = compare(GOOD_CONF, make("cos1", NULL));
	assert_string_equal(said,
		"a.conf:11: the boot image has no channel 'cos0': name the interface as "
		"its channel 'cos1', or link the image with this one\n"
		"a.conf:2: channel 'cos1' of the boot image has no interface here: add "
		"one of this name to 'interfaces'\n");
	free(said);
	said = compare(GOOD_CONF, make("cos0", "cos1"));
	assert_non_null(strstr(said, "a.conf:2: channel 'cos1'"));
	free(said);
	made = make("cos0", NULL);
	made->header.channels.count = 0;
	seal(made);
	said = compare(GOOD_CONF, made);
	assert_non_null(strstr(said, "no channel at all: remove interface cos0"));
	free(said);
	conf = spoil("frames = 8192", "frames = 300");
	made = make("cos0", NULL);
	made->segments[0].mem_pages = 500;
	seal(made);
	said = compare(conf, made);
	assert_string_equal(said, "a.conf:3: frames = 300: this boot image needs more "
			    "than 603\n");
	free(said);
	free(conf);
}

static void told_to_the_aos(void **state)
{
	char *conf = spoil("interfaces = (", "interfaces = ( { name = \"cos1\"; addresses "
			   "= [ \"10.8.0.1/30\" ]; steering = ( { mode = \"route\"; "
			   "prefix = \"10.8.0.0/30\"; } ); },"), *said;
	struct made *made = make("cos0", "cos1");
	struct config *c = calloc(1, sizeof(*c));
	struct image image = image_of(made);
	struct bootinfo info;

	(void)state;
	assert_int_equal(parse_text(conf, c, &said), 0);
	assert_null(image_check(&image));
	bootinfo_build(&info, c, &image);
	assert_int_equal(info.magic, BOOTINFO_MAGIC);
	assert_int_equal(info.revision, BOOTINFO_REVISION);
	assert_int_equal(info.nchannels, 2);
	assert_string_equal(info.channel[0].name, "cos0");	/* the image's order */
	assert_string_equal(info.channel[1].name, "cos1");
	assert_int_equal(info.channel[0].slots, 0);		/* hijack's */
	assert_int_equal(info.naddresses, 3);
	assert_int_equal(info.address[0].channel, 1);
	assert_int_equal(info.address[0].prefix_len, 30);
	assert_memory_equal(info.address[0].addr, "\x0a\x08\x00\x01", 4);
	assert_int_equal(info.address[1].channel, 0);
	assert_int_equal(info.address[1].family, 4);
	assert_int_equal(info.address[2].family, 6);
	assert_int_equal(info.address[2].addr[15], 1);
	assert_int_equal(info.nservices, 2);
	assert_string_equal(info.service[1].name, "kv");
	assert_int_equal(info.service[1].port, 6666);
	assert_int_equal(info.frames, 0);
	assert_true(!info.tsc_khz && !info.image_vaddr && !info.random);
	free(said);
	free(c);
	free(made);
	free(conf);
}

static void write_file(const char *path, const void *bytes, size_t size)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fwrite(bytes, 1, size, out);
	fclose(out);
}

/* The whole of `aosctl check`: files that are there, missing, or stale. */
static void files(void **state)
{
	struct appliance *a = calloc(1, sizeof(*a));
	char dir[] = "/tmp/test-aosctl.XXXXXX", conf[64], image[64], digest[17], *said, *text;
	struct made *made = make("cos0", NULL);
	size_t size;
	FILE *out = open_memstream(&said, &size);

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(conf, sizeof(conf), "%s/a.conf", dir);
	snprintf(image, sizeof(image), "%s/boot.img", dir);
	assert_int_equal(check_load(a, conf, out), -2);
	text = spoil("cpu = 1;", "cpu = 0;");
	write_file(conf, text, strlen(text));
	free(text);
	assert_int_equal(check_load(a, conf, out), -1);
	fflush(out);
	assert_non_null(strstr(said, "boot.img does not exist"));
	write_file(image, made, sizeof(*made) - 1);
	assert_int_equal(check_load(a, conf, out), -1);
	fflush(out);
	assert_non_null(strstr(said, "cut short"));
	write_file(image, made, sizeof(*made));
	assert_int_equal(check_load(a, conf, out), 0);
	strcpy(digest, a->digest);
	check_unload(a);
	made->components[0].heap_pages++;
	seal(made);
	write_file(image, made, sizeof(*made));
	assert_int_equal(check_load(a, conf, out), 0);
	assert_string_not_equal(digest, a->digest);
	check_unload(a);
	text = spoil("cpu = 1;", "cpu = 0;");
	text = realloc(text, strlen(text) + 64);
	strcat(text, "composition = \"nowhere\"; modules = \"boot.img\";");
	write_file(conf, text, strlen(text));
	free(text);
	assert_int_equal(check_load(a, conf, out), -1);
	fflush(out);
	assert_non_null(strstr(said, "nowhere: No such file"));
	assert_non_null(strstr(said, "boot.img is no directory"));
	fclose(out);
	free(said);
	unlink(conf);
	unlink(image);
	rmdir(dir);
	free(made);
	free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checksum), cmocka_unit_test(good),
		cmocka_unit_test(damaged), cmocka_unit_test(bit_flips),
		cmocka_unit_test(against_configuration),
		cmocka_unit_test(told_to_the_aos), cmocka_unit_test(files),
	};

	return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
