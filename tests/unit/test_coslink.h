/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rig of coslink's tests: a directory of its own to work in, objects
 * compiled from snippets, runs of the linker, and a reader of images that
 * shares nothing with coslink but abi/image.h.
 */
#ifndef TEST_COSLINK_H
#define TEST_COSLINK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <abi/image.h>
#include <abi/syscall.h>

/* --- rig (test_coslink_rig.c) --- */

/* Group fixtures: enter a fresh directory with loader.o, sched.o; leave it. */
int rig_setup(void **state);
int rig_teardown(void **state);

void rig_write(const char *file, const char *text);
uint8_t *rig_read(const char *file, size_t *size);
bool rig_exists(const char *file);

/* Compile C or assembly to `object`, the way components are compiled. */
void rig_compile(const char *object, const char *c_source);
void rig_assemble(const char *object, const char *source);
/* A command of the shell that must succeed. */
void rig_shell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Link sys.cfg with the text given; returns the errors, "" for none. */
const char *rig_link(const char *composition);
/* It must succeed; the image is in sys.img. */
void rig_link_good(const char *composition);
/* It must fail, say `wanted` at the start of a line, and write no image. */
void rig_link_bad(const char *composition, const char *wanted);

/*
 * Pieces of compositions.  In SYSTEM() line 2 is `head`, line 4 the loader,
 * line 5 the scheduler, line 6 and on `more`.
 */
#define LOADER(extra)                                                        \
	"{ name = \"loader\"; object = \"loader.o\"; threads = ( { name = "  \
	"\"main\"; entry = \"loader_main\"; priority = 1; } ); " extra " },\n"
#define SCHED(extra)                                                         \
	"{ name = \"sched\"; object = \"sched.o\"; scheduler = true; "       \
	"threads = ( { name = \"main\"; entry = \"sched_main\"; priority = 0; } ); " \
	extra " }"
/* Of a scheduler: how it hears of its threads. */
#define NEWS "endpoints = ( { name = \"events\"; source = \"scheduler\"; } ); "
#define X(extra) "{ name = \"x\"; object = \"x.o\"; " extra " }"
#define THREAD "threads = ( { name = \"main\"; entry = \"x_main\"; priority = 9; } ); "
#define SYSTEM(head, loader, sched, more)                                    \
	"version = 1;\n" head "\ncomponents = (\n" loader sched more ");\n"
#define WITH_X(extra) SYSTEM("", LOADER(""), SCHED(""), ",\n" X(THREAD extra))

/* --- reader (test_coslink_reader.c) --- */

struct view {
	const uint8_t *bytes;
	size_t size;
	const struct image_header *head;
	const struct image_component *components;
	const struct image_segment *segments;
	const struct image_cap *caps;
	const struct image_region *regions;
	const struct image_map *maps;
	const struct image_thread *threads;
	const struct image_channel *channels;
	const char *strings;
	const struct image_place *places;
};

/* Read an image file and check everything that must hold in any image. */
struct view view_open(const char *file);
void view_close(struct view *view);

const struct image_component *view_component(const struct view *view, const char *name);
const struct image_cap *view_cap(const struct view *view, const char *component,
				 const char *name);
const struct image_region *view_region(const struct view *view, const char *name);
/* n bytes that a component would see at an address. */
const void *view_at(const struct view *view, uint64_t vaddr, size_t n);
uint64_t view_u64(const struct view *view, uint64_t vaddr);
/* The segment an address lies in, or NULL. */
const struct image_segment *view_segment(const struct view *view, uint64_t vaddr);

#endif
