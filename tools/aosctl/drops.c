// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * drops - a buffer of perf_event_open(2) for each CPU; libtraceevent knows
 * where the fields of an event lie.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <traceevent/event-parse.h>
#include <unistd.h>

#include "drops.h"
#include "say.h"

#define SYSTEM		"cosnet"
#define EVENT		"cosnet_drop"
#define ROOM		(1u << 20)	/* of each CPU, bytes: a power of two */
#define FORMAT_MOST	8192
#define RECORD_MOST	65536		/* a record's size has 16 bits */

struct buffer {
	int fd;
	struct perf_event_mmap_page *page;
	uint64_t mark;
};

static struct {
	struct tep_handle *tep;
	struct tep_event *event;
	struct buffer *buffer;
	unsigned int n;
	uint64_t lost;
} drops;

/* ---- what the kernel says of the event ---- */

static FILE *open_format(void)
{
	FILE *in = fopen("/sys/kernel/tracing/events/" SYSTEM "/" EVENT "/format", "re");

	return in ? in : fopen("/sys/kernel/debug/tracing/events/" SYSTEM "/" EVENT "/format", "re");
}

static int read_format(void)
{
	char text[FORMAT_MOST];
	FILE *in = open_format();
	size_t n;

	if (!in)
		return say_error("trace point " SYSTEM ":" EVENT ": %s: run with sudo, and 'mount -t "
				 "tracefs tracefs /sys/kernel/tracing' if nothing is there",
				 strerror(errno));
	n = fread(text, 1, sizeof(text) - 1, in);
	fclose(in);
	drops.tep = tep_alloc();
	if (drops.tep && !tep_parse_event(drops.tep, text, n, SYSTEM))
		drops.event = tep_find_event_by_name(drops.tep, SYSTEM, EVENT);
	return drops.event ? 0 : say_error("trace point " SYSTEM ":" EVENT ": its format is not "
					   "understood: does the module belong to this program? "
					   "See 'aosctl version'");
}

/* ---- buffers ---- */

static int open_buffer(struct buffer *b, int cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr),
		.config = (unsigned int)drops.event->id, .sample_period = 1,
		.sample_type = PERF_SAMPLE_RAW,
	};
	void *page;

	b->fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (b->fd < 0)		/* a CPU that is offline drops nothing */
		return errno == ENODEV ? 0 : say_error("perf_event_open: %s: run with sudo",
						       strerror(errno));
	page = mmap(NULL, ROOM + (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
		    MAP_SHARED, b->fd, 0);
	if (page == MAP_FAILED)
		return say_error("the buffer of a trace: %s", strerror(errno));
	b->page = page;
	return 0;
}

int drops_open(void)
{
	int err = read_format();

	drops.lost = 0;
	drops.n = err ? 0 : (unsigned int)sysconf(_SC_NPROCESSORS_CONF);
	drops.buffer = calloc(drops.n + 1, sizeof(*drops.buffer));
	if (!drops.buffer)
		err = say_error("no memory");
	for (unsigned int i = 0; !err && i < drops.n; i++)
		drops.buffer[i].fd = -1;
	for (unsigned int i = 0; !err && i < drops.n; i++)
		err = open_buffer(&drops.buffer[i], (int)i);
	if (err)
		drops_close();
	return err;
}

void drops_close(void)
{
	for (unsigned int i = 0; drops.buffer && i < drops.n; i++) {
		if (drops.buffer[i].page)
			munmap(drops.buffer[i].page, ROOM + (size_t)sysconf(_SC_PAGESIZE));
		if (drops.buffer[i].fd >= 0)
			close(drops.buffer[i].fd);
	}
	free(drops.buffer);
	tep_free(drops.tep);
	drops.buffer = NULL;
	drops.tep = NULL;
	drops.event = NULL;
}

uint64_t drops_lost(void)
{
	return drops.lost;
}

/* ---- records ---- */

static unsigned int field(struct tep_record *record, const char *name)
{
	unsigned long long value = 0;

	tep_get_field_val(NULL, drops.event, name, record, &value, 0);
	return (unsigned int)value;
}

static void take_event(void *data, size_t size, drops_handler *handle, void *arg)
{
	struct tep_record record = { .data = data, .size = (int)size };
	struct dropped drop = {
		.ifindex = field(&record, "ifindex"), .why = (enum drop)field(&record, "why"),
		.place = field(&record, "place"), .n = field(&record, "n"),
		.length = field(&record, "len"),
	};
	int n = 0;

	if (drop.why <= DROP_NONE || drop.why >= DROPS)
		drop.why = DROP_UNKNOWN;
	drop.bytes = tep_get_field_raw(NULL, drops.event, "bytes", &record, &n, 0);
	drop.size = drop.bytes && n > 0 ? (size_t)n : 0;
	handle(arg, &drop);
}

/* Of a sample: u32 size, the event.  Of a loss: u64 id, u64 how many. */
static void take_record(const struct perf_event_header *head, uint8_t *body, size_t size,
			drops_handler *handle, void *arg)
{
	uint64_t lost;
	uint32_t raw;

	if (head->type == PERF_RECORD_SAMPLE && size >= sizeof(raw)) {
		memcpy(&raw, body, sizeof(raw));
		if (raw <= size - sizeof(raw))
			take_event(body + sizeof(raw), raw, handle, arg);
	} else if (head->type == PERF_RECORD_LOST && size >= 2 * sizeof(lost)) {
		memcpy(&lost, body + sizeof(lost), sizeof(lost));
		drops.lost += lost;
	}
}

/* Records go round the end of the buffer. */
static void copy(const struct buffer *b, uint64_t at, void *to, size_t n)
{
	const uint8_t *data = (const uint8_t *)b->page + b->page->data_offset;
	size_t from = at & (ROOM - 1), first = n < ROOM - from ? n : ROOM - from;

	memcpy(to, data + from, first);
	memcpy((uint8_t *)to + first, data, n - first);
}

static void sweep(struct buffer *b, drops_handler *handle, void *arg)
{
	static uint8_t body[RECORD_MOST] __attribute__((aligned(8)));
	struct perf_event_header head;

	for (uint64_t at = b->page->data_tail; at < b->mark; at += head.size) {
		copy(b, at, &head, sizeof(head));
		if (head.size < sizeof(head))
			break;
		copy(b, at + sizeof(head), body, head.size - sizeof(head));
		take_record(&head, body, head.size - sizeof(head), handle, arg);
	}
	__atomic_store_n(&b->page->data_tail, b->mark, __ATOMIC_RELEASE);
}

void drops_mark(void)
{
	for (unsigned int i = 0; i < drops.n; i++)
		if (drops.buffer[i].page)
			drops.buffer[i].mark = __atomic_load_n(&drops.buffer[i].page->data_head,
							       __ATOMIC_ACQUIRE);
}

void drops_sweep(drops_handler *handle, void *arg)
{
	for (unsigned int i = 0; i < drops.n; i++)
		if (drops.buffer[i].page)
			sweep(&drops.buffer[i], handle, arg);
}
