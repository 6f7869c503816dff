// SPDX-License-Identifier: GPL-2.0-or-later
/* The rig of coslink's tests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link.h"
#include "test_coslink.h"

#define COMPILE                                                             \
	"gcc -O2 -g -Wall -Werror -ffreestanding -fpie -mcmodel=small "     \
	"-fvisibility=hidden -mgeneral-regs-only -fno-stack-protector "     \
	"-mno-red-zone -fno-asynchronous-unwind-tables "

static char directory[] = "/tmp/test_coslink.XXXXXX";
static char *errors;

int rig_setup(void **state)
{
	(void)state;
	strcpy(directory + sizeof(directory) - 7, "XXXXXX");
	if (!mkdtemp(directory) || chdir(directory))
		return -1;
	rig_compile("loader.o", "int loader_main(long a) { return (int)a; }");
	rig_compile("sched.o",
		    "void sched_main(void) {}\n"
		    "int sched_wake(int t) { return t; }\n"
		    "__asm__(\".pushsection .cosexport,\\\"\\\",@progbits\\n\"\n"
		    "\".asciz \\\"sched_wake\\\"\\n.popsection\");\n");
	return 0;
}

int rig_teardown(void **state)
{
	(void)state;
	free(errors);
	errors = NULL;
	rig_shell("rm -rf %s", directory);
	return chdir("/");
}

void rig_write(const char *file, const char *text)
{
	FILE *out = fopen(file, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

uint8_t *rig_read(const char *file, size_t *size)
{
	FILE *in = fopen(file, "r");
	uint8_t *bytes;
	long end;

	assert_non_null(in);
	assert_int_equal(fseek(in, 0, SEEK_END), 0);
	end = ftell(in);
	assert_true(end >= 0);
	rewind(in);
	bytes = aligned_alloc(16, ((size_t)end + 16) & ~(size_t)15);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)end, in), end);
	fclose(in);
	*size = (size_t)end;
	return bytes;
}

bool rig_exists(const char *file)
{
	return !access(file, F_OK);
}

void rig_shell(const char *fmt, ...)
{
	char command[2048];
	va_list ap;

	va_start(ap, fmt);
	assert_true(vsnprintf(command, sizeof(command), fmt, ap) < (int)sizeof(command));
	va_end(ap);
	if (system(command))
		fail_msg("failed: %s", command);
}

void rig_compile(const char *object, const char *c_source)
{
	rig_write("snippet.c", c_source);
	rig_shell(COMPILE "-c -o snippet.o snippet.c && ld -r -o %s snippet.o", object);
}

void rig_assemble(const char *object, const char *source)
{
	rig_write("snippet.s", source);
	rig_shell("as -g -o snippet.o snippet.s && ld -r -o %s snippet.o", object);
}

/* Debug information has whole paths; where we work is of no interest. */
static void forget_directory(char *text)
{
	size_t len = strlen(directory);

	while ((text = strstr(text, directory)))
		memmove(text, text + len + 1, strlen(text + len + 1) + 1);
}

const char *rig_link(const char *composition)
{
	const struct link_options options = { .composition = "sys.cfg", .objects = ".",
					      .output = "sys.img" };
	size_t size = 0;
	FILE *out;
	bool done;

	rig_write("sys.cfg", composition);
	unlink("sys.img");
	free(errors);
	errors = NULL;
	out = open_memstream(&errors, &size);
	assert_non_null(out);
	done = link_run(&options, out);
	fclose(out);
	forget_directory(errors);
	/* success, no error and an image: all three or none */
	assert_int_equal(done, !*errors);
	assert_int_equal(done, rig_exists("sys.img"));
	return errors;
}

void rig_link_good(const char *composition)
{
	assert_string_equal(rig_link(composition), "");
}

void rig_link_bad(const char *composition, const char *wanted)
{
	const char *line = rig_link(composition);

	for (; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (!strncmp(line, wanted, strlen(wanted)))
			return;
	fail_msg("wanted: %s\n got: %s", wanted, errors);
}
