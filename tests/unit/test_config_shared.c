// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that components see: aos.shared, against image and file system, and mapped. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test_config.h"
#include "abi/syscall.h"
#include "shared.h"

#define VADDR IMAGE_REGION_BASE

/* Three regions: "frames" is none of the host's, "board" is written, "sealed" is not. */
struct made {
	struct image_region regions[3];
	struct image_map maps[2];
};

static struct made made = {
	.regions = {
		{ .name = "frames", .vaddr = VADDR, .pages = 1 },
		{ .name = "board", .vaddr = VADDR + 0x2000, .pages = 2, .kind = IMAGE_REGION_HOST },
		{ .name = "sealed", .vaddr = VADDR + 0x5000, .pages = 1,
		  .kind = IMAGE_REGION_HOST },
	},
	.maps = { { .region = 1, .rights = AOS_MAP_WRITE }, { .region = 2 } },
};

static const struct image image = {
	.bytes = (uint8_t *)&made, .size = sizeof(made),
	.header = { .regions = { offsetof(struct made, regions), 3 },
		    .maps = { offsetof(struct made, maps), 2 } },
};

static struct config_shared entry(const char *region, const char *file)
{
	struct config_shared shared = { .line = 5, .file.line = 6 };

	snprintf(shared.region, sizeof(shared.region), "%s", region);
	snprintf(shared.file.path, sizeof(shared.file.path), "%s", file);
	return shared;
}

static char *make_file(const char *text, long size)
{
	char *path = strdup("/tmp/shared.XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(ftruncate(fd, size), 0);
	close(fd);
	return path;
}

static char *checked(struct config *config, int *errors)
{
	struct report report = { .file = "a.conf" };
	char *said;
	size_t size;

	report.out = open_memstream(&said, &size);
	shared_check(config, &image, &report);
	fclose(report.out);
	*errors = (int)report.errors;
	return said;
}

static void parsed(void **state)
{
	char *text = spoil("frames = 8192;\n", "frames = 8192; shared = ( { region = \"board\"; "
			   "file = \"board.bin\"; } );\n"), *said;
	struct config *c = calloc(1, sizeof(*c));

	(void)state;
	assert_int_equal(parse_text(text, c, &said), 0);
	assert_int_equal(c->aos.nshared, 1);
	assert_string_equal(c->aos.shared[0].region, "board");
	assert_string_equal(c->aos.shared[0].file.path, "dir/board.bin");
	free(text);
	free(said);
	text = spoil("frames = 8192;\n", "frames = 8192; shared = ( { region = \"board\"; } );\n");
	assert_int_equal(parse_text(text, c, &said), -1);
	assert_non_null(strstr(said, "file"));
	free(text);
	free(said);
	free(c);
}

static void mistakes(void **state)
{
	static const struct {
		const char *region, *file, *says;
	} cases[] = {
		{ "nobody", "/tmp", "no region 'nobody' of kind \"host\"" },
		{ "frames", "/tmp", "no region 'frames' of kind \"host\"" },
		{ "sealed", "/tmp", "is no ordinary file" },
		{ "board", "/nowhere/board", "does not exist" },
	};
	struct config *c = calloc(1, sizeof(*c));
	int errors;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *said;

		c->aos.nshared = 1;
		c->aos.shared[0] = entry(cases[i].region, cases[i].file);
		said = checked(c, &errors);
		assert_int_equal(errors, 1);
		assert_non_null(strstr(said, cases[i].says));
		free(said);
	}
	free(c);
}

static void short_and_twice(void **state)
{
	struct config *c = calloc(1, sizeof(*c));
	char *path = make_file("", 4096), *said;
	int errors;

	(void)state;
	c->aos.nshared = 1;
	c->aos.shared[0] = entry("board", path);
	said = checked(c, &errors);
	assert_int_equal(errors, 0);
	assert_non_null(strstr(said, "shorter than its region"));
	free(said);
	c->aos.nshared = 2;
	c->aos.shared[1] = entry("board", path);
	said = checked(c, &errors);
	assert_int_equal(errors, 1);
	assert_non_null(strstr(said, "has a file already"));
	free(said);
	unlink(path);
	free(path);
	free(c);
}

static void mapped(void **state)
{
	char *path = make_file("Hello", 8192), text[6] = "";
	struct config_shared board = entry("board", path), sealed = entry("sealed", path);
	int fd;

	(void)state;
	assert_null(shared_map(&board, &image));
	assert_string_equal((char *)(VADDR + 0x2000), "Hello");
	*(char *)(VADDR + 0x2000) = 'h';
	fd = open(path, O_RDONLY);
	assert_int_equal(read(fd, text, 5), 5);
	assert_string_equal(text, "hello");
	close(fd);
	assert_null(shared_map(&sealed, &image));
	assert_int_equal(mprotect((void *)(VADDR + 0x5000), 4096, PROT_READ | PROT_WRITE), -1);
	/* Nothing that is there already is mapped over. */
	assert_non_null(shared_map(&board, &image));
	munmap((void *)(VADDR + 0x2000), 8192);
	munmap((void *)(VADDR + 0x5000), 4096);
	unlink(path);
	assert_non_null(shared_map(&board, &image));
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parsed), cmocka_unit_test(mistakes),
		cmocka_unit_test(short_and_twice), cmocka_unit_test(mapped),
	};

	return cmocka_run_group_tests_name("shared files", tests, NULL, NULL);
}
