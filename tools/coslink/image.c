// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The boot image: tables first, then the segments.  Equal input gives equal
 * bytes: no time, no path, no padding that is not zero.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <abi/image.h>
#include <abi/syscall.h>

#include "crc32.h"
#include "duration.h"
#include "image.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "images are little endian");

struct builder {
	const struct system *system;
	struct image_header head;
	struct image_component *components;
	struct image_segment *segments;
	struct image_cap *caps;
	struct image_region *regions;
	struct image_map *maps;
	struct image_thread *threads;
	struct image_channel *channels;
	struct image_place *places;
	char *strings;
	uint64_t contents;	/* offset of the next segment's contents */
};

/* --- strings ----------------------------------------------------------- */

/* Offset of a string in the table; equal strings share one. */
static uint32_t put_string(struct builder *b, const char *text)
{
	uint32_t at = 0, size = b->head.strings.count, len = (uint32_t)strlen(text) + 1;

	while (at < size && strcmp(b->strings + at, text))
		at += (uint32_t)strlen(b->strings + at) + 1;
	if (at == size) {
		memcpy(b->strings + at, text, len);
		b->head.strings.count += len;
	}
	return at;
}

static void put_name(char name[ABI_NAME_LEN], const char *text)
{
	strncpy(name, text, ABI_NAME_LEN - 1);
}

/* --- tables ------------------------------------------------------------ */

static void add_endpoint_caps(struct builder *b, const struct component *c)
{
	for (unsigned int i = 0; i < c->nendpoints; i++) {
		const struct comp_endpoint *e = &c->endpoints[i];

		b->caps[b->head.caps.count++] = (struct image_cap){
			.kind = IMAGE_CAP_ENDPOINT,
			.slot = (uint16_t)e->slot,
			.source = (uint16_t)e->source,
			.channel = (uint16_t)e->channel_index,
			.name = put_string(b, e->name),
		};
	}
}

static void add_timer_caps(struct builder *b, const struct component *c)
{
	for (unsigned int i = 0; i < c->ntimers; i++) {
		const struct comp_timer *timer = &c->timers[i];

		b->caps[b->head.caps.count++] = (struct image_cap){
			.kind = IMAGE_CAP_TIMER,
			.slot = (uint16_t)timer->slot,
			.target = c->endpoints[timer->endpoint_index].slot,
			.name = put_string(b, timer->name),
		};
	}
}

static void add_doorbell_caps(struct builder *b, const struct component *c)
{
	for (unsigned int i = 0; i < c->ndoorbells; i++) {
		const struct comp_doorbell *bell = &c->doorbells[i];

		b->caps[b->head.caps.count++] = (struct image_cap){
			.kind = IMAGE_CAP_CHANNEL,
			.slot = (uint16_t)bell->slot,
			.target = bell->channel_index,
			.name = put_string(b, bell->name),
		};
	}
}

static void add_invoke_caps(struct builder *b, const struct part *part)
{
	for (unsigned int i = 0; i < part->nimports; i++) {
		const struct import *import = &part->imports[i];
		const struct part *server = &b->system->parts[import->server];

		b->caps[b->head.caps.count++] = (struct image_cap){
			.kind = IMAGE_CAP_INVOKE,
			.slot = (uint16_t)import->slot,
			.target = import->server,
			.value = server->exports[import->export].stub,
			.name = put_string(b, import->name),
		};
	}
}

static uint32_t whole_pages(uint64_t bytes)
{
	return (uint32_t)((bytes + ABI_PAGE_SIZE - 1) / ABI_PAGE_SIZE);
}

static void add_segments(struct builder *b, const struct part *part)
{
	for (unsigned int i = 0; i < SEGMENTS; i++) {
		const struct segment *segment = &part->segments[i];

		if (!segment->mem_size)
			continue;
		b->segments[b->head.segments.count++] = (struct image_segment){
			.vaddr = segment->vaddr,
			.mem_pages = whole_pages(segment->mem_size),
			.file_off = (uint32_t)b->contents,
			.file_size = (uint32_t)segment->file_size,
			.rights = segment->rights,
		};
		b->contents += (uint64_t)whole_pages(segment->file_size) * ABI_PAGE_SIZE;
	}
}

