/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "abi/drop.h"
#include "histogram.h"
#include "world.h"

/* Regions lie above the program's data, as they lie above components, and
 * below where libraries go. */
#define REGION_BASE	0x6f0000000000ull
#define REGION_STRIDE	0x2000000ull

struct world world;
#define WORLD_POINTER(name) void *world_##name;
WORLD_REGIONS(WORLD_POINTER)
uint64_t world_region_size = UINT64_MAX;


/* ---- system calls ---- */

int64_t aos_event_wait(uint32_t endpoint, uint32_t flags, uint32_t meanwhile)
{
	(void)endpoint, (void)flags, (void)meanwhile;
	world.waits++;
	return 1;
}

int64_t aos_timer_set(uint32_t timer, uint64_t at)
{
	(void)timer;
	world.timer_at = at;
	return 0;
}

int64_t aos_doorbell(uint32_t channel)
{
	(void)channel;
	world.doorbells++;
	return 0;
}

int64_t aos_fault_report(uint32_t import, uint64_t word)
{
	(void)word;
	world.reported = import;
	world.reports++;
	return 0;
}

uint64_t aos_time_ns(void)
{
	return world.now_ns;
}

uint64_t aos_tsc(void)
{
	return world.now_ns;
}

uint64_t aos_tsc_near(void)
{
	return world.now_ns;
}

void aos_abort(void)
{
	abort();
}

void aos_thread_exit(void)
{
	abort();
}

const struct bootinfo *aos_bootinfo(void)
{
	return &world.info;
}

void aos_log(const char *fmt, ...)
{
	va_list args;

	world.logs++;
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
}

size_t aos_format(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return (size_t)n < size ? (size_t)n : size - 1;
}

/* ---- counters ---- */

static struct {
	const char *component;
	struct counter counter;
} all_counters[4 * COUNTERS_MAX];
static uint32_t ncounters;

struct counter *world_component_counter(const char *component, const char *name)
{
	uint32_t i, same = 0;

	for (i = 0; i < ncounters; i++) {
		if (strcmp(all_counters[i].component, component))
			continue;
		if (!strcmp(all_counters[i].counter.name, name))
			return &all_counters[i].counter;
		same++;
	}
	if (same == COUNTERS_MAX || strlen(name) >= COUNTER_NAME_LEN)
		abort();
	all_counters[i].component = component;
	memcpy(all_counters[i].counter.name, name, strlen(name) + 1);
	ncounters++;
	return &all_counters[i].counter;
}

uint64_t world_counters(const char *component, const char *prefix)
{
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < ncounters; i++)
		if (!strcmp(all_counters[i].component, component) &&
		    !strncmp(all_counters[i].counter.name, prefix, strlen(prefix)))
			sum += all_counters[i].counter.value;
	return sum;
}

uint64_t world_counter(const char *name)
{
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < ncounters; i++)
		if (!strcmp(all_counters[i].counter.name, name))
			sum += all_counters[i].counter.value;
	return sum;
}

void world_counters_clear(void)
{
	uint32_t i;

	for (i = 0; i < ncounters; i++)
		all_counters[i].counter.value = 0;
}

void world_counters_print(void)
{
	uint32_t i;

	for (i = 0; i < ncounters; i++)
		if (all_counters[i].counter.value)
			fprintf(stderr, "  %-7s %-24s %lu\n", all_counters[i].component,
				all_counters[i].counter.name,
				(unsigned long)all_counters[i].counter.value);
}

/* ---- histograms ---- */

static struct shown {
	const char *component;
	struct histogram histogram[HISTOGRAMS_MAX];
} shown[5];

struct histogram *world_component_histogram(const char *component, const char *name,
					    uint32_t kind)
{
	const struct histogram_label label = { .name = name, .kind = (enum histogram_kind)kind,
					       .now = world.now_ns, .khz = 1000000 };
	struct histogram *h;
	struct shown *s = shown;

	while (s->component && strcmp(s->component, component))
		s++;
	s->component = component;
	h = histogram_claim(s->histogram, &label);
	if (!h)
		abort();
	return h;
}

const struct histogram *world_histogram(const char *name)
{
	for (struct shown *s = shown; s->component; s++)
		for (struct histogram *h = s->histogram; h < s->histogram + HISTOGRAMS_MAX; h++)
			if (h->magic && !strcmp(h->name, name))
				return h;
	return NULL;
}

/* ---- regions ---- */

