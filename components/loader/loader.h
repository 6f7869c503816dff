/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the loader's files offer each other. */
#ifndef LOADER_H
#define LOADER_H

#include "aos.h"

#include "image.h"
#include "sched/sched.h"

/*
 * The loader's own capability slots beyond what the linker gave it:
 * components, a few for objects on their way to another table, threads.
 */
#define SLOT_COMPONENTS		AOS_SLOT_DYNAMIC
#define SLOT_ENDPOINT		(SLOT_COMPONENTS + AOS_MAX_COMPONENTS)
#define SLOT_OBJECT		(SLOT_ENDPOINT + 1)
#define SLOT_THREADS		(AOS_CAP_SLOTS - AOS_MAX_THREADS)
_Static_assert(SLOT_OBJECT < SLOT_THREADS, "the loader has too few slots");

static inline uint32_t component_slot(uint32_t component)
{
	return component ? SLOT_COMPONENTS + component : AOS_SLOT_SELF;
}

static inline uint32_t thread_slot(uint32_t thread)
{
	return thread ? SLOT_THREADS + thread : AOS_SLOT_SELF_THREAD;
}

#define NS_PER_US	1000ul

/* fail.c: say what could not be done for whom, and end the AOS. */
__attribute__((noreturn)) void fail(const char *whom, const char *what, int64_t err);
__attribute__((noreturn)) void fail_text(const char *whom, const char *what, const char *why);
/* Fail if the result of a call is an error; else give it back. */
int64_t must(int64_t result, const char *whom, const char *what);

/* memory.c */
void memory_init(uint32_t first_free, uint32_t frames);
uint32_t memory_used(void);
uint32_t memory_left(void);
/* All frames that are left, for somebody else: their number, and the first. */
uint32_t memory_take_rest(uint32_t *first);
uint32_t frame_take(const char *whom);
uint32_t frames_take_aligned(const char *whom, uint32_t count, uint32_t align);

/* One page of a component to map, and where it comes from. */
struct mapping {
	const char *whom, *what;	/* for messages */
	uint32_t component;
	uint32_t from;			/* slot: frames or a channel */
	uint32_t part;			/* of a channel */
	uint32_t rights;
};
void map_page(const struct mapping *m, uint32_t page, uint64_t vaddr);
void map_zeroed(const struct mapping *m, uint64_t vaddr, uint32_t pages);
/* Only the page tables for later mappings there. */
void map_tables(const struct mapping *m, uint64_t vaddr, uint32_t pages);
void map_contents(const struct mapping *m, uint64_t vaddr, uint32_t pages, const void *from,
		  uint32_t bytes);
/* A frame in the loader's own view, read-write; one at a time. */
void *window_open(uint32_t frame);
void window_close(void);

/* extent.c: remembers a component's private writable pages, first frame to last. */
void extent_add(const struct mapping *m, uint32_t frame, uint32_t pages, const char *from,
		uint32_t bytes);
/* All of them as they were in the beginning; -> how many.  Nobody may be inside. */
uint32_t extents_reload(uint32_t component);

/* build.c: everything from the image; returns when all threads exist. */
void build_system(const struct image *img, uint32_t info_frame);
/* A thread that has ended, once more, with the same number. */
void build_thread_again(uint32_t thread);

/* schedulers.c */
void schedulers_build(const struct image *img);
/* Tell its scheduler of a thread, or of its other priority. */
void admit_thread(const struct image *img, uint32_t thread, uint32_t priority);
/* Tell its scheduler what it has now.  0, or what that says: -AOS_ENOENT: the thread is down. */
int64_t change_thread(const struct image *img, uint32_t thread);
/* Tell all of them of a component: of its watchdog; that it is stopped, and its threads. */
void watch_component(const struct image *img, uint32_t component);
void component_gone(const struct image *img, uint32_t component, uint32_t threads);

/* restart.c */
void restart_init(const struct image *img);
/* Make anew whatever was stopped and may live again. */
void restart_stopped(void);

/* The restarts that were allowed count anew where that was changed; urgencies always. */
void restart_reconsider(const struct image_component *before);

/* settings.c: the image's tables become ones that may change. */
void settings_init(struct image *img);
/* What somebody wants of them, if anything: the loader's thread. */
void settings_change(void);

/* manager.c: the memory manager's part, if there is one */
uint32_t manager_heap_pages(const struct image *img, uint32_t component);	/* at the start */
uint32_t manager_stack_pages(const struct image *img, uint32_t component);
void manager_build(const struct image *img);
void manager_reclaim(const struct image *img, uint32_t component);

/* capabilities.c */
void give_capabilities(const struct image *img, uint32_t component, const uint32_t *channel);

/* supervisor.c: never returns */
__attribute__((noreturn)) void supervise(const struct image *img);

#endif
