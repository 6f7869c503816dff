// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Watching over the components: every fault is counted and logged.  The
 * kernel has contained it already, and stopped the component where the
 * composition says so; restart.c makes it anew.
 */
#include "loader.h"

/* Faults of one component that are logged one by one; then at every power of two. */
#define LOGGED_EACH 16u

struct watch {
	const struct image *img;
	struct counter *all;
	struct counter *of[AOS_MAX_COMPONENTS];
};

static const char *vector_name(uint32_t vector)
{
	switch (vector) {
	case 0: return "divide error";
	case 1: return "debug trap";
	case 3: return "breakpoint";
	case 4: return "overflow";
	case 5: return "bound range";
	case 6: return "invalid opcode";
	case 7: return "no vector unit";
	case 10: return "invalid TSS";
	case 11: return "segment not present";
	case 12: return "stack fault";
	case 13: return "general protection";
	case 14: return "page fault";
	case 16: return "x87 error";
	case 17: return "alignment check";
	case 19: return "vector unit error";
	case 21: return "control protection";
	case AOS_FAULT_INT80: return "int 0x80";
	case AOS_FAULT_COMPAT_SYSCALL: return "32-bit system call";
	case AOS_FAULT_GARBAGE: return "results that cannot be";
	case AOS_FAULT_OVERRUN: return "did not give the CPU back";
	default: return "exception";
	}
}

/* A component can fault as fast as it likes; it must not fill the log with that. */
static bool worth_a_line(uint64_t count)
{
	return count <= LOGGED_EACH || !(count & (count - 1));
}

static void fault_seen(struct watch *w, uint64_t word, uint64_t addr)
{
	uint32_t component = AOS_FAULT_COMP(word), thread = AOS_FAULT_THREAD(word);
	const struct image_header *h = w->img->header;

	counter_inc(w->all);
	if (component >= h->components.count || thread >= h->threads.count)
		return;
	counter_inc(w->of[component]);
	if (!worth_a_line(w->of[component]->value))
		return;
	aos_log("%s: fault %lu: %s (vector %u), address 0x%lx, thread %s",
		w->img->components[component].name, w->of[component]->value,
		vector_name(AOS_FAULT_VECTOR(word)), AOS_FAULT_VECTOR(word), addr,
		w->img->threads[thread].name);
}

static void watch_init(struct watch *w, const struct image *img)
{
	char name[COUNTER_NAME_LEN];

	w->img = img;
	w->all = aos_counter("faults");
	for (uint32_t i = 0; i < img->header->components.count; i++) {
		aos_format(name, sizeof(name), "faults.%s", img->components[i].name);
		w->of[i] = aos_counter(name);
	}
}

void supervise(const struct image *img)
{
	static struct watch w;

	watch_init(&w, img);
	restart_init(img);
	counter_set(aos_counter("booted"), 1);	/* aosctl up waits for it */
	for (;;) {
		uint64_t addr;
		int64_t word = aos_event_wait(AOS_CAP(faults), 0, 0);

		must(word, "loader", "waiting for faults");
		while ((word = aos_fault_next(AOS_CAP(faults), &addr)) >= 0)
			fault_seen(&w, (uint64_t)word, addr);
		restart_stopped();
		settings_change();
	}
}