static void *map(int fd, uint64_t at, uint32_t bytes, int rights)
{
	void *p = mmap((void *)at, bytes, rights, MAP_SHARED | (at ? MAP_FIXED_NOREPLACE : 0),
		       fd, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return p;
}

/* -> as a component sees it; *writable as its one writer does */
static void *region(uint32_t number, uint32_t bytes, bool readonly, void **writable)
{
	int fd = memfd_create("region", 0);
	void *p;

	if (fd < 0 || ftruncate(fd, bytes)) {
		perror("memfd");
		exit(1);
	}
	munmap((void *)(REGION_BASE + number * REGION_STRIDE), REGION_STRIDE);
	p = map(fd, REGION_BASE + number * REGION_STRIDE, bytes,
		readonly ? PROT_READ : PROT_READ | PROT_WRITE);
	if (writable)
		*writable = map(fd, 0, bytes, PROT_READ | PROT_WRITE);
	close(fd);
	return p;
}

void world_init(uint32_t slots, uint32_t mtu)
{
	void *host;

	memset(&world, 0, sizeof(world));
	world_ring_host = region(0, ring_part_bytes(RING_PART_HOST, slots), true, &host);
	world_ring_ctrl = region(1, ring_part_bytes(RING_PART_CTRL, slots), false, NULL);
	world_ring_tx = region(2, ring_part_bytes(RING_PART_TX, slots), false, NULL);
	world_pkt_in = region(3, 4096, false, NULL);
	world_pkt_out = region(4, 4096, false, NULL);
	world_dgram_in = region(5, 4096, false, NULL);
	world_dgram_out = region(6, 4096, false, NULL);
	world_dgram_copy = region(7, 65536, false, NULL);
	world_reply_copy = region(8, 65536, false, NULL);
	world.host = host;
	world.comp = world_ring_ctrl;
	world.rx_buffers = (uint8_t *)host + ring_host_buf_off(slots);
	world.tx_buffers = world_ring_tx;
	*world.host = (struct ring_host){ .magic = RING_MAGIC, .revision = RING_REVISION,
					  .slots = slots, .mtu = mtu, .up = 1 };
	world.info = (struct bootinfo){ .magic = BOOTINFO_MAGIC, .revision = BOOTINFO_REVISION,
					.nchannels = 1, .random = 0x123456789abcdefull };
	world.info.channel[0] = (struct bootinfo_channel){ .name = "cos0", .slots = slots, .mtu = mtu };
	world_counters_clear();
	memset(shown, 0, sizeof(shown));
}

static struct bootinfo_address *new_address(uint8_t family)
{
	struct bootinfo_address *a = &world.info.address[world.info.naddresses++];

	a->family = family;
	a->prefix_len = 24;
	return a;
}

void world_address4(const char *text)
{
	if (inet_pton(AF_INET, text, new_address(4)->addr) != 1)
		abort();
}

void world_address6(const char *text)
{
	if (inet_pton(AF_INET6, text, new_address(6)->addr) != 1)
		abort();
}

void world_service(const char *name, uint16_t port)
{
	struct bootinfo_service *s = &world.info.service[world.info.nservices++];

	snprintf(s->name, ABI_NAME_LEN, "%s", name);
	s->port = port;
}

/* ---- cosnet ---- */

struct ring_desc *world_rx_desc(uint32_t index)
{
	return (struct ring_desc *)((uint8_t *)world.host + ABI_PAGE_SIZE) +
	       (index & (world.host->slots - 1));
}

struct ring_desc *world_tx_desc(uint32_t index)
{
	return (struct ring_desc *)((uint8_t *)world.comp + ABI_PAGE_SIZE) +
	       (index & (world.host->slots - 1));
}

void world_put(const void *packet, uint32_t len)
{
	uint32_t slot = world.host->rx_prod & (world.host->slots - 1);

	memcpy(world.rx_buffers + (size_t)slot * RING_BUF_SIZE, packet, len);
	*world_rx_desc(slot) = (struct ring_desc){ .buf = slot, .len = (uint16_t)len,
						    .stamp = world.now_ns };
	__atomic_store_n(&world.host->rx_prod, world.host->rx_prod + 1, __ATOMIC_RELEASE);
}

uint32_t world_take(void *packet)
{
	struct ring_desc d;

	if (world.comp->tx_prod == world.host->tx_cons)
		return 0;
	d = *world_tx_desc(world.host->tx_cons);
	if (!ring_desc_valid(&d, world.host->slots))
		abort();
	memcpy(packet, world.tx_buffers + (size_t)d.buf * RING_BUF_SIZE + d.off, d.len);
	world.host->tx_cons++;
	return d.len;
}

bool world_told(struct ring_drop *drop)
{
	const struct ring_drop *log = (const void *)((const uint8_t *)world.comp +
						     ring_log_off(world.host->slots));

	if (world.comp->log_prod == world.host->log_cons)
		return false;
	*drop = log[world.host->log_cons++ & (world.host->slots - 1)];
	return true;
}

void world_assert_told(const char *reason, uint32_t places)
{
	struct ring_drop d;

	assert_true(world_told(&d));
	assert_string_equal(drop_counter_name(d.why), reason);
	assert_true(d.place & places && drop_places(d.why) & d.place);
	assert_int_equal(d.n, 1);
	assert_int_equal(d.known, 1);
	assert_int_equal(d.packet, world.host->rx_prod - 1);
	assert_false(world_told(&d));
}
