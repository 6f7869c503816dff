// SPDX-License-Identifier: GPL-2.0-or-later
/* aos/hal.h on simulated memory and time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fake_hal.h"

/*
 * Physical addresses: pairs of frames in falling order with gaps between, so
 * that nothing works by accident because frame and address agree.
 */
#define PA_BASE		0x100000000ull
#define PA_PAIR_STRIDE	0x8000ull

__attribute__((noreturn)) static void broken(const char *what, uint64_t value)
{
	fprintf(stderr, "fake_hal: the kernel %s: 0x%llx\n", what, (unsigned long long)value);
	abort();
}

static struct fake_host *host_of(struct aos *aos)
{
	return aos->host;
}

static uint32_t pairs(const struct fake_host *host)
{
	return (host->nframes + 1) / 2;
}

void fake_host_open(struct fake_host *host, uint32_t nframes, bool kpti, bool dirty)
{
	size_t bytes = (size_t)nframes * AOS_PAGE_SIZE;

	memset(host, 0, sizeof(*host));
	host->memory = mmap(NULL, bytes + AOS_PAGE_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (host->memory == MAP_FAILED)
		broken("cannot be tested: no memory for frames", bytes);
	if (dirty)
		memset(host->memory, 0xa5, bytes);
	/* Beyond the last frame nothing may be touched. */
	mprotect(host->memory + bytes, AOS_PAGE_SIZE, PROT_NONE);
	host->nframes = nframes;
	host->kpti = kpti;
	host->now = 1000;
}

void fake_host_close(struct fake_host *host)
{
	munmap(host->memory, (size_t)(host->nframes + 1) * AOS_PAGE_SIZE);
	host->memory = NULL;
}

static void timer_check(struct fake_host *host)
{
	if (!host->timer || host->timer > host->now)
		return;
	host->timer = 0;
	host->pending |= HAL_EVENT_TIMER;
}

void fake_host_advance(struct fake_host *host, uint64_t ns)
{
	host->now += ns;
	if (host->away || host->idle)
		host->stolen += ns;
	timer_check(host);
}

uint32_t fake_host_frame(const struct fake_host *host, uint64_t pa)
{
	uint64_t pair = (pa - PA_BASE) / PA_PAIR_STRIDE;
	uint64_t in_pair = (pa - PA_BASE) % PA_PAIR_STRIDE;
	uint32_t frame;

	if (pa < PA_BASE || pair >= pairs(host) || (in_pair && in_pair != AOS_PAGE_SIZE))
		return UINT32_MAX;
	frame = (uint32_t)(pairs(host) - 1 - pair) * 2 + (in_pair ? 1 : 0);
	return frame < host->nframes ? frame : UINT32_MAX;
}

void *hal_frame_va(struct aos *aos, uint32_t frame)
{
	if (frame >= host_of(aos)->nframes)
		broken("uses a frame that does not exist", frame);
	return host_of(aos)->memory + (size_t)frame * AOS_PAGE_SIZE;
}

uint64_t hal_frame_pa(struct aos *aos, uint32_t frame)
{
	const struct fake_host *host = host_of(aos);

	if (frame >= host->nframes)
		broken("asks for the address of a frame that does not exist", frame);
	return PA_BASE + (pairs(host) - 1 - frame / 2) * PA_PAIR_STRIDE +
	       frame % 2 * AOS_PAGE_SIZE;
}

uint32_t hal_frame_of(struct aos *aos, uint64_t pa)
{
	uint32_t frame = fake_host_frame(host_of(aos), pa);

	if (frame == UINT32_MAX)
		broken("follows an address that belongs to no frame", pa);
	return frame;
}

void hal_root_init(struct aos *aos, uint32_t frame)
{
	uint64_t *kernel = hal_frame_va(aos, frame);
	uint64_t *user = hal_frame_va(aos, frame + 1);

	if (frame % 2)
		broken("makes a root of an odd frame", frame);
	for (uint32_t i = 256; i < 512; i++)
		kernel[i] = user[i] = FAKE_HOST_ENTRY(i);
}

bool hal_root_separate(struct aos *aos)
{
	return host_of(aos)->kpti;
}

uint64_t hal_root_cr3(struct aos *aos, uint32_t frame, uint64_t *user)
{
	uint64_t cr3 = hal_frame_pa(aos, frame);

	*user = host_of(aos)->kpti ? cr3 + AOS_PAGE_SIZE : cr3;
	return cr3;
}

void hal_root_load(struct aos *aos, uint64_t cr3)
{
	for (uint32_t i = 0; i < aos->ncomps; i++) {
		if (aos->comps[i].cr3 != cr3)
			continue;
		host_of(aos)->cr3 = cr3;
		return;
	}
	broken("loads a page table of no component", cr3);
}

void hal_tlb_flush_page(struct aos *aos, uint64_t vaddr)
{
	host_of(aos)->flushes++;
	host_of(aos)->last_flush = vaddr;
}

int hal_channel_page(struct aos *aos, uint32_t channel, enum ring_part part, uint32_t page,
		     uint64_t *pa)
{
	(void)aos;
	if (channel >= BOOTINFO_CHANNELS || part >= RING_PARTS)
		broken("asks for a channel that cannot be", channel);
	if (channel >= FAKE_CHANNELS || page >= FAKE_CHANNEL_PAGES)
		return -AOS_ENOENT;
	*pa = FAKE_CHANNEL_PA + (channel * RING_PARTS + part) * 0x10000ull +
	      page * AOS_PAGE_SIZE;
	return 0;
}

bool fake_host_channel_pa(uint64_t pa, bool *host_part)
{
	uint64_t part = (pa - FAKE_CHANNEL_PA) / 0x10000;
	uint64_t page = (pa - FAKE_CHANNEL_PA) % 0x10000 / AOS_PAGE_SIZE;

	if (pa < FAKE_CHANNEL_PA || part >= FAKE_CHANNELS * RING_PARTS ||
	    page >= FAKE_CHANNEL_PAGES)
		return false;
	*host_part = part % RING_PARTS == RING_PART_HOST;
	return true;
}

void hal_channel_throttled(struct aos *aos, uint32_t channel, bool on)
{
	if (channel >= BOOTINFO_CHANNELS)
		broken("throttles a channel that cannot be", channel);
	host_of(aos)->throttled[channel] = on;
}

int hal_host_page(struct aos *aos, uint64_t vaddr, bool write, uint64_t *pa)
{
	struct fake_host *host = host_of(aos);

	if (vaddr % AOS_PAGE_SIZE || vaddr >= AOS_USER_END)
		broken("asks for host memory that cannot be", vaddr);
	for (uint32_t i = 0; i < host->npinned; i++) {
		if (host->pinned[i] != (vaddr | 1) && (write || host->pinned[i] != vaddr))
			continue;
		*pa = FAKE_HOST_PA + (vaddr - FAKE_HOST_VADDR);
		return 0;
	}
	if (!host->pin_failed)
		return -AOS_EAGAIN;
	host->pin_failed = false;
	return -AOS_EFAULT;
}

void hal_host_pin(struct aos *aos, uint64_t vaddr, bool write)
{
	struct fake_host *host = host_of(aos);

	host->pin_wanted = true;
	host->pin_vaddr = vaddr;
	host->pin_write = write;
}

void fake_host_pin(struct fake_host *host)
{
	uint64_t page = (host->pin_vaddr - FAKE_HOST_VADDR) / AOS_PAGE_SIZE;

	host->pin_wanted = false;
	host->pin_failed = host->pin_vaddr < FAKE_HOST_VADDR || page >= FAKE_HOST_PAGES;
	if (!host->pin_failed)
		host->pinned[host->npinned++] = host->pin_vaddr | host->pin_write;
}

bool fake_host_memory_pa(uint64_t pa)
{
	return pa >= FAKE_HOST_PA && (pa - FAKE_HOST_PA) / AOS_PAGE_SIZE < FAKE_HOST_PAGES;
}

void hal_doorbell(struct aos *aos, uint32_t channel)
{
	if (channel >= BOOTINFO_CHANNELS)
		broken("rings a channel that cannot be", channel);
	host_of(aos)->doorbells[channel]++;
}

static uint64_t *saved_vectors(struct aos *aos, uint32_t thread)
{
	if (thread >= AOS_MAX_THREADS)
		broken("keeps vector registers of a thread that cannot be", thread);
	return &host_of(aos)->saved_vectors[thread];
}

static uint64_t *vectors(struct aos *aos)
{
	if (host_of(aos)->vectors_busy)
		broken("touches vector registers in an interrupt", host_of(aos)->vectors);
	return &host_of(aos)->vectors;
}

void hal_vectors_save(struct aos *aos, uint32_t thread)
{
	*saved_vectors(aos, thread) = *vectors(aos);
}

void hal_vectors_load(struct aos *aos, uint32_t thread)
{
	*vectors(aos) = *saved_vectors(aos, thread);
}

void hal_vectors_clear(struct aos *aos)
{
	*vectors(aos) = 0;
}

uint64_t hal_time(struct aos *aos)
{
	return host_of(aos)->now;
}

uint64_t hal_cycles(struct aos *aos)
{
	return (host_of(aos)->now - host_of(aos)->stolen) * FAKE_CYCLES_PER_NS;
}

uint64_t hal_clock(struct aos *aos)
{
	return host_of(aos)->now * FAKE_CYCLES_PER_NS;
}

bool hal_away(struct aos *aos)
{
	return host_of(aos)->away;
}

uint64_t hal_cycles_to_ns(struct aos *aos, uint64_t cycles)
{
	if (cycles >= 1ull << 60)
		broken("converts an impossible length of time", cycles);
	(void)aos;
	return cycles / FAKE_CYCLES_PER_NS;
}

uint64_t hal_ns_to_cycles(struct aos *aos, uint64_t ns)
{
	if (ns > AOS_BUDGET_MAX)
		broken("converts an impossible length of time", ns);
	(void)aos;
	return ns * FAKE_CYCLES_PER_NS;
}

void hal_timer_set(struct aos *aos, uint64_t deadline)
{
	host_of(aos)->timer = deadline;
	timer_check(host_of(aos));
}

uint32_t hal_take_events(struct aos *aos)
{
	uint32_t events = host_of(aos)->pending;

	host_of(aos)->pending = 0;
	return events;
}

/* Sleeping is right only when all news has reached the scheduler. */
void hal_idle(struct aos *aos)
{
	const struct aos_endpoint *sched = aos->schedulers[0].endpoint;

	if (host_of(aos)->pending)
		broken("sleeps though events are pending", host_of(aos)->pending);
	if (aos->schedulers[0].notice_head)
		broken("sleeps though the scheduler has news, thread", aos->schedulers[0].notice_head->id);
	if (sched && sched->waiter && sched->count)
		broken("sleeps though the scheduler has events", sched->count);
	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++) {
		const struct aos_thread *t = &aos->threads[i];

		if (t->state == THREAD_RUNNABLE && t->sched_blocked && t != aos->current_thread)
			broken("sleeps though a thread is ready and nobody was told", i);
	}
	host_of(aos)->idle = true;
}

void hal_halt(struct aos *aos, int32_t status)
{
	host_of(aos)->halted = true;
	host_of(aos)->status = status;
}

void hal_log(struct aos *aos, const char *text, uint32_t len)
{
	struct fake_host *host = host_of(aos);

	if (len >= FAKE_LOG_SIZE - host->log_len)
		return;
	memcpy(host->log + host->log_len, text, len);
	host->log_len += len;
	host->log[host->log_len] = 0;
}