static uint32_t whole_us(int64_t ns)
{
	return (uint32_t)(ns / US);
}

static void add_threads(struct builder *b, const struct part *part)
{
	for (unsigned int i = 0; i < part->component->nthreads; i++) {
		const struct comp_thread *thread = &part->component->threads[i];
		struct image_thread *to = &b->threads[b->head.threads.count++];

		put_name(to->name, thread->name);
		to->component = part->index;
		to->priority = (uint32_t)thread->priority;
		to->entry = part->thread_stubs[i];
		to->arg = (uint64_t)thread->arg;
		to->server = (uint32_t)thread->server;
		to->period_us = whole_us(thread->period);
		to->budget_us = whole_us(thread->budget);
		to->deadline_us = whole_us(thread->deadline);
		to->critical_ns = (uint64_t)thread->critical;
	}
}

static void add_maps(struct builder *b, const struct part *part)
{
	for (unsigned int i = 0; i < part->component->nmaps; i++) {
		const struct comp_map *map = &part->component->maps[i];

		b->maps[b->head.maps.count++] = (struct image_map){
			.component = part->index,
			.region = map->region_index,
			.rights = (uint32_t)map->rights,
		};
	}
}

static uint32_t flags_of(const struct component *c)
{
	return (c->scheduler ? AOS_COMP_SCHED : 0) |
	       (c->on_fault != FAULT_CONTINUE ? AOS_COMP_STOP_ON_FAULT : 0) |
	       (c->on_fault == FAULT_RESTART ? AOS_COMP_RESTART : 0) |
	       (c->fp ? AOS_COMP_FP : 0) | (c->memory_manager ? AOS_COMP_MEM : 0);
}

/* What the system's own components do about this one. */
static void add_policy(struct image_component *to, const struct component *c)
{
	to->flags = flags_of(c);
	to->heap_max_pages = whole_pages((uint64_t)c->heap_max);
	to->stack_max_pages = whole_pages((uint64_t)c->stack_max);
	to->quota_pages = whole_pages((uint64_t)c->quota);
	to->watchdog = (uint32_t)c->watchdog;
	to->scheduler = c->scheduler_index;
	if (c->on_fault == FAULT_RESTART) {
		to->restart_max = (uint32_t)c->restart_max;
		to->restart_within_ms = (uint32_t)(c->restart_within / MS);
	}
}

static void add_part(struct builder *b, const struct part *part)
{
	const struct component *c = part->component;
	struct image_component *to = &b->components[b->head.components.count++];

	put_name(to->name, c->name);
	add_policy(to, c);
	to->first_segment = b->head.segments.count;
	add_segments(b, part);
	to->nsegments = b->head.segments.count - to->first_segment;
	to->first_cap = b->head.caps.count;
	add_endpoint_caps(b, c);
	add_timer_caps(b, c);
	add_doorbell_caps(b, c);
	add_invoke_caps(b, part);
	to->ncaps = b->head.caps.count - to->first_cap;
	to->heap_pages = part->heap_pages;
	to->stack_pages = part->stack_pages;
	to->heap_vaddr = part->heap_vaddr;
	to->stack_base = part->stack_base;
	to->counters_vaddr = part->counters;
	to->args = part->args;
	add_threads(b, part);
	add_maps(b, part);
}

static void add_regions(struct builder *b)
{
	const struct composition *all = &b->system->composition;

	for (unsigned int i = 0; i < all->nregions; i++) {
		const struct region *region = &all->regions[i];
		struct image_region *to = &b->regions[b->head.regions.count++];

		put_name(to->name, region->name);
		to->vaddr = region->vaddr;
		to->pages = whole_pages((uint64_t)region->size);
		to->kind = (uint16_t)region->kind;
		to->channel = (uint8_t)region->channel;
		to->part = (uint8_t)region->part;
	}
}

