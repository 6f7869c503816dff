/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a proxy counts: a file beside the state file, mapped by the proxy's processes,
 * so that nothing of it is lost with one of them.  `down` removes it.
 */
#ifndef AOSCTL_PROXY_PAGE_H
#define AOSCTL_PROXY_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "state.h"

/* X(field): each a counter of the interface, as `stats` shows it. */
#define PROXY_COUNTERS(X)						\
	X(to_aos_packets)	/* put into the ring */			\
	X(from_aos_packets)	/* given to Linux */			\
	X(restarts)		/* of the process that moves them */	\
	X(lies)			/* what the component says of a ring cannot be */ \
	X(drops_untold)		/* dropped, and a tracer not told of */	\
	X(drop_to_aos_no_aos)						\
	X(drop_to_aos_purged)						\
	X(drop_to_aos_restart)						\
	X(drop_from_aos_down)						\
	X(drop_from_aos_refused)					\
	X(drop_from_aos_restart)

/*
 * What a batch makes of a total, once its ring's index has come to that place: the
 * index is published in one store, so whoever takes over knows if it was.
 */
struct proxy_mark {
	uint32_t place;
	uint64_t total;
};

struct proxy_page {
	uint32_t magic;
	uint32_t keep_carrier;		/* written by aosctl: a route stays without AOS */
#define PROXY_FIELD(name) uint64_t name;
	PROXY_COUNTERS(PROXY_FIELD)
#undef PROXY_FIELD
	uint64_t taken;			/* out of the ring, on their way to Linux */
	struct proxy_mark sending, taking;
};

/*
 * A new one, mapped for this process and its children, and for the group to read that
 * may look at the directory.  NULL with errno.
 */
struct proxy_page *proxy_page_create(const char *dir, const char *instance, const char *link);

/* A copy; false: there is none. */
bool proxy_page_read(struct proxy_page *page, const char *dir, const char *instance,
		     const char *link);

/*
 * Whether the device keeps its carrier when the AOS goes, so that what is sent there still
 * is counted.  0, or -1 and has said why.
 */
int proxy_page_keep_carrier(const char *dir, const char *instance, const char *link, bool keep);

void proxy_page_remove(const char *dir, const char *instance, const char *link);

/* What became of a batch that was under way when its process died. */
void proxy_mark_settle(const struct proxy_mark *mark, uint32_t place, uint64_t *total);

#endif
