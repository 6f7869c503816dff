// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * drops - a buffer of perf_event_open(2) for each trace point and CPU; libtraceevent
 * knows where the fields of an event lie.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <net/if.h>
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

#define ROOM		(1u << 20)	/* of each buffer, bytes: a power of two */
#define FORMAT_MOST	8192
#define RECORD_MOST	65536		/* a record's size has 16 bits */

enum source { COSNET, TRANSLATOR, SOURCES };

static const struct {
	const char *system, *event;
} sources[SOURCES] = {
	[COSNET] = { "cosnet", "cosnet_drop" },
	[TRANSLATOR] = { "hijack", "translator_drop" },
};

struct buffer {
	int fd;
	enum source source;
	struct perf_event_mmap_page *page;
	uint64_t mark;
};

static struct {
	const char *instance;
	struct tep_handle *tep;
	struct tep_event *event[SOURCES];	/* NULL: its module is not loaded */
	struct buffer *buffer;
	unsigned int n;
	uint64_t lost;
} drops;

/* ---- what the kernel says of the event ---- */

static FILE *open_format(enum source source)
{
	static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	char path[128];
	FILE *in = NULL;

	for (unsigned int i = 0; !in && i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%s/events/%s/%s/format", places[i],
			 sources[source].system, sources[source].event);
		in = fopen(path, "re");
	}
	return in;
}

/* 1: read; 0: there is none; -1, and has said why */
static int read_format(enum source source)
{
	const char *system = sources[source].system, *event = sources[source].event;
	FILE *in = open_format(source);
	char text[FORMAT_MOST];
	size_t n;

	if (!in)
		return 0;
	n = fread(text, 1, sizeof(text) - 1, in);
	fclose(in);
	if (!tep_parse_event(drops.tep, text, n, system))
		drops.event[source] = tep_find_event_by_name(drops.tep, system, event);
	return drops.event[source] ? 1 : say_error("trace point %s:%s: its format is not "
			"understood: does the module belong to this program? See 'aosctl version'",
			system, event);
}

static int read_formats(void)
{
	int there = 0;

	drops.tep = tep_alloc();
	if (!drops.tep)
		return say_error("no memory");
	for (enum source source = 0; source < SOURCES; source++) {
		int result = read_format(source);

		if (result < 0)
			return -1;
		there += result;
	}
	return there ? 0 : say_error("trace points of drops: %s: run with sudo, and 'mount -t "
				     "tracefs tracefs /sys/kernel/tracing' if nothing is there",
				     strerror(errno));
}

/* ---- buffers ---- */

static int open_buffer(struct buffer *b, int cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr),
		.config = (unsigned int)drops.event[b->source]->id, .sample_period = 1,
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

static int open_buffers(enum source source, unsigned int cpus)
{
	int err = 0;

	for (unsigned int cpu = 0; !err && drops.event[source] && cpu < cpus; cpu++) {
		struct buffer *b = &drops.buffer[drops.n++];

		*b = (struct buffer){ .fd = -1, .source = source };
		err = open_buffer(b, (int)cpu);
	}
	return err;
}

int drops_open(const char *instance)
{
	unsigned int cpus = (unsigned int)sysconf(_SC_NPROCESSORS_CONF);
	int err = read_formats();

	drops.instance = instance;
	drops.lost = 0;
	drops.n = 0;
	drops.buffer = calloc((size_t)cpus * SOURCES, sizeof(*drops.buffer));
	if (!drops.buffer)
		err = say_error("no memory");
	for (enum source source = 0; !err && source < SOURCES; source++)
		err = open_buffers(source, cpus);
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
	memset(drops.event, 0, sizeof(drops.event));
}

uint64_t drops_lost(void)
{
	return drops.lost;
}

/* ---- records ---- */

struct event {
	enum source source;
	struct tep_record record;
};

/* 0 where it has no such field. */
static unsigned int number(struct event *e, const char *name)
{
	unsigned long long value = 0;

	tep_get_field_val(NULL, drops.event[e->source], name, &e->record, &value, 0);
	return (unsigned int)value;
}

static const void *bytes(struct event *e, const char *name, size_t *size)
{
	int n = 0;
	const void *at = tep_get_field_raw(NULL, drops.event[e->source], name, &e->record, &n, 0);

	*size = at && n > 0 ? (size_t)n : 0;
	return at;
}

static const char *string(struct event *e, const char *name)
{
	size_t size;
	const char *at = bytes(e, name, &size);

	return size && !at[size - 1] ? at : "";
}

/* A channel of the proxy is called as its device. */
static unsigned int ifindex_of(struct event *e)
{
	return e->source == COSNET ? number(e, "ifindex") : if_nametoindex(string(e, "name"));
}

static void take_event(struct event *e, drops_handler *handle, void *arg)
{
	struct dropped drop = {
		.ifindex = ifindex_of(e), .process = number(e, "process"),
		.why = (enum drop)number(e, "why"), .place = number(e, "place"),
		.n = number(e, "n"), .length = number(e, "len"),
	};

	if (e->source == TRANSLATOR && strcmp(string(e, "instance"), drops.instance))
		return;
	if (drop.why <= DROP_NONE || drop.why >= DROPS)
		drop.why = DROP_UNKNOWN;
	drop.bytes = bytes(e, "bytes", &drop.size);
	handle(arg, &drop);
}

/* Of a sample: u32 size, the event.  Of a loss: u64 id, u64 how many. */
static void take_record(const struct perf_event_header *head, uint8_t *body, size_t size,
			enum source source, drops_handler *handle, void *arg)
{
	struct event event = { .source = source };
	uint64_t lost;
	uint32_t raw;

	if (head->type == PERF_RECORD_SAMPLE && size >= sizeof(raw)) {
		memcpy(&raw, body, sizeof(raw));
		event.record.data = body + sizeof(raw);
		event.record.size = (int)raw;
		if (raw <= size - sizeof(raw))
			take_event(&event, handle, arg);
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
		take_record(&head, body, head.size - sizeof(head), b->source, handle, arg);
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