static void add_channels(struct builder *b)
{
	const struct composition *all = &b->system->composition;

	for (unsigned int i = 0; i < all->nchannels; i++) {
		const struct channel *channel = &all->channels[i];
		struct image_channel *to = &b->channels[b->head.channels.count++];

		put_name(to->name, channel->name);
		to->kind = channel->component ? IMAGE_CHANNEL_TRANSLATOR : IMAGE_CHANNEL_PACKETS;
		to->to_aos = (uint32_t)channel->to_aos;
		to->from_aos = (uint32_t)channel->from_aos;
	}
}

/* The same bytes wherever the composition lies. */
static void add_place(struct builder *b, struct place at)
{
	const char *slash = strrchr(at.file, '/'), *name = slash ? slash + 1 : at.file;
	struct image_place *to = &b->places[b->head.places.count++];
	size_t len = strlen(name), most = sizeof(to->file) - 1;

	strcpy(to->file, len > most ? name + len - most : name);
	to->line = at.line;
}

static void add_places(struct builder *b)
{
	const struct composition *all = &b->system->composition;

	for (unsigned int i = 0; i < all->ncomponents; i++)
		add_place(b, all->components[i].at);
	for (unsigned int i = 0; i < all->ncomponents; i++)
		for (unsigned int j = 0; j < all->components[i].nthreads; j++)
			add_place(b, all->components[i].threads[j].at);
}

/* --- sizes and places -------------------------------------------------- */

struct counts {
	uint32_t caps, maps, threads, names;	/* names: bytes */
};

static struct counts count(const struct system *system)
{
	struct counts n = { .names = 1 };

	for (unsigned int i = 0; i < system->composition.ncomponents; i++) {
		const struct part *part = &system->parts[i];
		const struct component *c = part->component;
		uint32_t named = c->nendpoints + c->ntimers + c->ndoorbells;

		n.caps += named + part->nimports;
		n.maps += c->nmaps;
		n.threads += c->nthreads;
		n.names += named * ABI_NAME_LEN;
		for (unsigned int j = 0; j < part->nimports; j++)
			n.names += (uint32_t)strlen(part->imports[j].name) + 1;
	}
	return n;
}

static void allocate(struct builder *b)
{
	const struct composition *all = &b->system->composition;
	struct counts n = count(b->system);
	struct pool *pool = b->system->pool;

	b->components = POOL_ARRAY(pool, struct image_component, all->ncomponents);
	b->segments = POOL_ARRAY(pool, struct image_segment, all->ncomponents * SEGMENTS);
	b->caps = POOL_ARRAY(pool, struct image_cap, n.caps);
	b->regions = POOL_ARRAY(pool, struct image_region, all->nregions);
	b->maps = POOL_ARRAY(pool, struct image_map, n.maps);
	b->threads = POOL_ARRAY(pool, struct image_thread, n.threads);
	b->channels = POOL_ARRAY(pool, struct image_channel, all->nchannels);
	b->places = POOL_ARRAY(pool, struct image_place, all->ncomponents + n.threads);
	b->strings = pool_alloc(pool, 1, n.names);
	b->head.strings.count = 1;	/* offset 0 is the empty string */
}

struct table {
	struct image_table *entry;
	const void *from;
	size_t size;		/* of one element */
};

#define TABLES 9

static void list_tables(struct builder *b, struct table tables[TABLES])
{
	struct image_header *head = &b->head;

	tables[0] = (struct table){ &head->components, b->components, sizeof(*b->components) };
	tables[1] = (struct table){ &head->segments, b->segments, sizeof(*b->segments) };
	tables[2] = (struct table){ &head->caps, b->caps, sizeof(*b->caps) };
	tables[3] = (struct table){ &head->regions, b->regions, sizeof(*b->regions) };
	tables[4] = (struct table){ &head->maps, b->maps, sizeof(*b->maps) };
	tables[5] = (struct table){ &head->threads, b->threads, sizeof(*b->threads) };
	tables[6] = (struct table){ &head->channels, b->channels, sizeof(*b->channels) };
	tables[7] = (struct table){ &head->strings, b->strings, 1 };
	tables[8] = (struct table){ &head->places, b->places, sizeof(*b->places) };
}

