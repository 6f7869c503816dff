// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * proxy_move - packets from a TUN device into a translator channel, and back.
 *
 * Any instruction may be the last one.  So each total follows from what cannot be
 * torn: Linux counts what was read of the device and written to it, each ring has
 * one index that says how much of it was done, and a mark in the page says what that
 * makes of the total.  Whoever comes next calls the difference drop_..._restart.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "abi/drop.h"
#include "lib/translator/translator.h"
#include "process.h"
#include "proxy_move.h"

#define BATCH		32	/* packets */
#define BATCHES		64	/* before it looks if it is to stop */
#define LAST_SECONDS	1	/* for the component to take what is in its ring */

struct mover {
	int tun, signals;
	const char *link;
	struct translator *line;
	struct proxy_page *page;
	bool aos;			/* it lives */
	bool device;			/* it is there */
	bool stop;
	size_t held;			/* bytes of packet, which found no room; 0: none */
	uint8_t packet[TRANSLATOR_MESSAGE_MAX];
	uint8_t taken[BATCH][TRANSLATOR_MESSAGE_MAX];
	int length[BATCH];
};

/* A store that no other passes, whoever reads it after our death. */
static void store(uint64_t *to, uint64_t value)
{
	__atomic_store_n(to, value, __ATOMIC_RELEASE);
}

static void count(uint64_t *counter)
{
	store(counter, *counter + 1);
}

/* The place first: with the old total and a new place it is no mark at all. */
static void set_mark(struct proxy_mark *mark, uint32_t place, uint64_t total)
{
	__atomic_store_n(&mark->place, place, __ATOMIC_RELEASE);
	store(&mark->total, total);
}

/* Counted first: who is killed in between has told nobody. */
static void drop(struct mover *m, uint64_t *counter, enum drop why, const void *packet, size_t len)
{
	count(counter);
	if (translator_report(m->line, why, 1, packet, len) < 0)
		count(&m->page->drops_untold);
}

/* The counter becomes a total that was found out later: of these packets nothing is left. */
static void drop_until(struct mover *m, uint64_t *counter, enum drop why, uint64_t total)
{
	uint64_t n = total - *counter;

	store(counter, total);
	if (n && n <= UINT32_MAX && translator_report(m->line, why, (uint32_t)n, NULL, 0) < 0)
		store(&m->page->drops_untold, m->page->drops_untold + n);
}

/* ---- Linux to AOS ---- */

/* The next packet of the device into packet[], if none is held. */
static bool fetch(struct mover *m)
{
	ssize_t n;

	if (m->held)
		return true;
	n = read(m->tun, m->packet, sizeof(m->packet));
	if (n > 0)
		m->held = (size_t)n;
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		m->device = false;
	return m->held;
}

static bool to_aos(struct mover *m)
{
	uint64_t total = m->page->to_aos_packets;
	int n = 0;

	while (n < BATCH && fetch(m) && !translator_add(m->line, m->packet, m->held)) {
		m->held = 0;
		n++;
	}
	if (!n)
		return false;
	set_mark(&m->page->sending, translator_place(m->line).prod, total + (uint64_t)n);
	translator_publish(m->line);
	store(&m->page->to_aos_packets, total + (uint64_t)n);
	return true;
}

/* ---- AOS to Linux ---- */

static void give(struct mover *m, const uint8_t *packet, size_t len)
{
	ssize_t n = write(m->tun, packet, len);

	if (n > 0)
		count(&m->page->from_aos_packets);
	else if (n < 0 && (errno == EIO || errno == EBADFD))
		drop(m, &m->page->drop_from_aos_down, DROP_FROM_AOS_DOWN, packet, len);
	else
		drop(m, &m->page->drop_from_aos_refused, DROP_FROM_AOS_REFUSED, packet, len);
}

static bool from_aos(struct mover *m)
{
	int n = 0;

	while (n < BATCH) {
		m->length[n] = translator_next(m->line, m->taken[n], sizeof(m->taken[n]));
		if (m->length[n] < 0)
			break;
		n++;
	}
	if (!n)
		return false;
	set_mark(&m->page->taking, translator_place(m->line).cons,
		 m->page->taken + (uint64_t)n);
	translator_done(m->line);
	store(&m->page->taken, m->page->taken + (uint64_t)n);
	for (int i = 0; i < n; i++)
		give(m, m->taken[i], (size_t)m->length[i]);
	return true;
}

/* ---- beginning: what another has left ---- */

/* Of our namespace, whatever is mounted at /sys: see proc(5). */
#define DEVICES		"/proc/self/net/dev"
#define LINE		" %15[^:]: %*u %" SCNu64 " %*u %*u %*u %*u %*u %*u %*u %" SCNu64

