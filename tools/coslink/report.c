// SPDX-License-Identifier: GPL-2.0-or-later
/* The map of a linked system. */
#include <inttypes.h>

#include <abi/image.h>
#include <abi/syscall.h>

#include "admission.h"
#include "duration.h"
#include "report.h"

static const char *const rights_words[] = {
	[AOS_MAP_READ] = "r--", [AOS_MAP_WRITE] = "rw-", [AOS_MAP_EXEC] = "r-x"
};

static const char *const source_words[] = {
	[AOS_SOURCE_SOFT] = "soft", [AOS_SOURCE_CHANNEL] = "channel",
	[AOS_SOURCE_SCHED] = "scheduler", [AOS_SOURCE_FAULT] = "faults"
};

static void range(FILE *out, const char *what, uint64_t vaddr, uint64_t size,
		  const char *rights)
{
	fprintf(out, "  %-9s 0x%012" PRIx64 "-0x%012" PRIx64 " %s %9" PRIu64 " bytes\n",
		what, vaddr, vaddr + size, rights, size);
}

static void print_growth(const struct component *c, FILE *out)
{
	if (c->heap_max > c->heap)
		fprintf(out, "  note      the heap may grow to %" PRId64 " bytes\n", c->heap_max);
	if (c->stack_max > c->stack)
		fprintf(out, "  note      stacks may grow to %" PRId64 " bytes\n", c->stack_max);
	if (c->quota)
		fprintf(out, "  note      may ask for %" PRId64 " bytes\n", c->quota);
}

static void print_ranges(const struct part *part, FILE *out)
{
	static const char *const words[SEGMENTS] = { "text", "rodata", "data" };

	for (unsigned int i = 0; i < SEGMENTS; i++) {
		const struct segment *segment = &part->segments[i];

		if (segment->mem_size)
			range(out, words[i], segment->vaddr, segment->mem_size,
			      rights_words[segment->rights]);
	}
	if (part->heap_pages)
		range(out, "heap", part->heap_vaddr,
		      (uint64_t)part->heap_pages * ABI_PAGE_SIZE, "rw-");
	print_growth(part->component, out);
	range(out, "counters", part->counters, ABI_PAGE_SIZE, "rw-");
	fprintf(out, "  stacks    0x%012" PRIx64 ", %" PRIu32 " pages per thread\n",
		part->stack_base, part->stack_pages);
	if (part->args)
		fprintf(out, "  args      0x%012" PRIx64 " \"%s\"\n", part->args,
			part->component->args);
}

/* Its share of the CPU, where it has one. */
static void print_times(const struct system *system, const struct comp_thread *thread, FILE *out)
{
	if (!thread->period)
		return;
	fprintf(out, "            %s of %s, deadline %s, %s\n",
		duration_text(system->pool, thread->budget),
		duration_text(system->pool, thread->period),
		duration_text(system->pool, thread->deadline),
		thread->server ? server_words[thread->server] : "not enforced");
}

static void print_threads(const struct system *system, const struct part *part, FILE *out)
{
	const struct component *c = part->component;

	for (unsigned int i = 0; i < c->nthreads; i++) {
		fprintf(out, "  thread    %-15s priority %3" PRId64 "  %s at 0x%" PRIx64
			", arg %" PRId64 "\n", c->threads[i].name, c->threads[i].priority,
			c->threads[i].entry, part->thread_stubs[i], c->threads[i].arg);
		print_times(system, &c->threads[i], out);
	}
}

static void print_caps(const struct system *system, const struct component *c, FILE *out)
{
	const struct channel *channels = system->composition.channels;

	for (unsigned int i = 0; i < c->nendpoints; i++) {
		const struct comp_endpoint *e = &c->endpoints[i];

		fprintf(out, "  slot %3u  endpoint %s, source %s%s%s\n", e->slot, e->name,
			source_words[e->source], e->channel ? " " : "",
			e->channel ? e->channel : "");
	}
	for (unsigned int i = 0; i < c->ntimers; i++)
		fprintf(out, "  slot %3u  timer %s of endpoint %s\n", c->timers[i].slot,
			c->timers[i].name, c->timers[i].endpoint);
	for (unsigned int i = 0; i < c->ndoorbells; i++)
		fprintf(out, "  slot %3u  doorbell %s of channel %s\n", c->doorbells[i].slot,
			c->doorbells[i].name, channels[c->doorbells[i].channel_index].name);
}