/* Give each table its offset; returns where segments may begin. */
static uint64_t place_tables(const struct table tables[TABLES])
{
	uint64_t at = sizeof(struct image_header);

	for (int i = 0; i < TABLES; i++) {
		tables[i].entry->off = (uint32_t)at;
		at += tables[i].entry->count * tables[i].size;
		at = (at + 7) & ~7ull;
	}
	return (at + ABI_PAGE_SIZE - 1) & ~(uint64_t)(ABI_PAGE_SIZE - 1);
}

static void copy_segments(const struct builder *b, uint8_t *bytes)
{
	uint32_t next = 0;

	for (unsigned int i = 0; i < b->system->composition.ncomponents; i++)
		for (unsigned int j = 0; j < SEGMENTS; j++) {
			const struct segment *segment = &b->system->parts[i].segments[j];

			if (segment->mem_size)
				memcpy(bytes + b->segments[next++].file_off, segment->data,
				       segment->file_size);
		}
}

static void copy_all(struct builder *b, const struct table tables[TABLES], uint8_t *bytes)
{
	for (int i = 0; i < TABLES; i++)
		memcpy(bytes + tables[i].entry->off, tables[i].from,
		       tables[i].entry->count * tables[i].size);
	copy_segments(b, bytes);
	memcpy(bytes, &b->head, sizeof(b->head));
	b->head.crc32 = crc32(bytes, b->head.size);
	memcpy(bytes, &b->head, sizeof(b->head));
}

bool image_build(const struct system *system, struct image *image)
{
	struct builder b = { .system = system };
	struct table tables[TABLES];
	uint64_t start, size;

	allocate(&b);
	for (unsigned int i = 0; i < system->composition.ncomponents; i++)
		add_part(&b, &system->parts[i]);
	add_regions(&b);
	add_channels(&b);
	add_places(&b);
	b.head.overhead_ns = (uint32_t)system->composition.overhead;
	list_tables(&b, tables);
	start = place_tables(tables);
	size = start + b.contents;
	if (size > IMAGE_MAX_SIZE) {
		diag_error(system->diag, (struct place){ system->composition.file, 0 },
			   "the image would have %llu bytes, at most %u are allowed; leave initialised data out of the components",
			   (unsigned long long)size, IMAGE_MAX_SIZE);
		return false;
	}
	for (uint32_t i = 0; i < b.head.segments.count; i++)
		b.segments[i].file_off += (uint32_t)start;
	b.head.magic = IMAGE_MAGIC;
	b.head.revision = IMAGE_REVISION;
	b.head.size = (uint32_t)size;
	image->size = (uint32_t)size;
	image->bytes = pool_alloc(system->pool, 1, size);
	copy_all(&b, tables, image->bytes);
	return true;
}

/* --- the file ---------------------------------------------------------- */

static bool write_all(int fd, const uint8_t *bytes, size_t size)
{
	while (size) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

/* mkstemp() makes private files; give the rights any new file would have. */
static bool usual_rights(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	return !fchmod(fd, 0666 & ~mask);
}

bool image_write(const void *bytes, size_t size, const char *path, struct pool *pool,
		 struct diag *diag)
{
	char *temporary = pool_printf(pool, "%s.XXXXXX", path);
	int fd = mkstemp(temporary), error;
	bool done;

	if (fd >= 0) {
		done = write_all(fd, bytes, size) && usual_rights(fd);
		error = errno;
		if (close(fd) && done) {
			error = errno;
			done = false;
		}
		if (done && !rename(temporary, path))
			return true;
		error = done ? errno : error;
		unlink(temporary);
	} else {
		error = errno;
	}
	diag_error(diag, (struct place){ path, 0 },
		   "cannot write: %s; name a file in a writable directory", strerror(error));
	return false;
}
