// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "aos_rig.h"

#define ENTRY(comp)	(IMAGE_COMPONENT_BASE + (comp) * IMAGE_COMPONENT_STRIDE)
#define STACKS(comp)	(ENTRY(comp) + IMAGE_STACKS_OFFSET)

void rig_check(struct rig *rig)
{
	const char *why = aos_invariants(&rig->aos);

	if (why)
		rig_broken(why);
}

/* Stays that have ended or begun with this step have nothing in vectors. */
static void vectors_follow(struct rig *rig)
{
	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++) {
		const struct aos_thread *t = &rig->aos.threads[i];
		struct rig_visit now = { t->comp, t->top,
					 t->state == THREAD_RUNNABLE || t->state == THREAD_WAITING,
					 rig->visit[i].vectors };

		if (now.comp != rig->visit[i].comp || now.top != rig->visit[i].top ||
		    now.lives != rig->visit[i].lives)
			now.vectors = 0;
		rig->visit[i] = now;
	}
}

/*
 * Ring 3 goes on: in a component with vector registers it finds what it left
 * there, and leaves something new; elsewhere it finds nobody's.
 */
static void check_vectors(struct rig *rig)
{
	struct rig_visit *visit = &rig->visit[rig_current(rig)];

	aos_vectors_settle(&rig->aos);
	vectors_follow(rig);
	if (rig->aos.halted)
		return;
	if (rig->host.vectors != visit->vectors)
		rig_broken("vector registers are another's");
	if (visit->comp->flags & AOS_COMP_FP)
		rig->host.vectors = visit->vectors = ++rig->vectors_given;
}

static void check_step(struct rig *rig)
{
	const char *why = NULL;

	check_vectors(rig);
	if (rig->quick && ++rig->checks % 16)
		why = aos_invariants_quick(&rig->aos);
	else
		rig_check(rig);
	if (why)
		rig_broken(why);
}

void rig_open(struct rig *rig, bool kpti)
{
	static struct test_image image;
	struct bootinfo info = { .magic = BOOTINFO_MAGIC, .revision = BOOTINFO_REVISION };

	memset(rig, 0, sizeof(*rig));
	fake_host_open(&rig->host, RIG_FRAMES, kpti, false);
	rig->aos.host = &rig->host;
	test_image_make(&image);
	if (aos_boot(&rig->aos, rig->frames, RIG_FRAMES, image.bytes, TEST_IMAGE_SIZE, &info,
		     &rig->regs))
		rig_broken("a good image was refused");
	/* The host loads the first page table when it enters the AOS. */
	rig->host.cr3 = aos_cr3(&rig->aos);
	rig->next_frame = (uint32_t)rig->regs.di;
	rig_check(rig);
}

void rig_close(struct rig *rig)
{
	fake_host_close(&rig->host);
}

int64_t rig_call(struct rig *rig, uint32_t op, uint32_t slot, uint64_t a0, uint64_t a1,
		 uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5)
{
	struct aos_regs *regs = &rig->regs;

	regs->ax = AOS_CALL(op, slot);
	regs->di = a0;
	regs->si = a1;
	regs->dx = a2;
	regs->r10 = a3;
	regs->r8 = a4;
	regs->r9 = a5;
	regs->cx = regs->ip;
	regs->r11 = regs->flags;
	rig->host.idle = false;
	aos_syscall(&rig->aos, regs);
	check_step(rig);
	return (int64_t)regs->ax;
}

void rig_fault(struct rig *rig, uint32_t vector, uint64_t addr)
{
	rig->host.idle = false;
	rig->regs.orig_ax = 0;
	aos_fault(&rig->aos, &rig->regs, vector, addr);
	check_step(rig);
}

void rig_page_fault(struct rig *rig, uint64_t addr, uint64_t error)
{
	rig->host.idle = false;
	rig->regs.orig_ax = error;
	aos_fault(&rig->aos, &rig->regs, VECTOR_PF, addr);
	check_step(rig);
}

void rig_host_answers(struct rig *rig)
{
	uint64_t addr = rig->host.pin_vaddr;

	fake_host_pin(&rig->host);
	aos_fault(&rig->aos, &rig->regs, VECTOR_PF, addr);
	check_step(rig);
}

void rig_events(struct rig *rig, uint32_t events)
{
	rig->host.vectors_busy = true;
	if (rig->host.idle)
		aos_event_at_idle(&rig->aos, &rig->regs, events);
	else
		aos_event(&rig->aos, &rig->regs, events);
	rig->host.idle = false;
	rig->host.vectors_busy = false;
	check_step(rig);
}

void rig_advance(struct rig *rig, uint64_t ns)
{
	uint32_t due;

	fake_host_advance(&rig->host, ns);
	due = rig->host.pending & HAL_EVENT_TIMER;
	rig->host.pending &= ~due;
	if (due)
		rig_events(rig, due);
}

struct aos_regs *rig_thread_regs(struct rig *rig, uint32_t thread)
{
	return thread == rig_current(rig) ? &rig->regs : &rig->aos.threads[thread].regs;
}

static void must(int64_t result, const char *what)
{
	if (result < 0)
		rig_broken(what);
}

uint32_t rig_comp(struct rig *rig, uint32_t dst, uint32_t flags)
{
	uint32_t root = (rig->next_frame + 1) & ~1u;
	int64_t id = CALL(OP_COMP_CREATE, AOS_SLOT_FACTORY, dst, AOS_SLOT_FRAMES, root, root + 2,
			  STACKS(rig->aos.ncomps), flags);

	must(id, "a component could not be made");
	rig->next_frame = root + 3;
	return (uint32_t)id;
}

uint32_t rig_thread(struct rig *rig, uint32_t dst, uint32_t comp_slot, uint32_t urgency)
{
	int64_t id = CALL(OP_THREAD_CREATE, AOS_SLOT_FACTORY, dst, comp_slot, ENTRY(dst), dst,
			  urgency);

	must(id, "a thread could not be made");
	return (uint32_t)id;
}

void rig_endpoint(struct rig *rig, uint32_t dst, uint32_t source)
{
	must(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, dst, source, 0),
	     "an endpoint could not be made");
}

void rig_give(struct rig *rig, uint32_t comp_slot, uint32_t own, uint32_t its)
{
	must(CALL(OP_CAP_COPY, comp_slot, own, its), "a capability could not be given");
}

int64_t rig_map(struct rig *rig, uint32_t comp_slot, uint32_t from, uint64_t page,
		uint64_t vaddr, uint32_t rights, uint32_t part)
{
	for (;;) {
		int64_t err = CALL(OP_MAP, comp_slot, from, page, vaddr, rights, part);
		uint64_t level = rig->regs.dx;

		if (err != -AOS_ENOENT || !level)
			return err;
		must(CALL(OP_PGTBL_ADD, comp_slot, AOS_SLOT_FRAMES, rig->next_frame++, vaddr,
			  level), "a page table could not be added");
	}
}