static void print_imports(const struct system *system, const struct part *part, FILE *out)
{
	const struct component *c = part->component;

	for (unsigned int i = 0; i < part->nimports; i++)
		fprintf(out, "  slot %3u  import %s from %s\n", part->imports[i].slot,
			part->imports[i].name,
			system->parts[part->imports[i].server].component->name);
	for (unsigned int i = 0; i < c->nimports; i++) {
		bool used = false;

		for (unsigned int j = 0; j < part->nimports; j++)
			used |= part->imports[j].server == c->imports[i].index;
		if (!used)
			fprintf(out, "  note      imports nothing of %s\n", c->imports[i].name);
	}
}

static void print_users(const struct system *system, const struct part *server,
			unsigned int export, FILE *out)
{
	const char *before = ", used by ";

	for (unsigned int i = 0; i < system->composition.ncomponents; i++) {
		const struct part *part = &system->parts[i];

		for (unsigned int j = 0; j < part->nimports; j++)
			if (part->imports[j].server == server->index &&
			    part->imports[j].export == export) {
				fprintf(out, "%s%s", before, part->component->name);
				before = ", ";
			}
	}
	fputc('\n', out);
}

static void print_faults(const struct system *system, const struct component *c, FILE *out)
{
	if (c->on_fault == FAULT_STOP)
		fputs(", stops on a fault", out);
	if (c->on_fault == FAULT_RESTART)
		fprintf(out, ", restarts on a fault, %" PRId64 " times in %s", c->restart_max,
			duration_text(system->pool, c->restart_within));
	if (c->watchdog)
		fprintf(out, ", watchdog after %" PRId64 " budgets", c->watchdog);
}

static void print_title(const struct system *system, const struct part *part, FILE *out)
{
	const struct component *c = part->component;

	fprintf(out, "\ncomponent %u %s (%s)%s%s%s", part->index, c->name, c->object,
		c->scheduler ? ", scheduler" : "", c->memory_manager ? ", memory manager" : "",
		c->fp ? ", vector registers" : "");
	if (c->scheduled_by)
		fprintf(out, ", scheduled by %s", c->scheduled_by);
	print_faults(system, c, out);
	fputc('\n', out);
}

static void print_part(const struct system *system, const struct part *part, FILE *out)
{
	const struct component *c = part->component;

	print_title(system, part, out);
	print_ranges(part, out);
	print_threads(system, part, out);
	print_caps(system, c, out);
	print_imports(system, part, out);
	for (unsigned int i = 0; i < part->nexports; i++) {
		fprintf(out, "  export    %s at 0x%" PRIx64, part->exports[i].name,
			part->exports[i].stub);
		print_users(system, part, i, out);
	}
	for (unsigned int i = 0; i < c->nmaps; i++)
		fprintf(out, "  map       %s as %s %s\n", c->maps[i].region, c->maps[i].as,
			rights_words[c->maps[i].rights]);
}

static void print_region(const struct system *system, unsigned int index, FILE *out)
{
	const struct composition *all = &system->composition;
	const struct region *region = &all->regions[index];
	bool mapped = false;

	fprintf(out, "region %-15s 0x%012" PRIx64 "-0x%012" PRIx64 " %s%9" PRId64 " bytes,",
		region->name, region->vaddr, region->vaddr + (uint64_t)region->size,
		region->kind == IMAGE_REGION_CHANNEL ? "up to " :
		region->kind == IMAGE_REGION_HOST ? "host's " : "", region->size);
	for (unsigned int i = 0; i < all->ncomponents; i++) {
		const struct component *c = &all->components[i];

		for (unsigned int j = 0; j < c->nmaps; j++)
			if (c->maps[j].region_index == index) {
				fprintf(out, "%s%s %s", mapped ? ", " : " mapped by ",
					c->name, rights_words[c->maps[j].rights]);
				mapped = true;
			}
	}
	fputs(mapped ? "\n" : " mapped by nobody\n", out);
}

static void print_channel(const struct channel *channel, unsigned int index, FILE *out)
{
	fprintf(out, "channel %u %s", index, channel->name);
	if (channel->component)
		fprintf(out, ", translator of %s, %" PRId64 " bytes to the AOS, %" PRId64 " from it",
			channel->component, channel->to_aos, channel->from_aos);
	fputc('\n', out);
}

void report_print(const struct system *system, uint32_t image_size, FILE *out)
{
	const struct composition *all = &system->composition;

	fprintf(out, "image of %" PRIu32 " bytes, revision %u\n", image_size, IMAGE_REVISION);
	for (unsigned int i = 0; i < all->ncomponents; i++)
		print_part(system, &system->parts[i], out);
	fputc('\n', out);
	for (unsigned int i = 0; i < all->nchannels; i++)
		print_channel(&all->channels[i], i, out);
	for (unsigned int i = 0; i < all->nregions; i++)
		print_region(system, i, out);
	fputc('\n', out);
	admission_print(&system->admission, system->pool, out);
}