/* Packets that Linux got of the device's reader, and gave it. */
static void device_counters(const char *link, uint64_t *rx, uint64_t *tx)
{
	FILE *in = fopen(DEVICES, "re");
	char text[512], name[16];

	*rx = *tx = 0;
	while (in && fgets(text, sizeof(text), in)) {
		if (sscanf(text, LINE, name, rx, tx) == 3 && !strcmp(name, link))
			break;
		*rx = *tx = 0;
	}
	if (in)
		fclose(in);
}

static uint64_t difference(uint64_t all, uint64_t known)
{
	return all > known ? all - known : 0;
}

static void settle(struct mover *m)
{
	struct translator_place place = translator_place(m->line);
	struct proxy_page *page = m->page;
	uint64_t rx, tx;

	device_counters(m->link, &rx, &tx);
	proxy_mark_settle(&page->sending, place.prod, &page->to_aos_packets);
	proxy_mark_settle(&page->taking, place.cons, &page->taken);
	drop_until(m, &page->drop_to_aos_restart, DROP_TO_AOS_RESTART,
		   difference(tx, page->to_aos_packets + page->drop_to_aos_no_aos));
	store(&page->from_aos_packets, rx);
	drop_until(m, &page->drop_from_aos_restart, DROP_FROM_AOS_RESTART,
		   difference(page->taken, page->from_aos_packets + page->drop_from_aos_down +
					   page->drop_from_aos_refused));
}

/* ---- ending ---- */

static void count_unread(struct mover *m)
{
	int n = translator_unread(m->line);

	if (n >= 0)
		drop_until(m, &m->page->drop_to_aos_purged, DROP_TO_AOS_PURGED, (uint64_t)n);
	store(&m->page->lies, translator_lies(m->line));
}

/*
 * No carrier, so that Linux knows, unless a route shall stay: to a device without one
 * Linux drops and counts nothing.  What it has queued before is still to come.
 */
static void aos_ended(struct mover *m)
{
	int off = 0;

	m->aos = false;
	while (from_aos(m))
		;
	count_unread(m);
	if (!__atomic_load_n(&m->page->keep_carrier, __ATOMIC_ACQUIRE))
		ioctl(m->tun, TUNSETCARRIER, &off);
}

static bool discard(struct mover *m)
{
	if (!fetch(m))
		return false;
	drop(m, &m->page->drop_to_aos_no_aos, DROP_TO_AOS_NO_AOS, m->packet, m->held);
	m->held = 0;
	return true;
}

/* Asked to stop: no more from the device, and the component gets a moment. */
static void finish(struct mover *m)
{
	double end = process_clock() + LAST_SECONDS;

	if (m->held)
		discard(m);
	while (m->aos && (from_aos(m) || translator_unread(m->line) > 0) &&
	       process_clock() < end)
		process_pause();
	if (m->aos)
		count_unread(m);
}

/* ---- in between ---- */

static bool move_once(struct mover *m)
{
	bool moved;

	if (!m->aos)
		return discard(m);
	moved = to_aos(m);
	return from_aos(m) || moved;
}

/* timeout: of poll(2) */
static void wait_for_news(struct mover *m, int timeout)
{
	struct pollfd fds[] = {
		{ .fd = m->signals, .events = POLLIN },
		{ .fd = m->held ? -1 : m->tun, .events = POLLIN },
		{ .fd = m->aos ? translator_fd(m->line) : -1, .events = POLLIN },
	};
	int what = TRANSLATOR_MESSAGE | (m->held ? TRANSLATOR_ROOM : 0);

	store(&m->page->lies, translator_lies(m->line));
	if (m->aos && translator_arm(m->line, what))
		timeout = 0;		/* there is something already */
	poll(fds, sizeof(fds) / sizeof(fds[0]), timeout);
	m->stop = fds[0].revents;
	if (m->aos)
		translator_disarm(m->line);
	if (fds[2].revents & (POLLHUP | POLLERR))
		aos_ended(m);
}

static void move(struct mover *m)
{
	int batches;

	while (!m->stop && m->device) {
		for (batches = 0; batches < BATCHES && move_once(m); batches++)
			;
		wait_for_news(m, batches == BATCHES ? 0 : -1);
	}
}

enum proxy_end proxy_move(int tun, const char *link, struct translator *line,
			  struct proxy_page *page)
{
	static struct mover m;
	sigset_t stop;

	m = (struct mover){ .tun = tun, .link = link, .line = line, .page = page,
			    .aos = true, .device = true };
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	m.signals = signalfd(-1, &stop, 0);
	if (m.signals < 0 || translator_resume(line))
		return PROXY_END_NO_MEMORY;
	settle(&m);
	move(&m);
	finish(&m);
	return m.device ? PROXY_END_STOPPED : PROXY_END_NO_DEVICE;
}
