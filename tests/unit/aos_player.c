// SPDX-License-Identifier: GPL-2.0-or-later
#include "aos_player.h"
#include "x86_64/pte.h"

/* Slots of the system that some games start with; the same in each component. */
#define C_FIRST		20u	/* 3 components: scheduler, plain, stop on fault */
#define T_FIRST		24u	/* 6 threads, two in each component */
#define E_SCHED		30u
#define E_FAULT		31u
#define E_FIRST		32u	/* 4 endpoints: 2 soft, 2 of channels */
#define TIMER_FIRST	36u	/* 3 timers */
#define I_FIRST		40u	/* an invocation of each component */
#define SLOT_END	43u
/* Schedulers stacked upon that system: one on the root, one on that one; each with two threads. */
#define STACKED		43u
#define STACKED_SLOTS	7u	/* and so many for each */
#define CHILDREN	2u
enum { CHILD_COMP, CHILD_APP, CHILD_EVENTS, CHILD_MAIN, CHILD_THREAD, CHILD_OTHER, CHILD_CALL };
#define STACKED_END	(STACKED + CHILDREN * STACKED_SLOTS)

#define ENTRY(i)	(IMAGE_COMPONENT_BASE + ((i) + 1ull) * IMAGE_COMPONENT_STRIDE)

enum { START_KPTI = 1, START_SYSTEM = 2, START_RUNNING = 4, START_STACKED = 8 };

static uint8_t next(struct player *p)
{
	if (!p->left)
		return 0;
	p->left--;
	return *p->bytes++;
}

/* ---- the system to start with ---- */

static void make_threads(struct rig *rig)
{
	static const uint8_t urgency[6] = { 0, 255, 50, 20, 120, 10 };

	for (uint32_t i = 0; i < 6; i++)
		rig_thread(rig, T_FIRST + i, C_FIRST + i / 2, urgency[i]);
}

static void make_endpoints(struct rig *rig)
{
	rig_endpoint(rig, E_SCHED, AOS_SOURCE_SCHED);
	rig_endpoint(rig, E_FAULT, AOS_SOURCE_FAULT);
	for (uint32_t i = 0; i < 4; i++)
		CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, E_FIRST + i,
		     i < 2 ? AOS_SOURCE_SOFT : AOS_SOURCE_CHANNEL, i % 2);
	for (uint32_t i = 0; i < 3; i++)
		CALL(OP_TIMER_CREATE, AOS_SLOT_FACTORY, TIMER_FIRST + i, E_SCHED + 2 * i);
}

/* A component can do everything. */
static void share_with(struct rig *rig, uint32_t comp)
{
	for (uint32_t slot = 1; slot < 10; slot++)
		rig_give(rig, comp, slot, slot);
	for (uint32_t slot = C_FIRST; slot < STACKED_END; slot++)
		if (rig->aos.comps[0].caps[slot].type != CAP_NONE)
			rig_give(rig, comp, slot, slot);
}

static void make_child(struct rig *rig, uint32_t at, uint32_t parent)
{
	rig_comp(rig, at + CHILD_COMP, AOS_COMP_SCHED);
	rig_comp(rig, at + CHILD_APP, 0);
	CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, at + CHILD_EVENTS, AOS_SOURCE_SCHED,
	     at + CHILD_COMP);
	CALL(OP_COMP_SCHEDULER, AOS_SLOT_FACTORY, at + CHILD_COMP, parent);
	CALL(OP_COMP_SCHEDULER, AOS_SLOT_FACTORY, at + CHILD_APP, at + CHILD_COMP);
	rig_thread(rig, at + CHILD_MAIN, at + CHILD_COMP, 30);
	rig_thread(rig, at + CHILD_THREAD, at + CHILD_APP, 5);
	rig_thread(rig, at + CHILD_OTHER, at + CHILD_APP, 60);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, at + CHILD_CALL, at + CHILD_COMP, ENTRY(0));
}

static void share_all(struct rig *rig)
{
	for (uint32_t i = 0; i < 3; i++)
		share_with(rig, C_FIRST + i);
}

static void make_children(struct rig *rig)
{
	for (uint32_t i = 0, parent = C_FIRST; i < CHILDREN; i++) {
		make_child(rig, STACKED + i * STACKED_SLOTS, parent);
		parent = STACKED + i * STACKED_SLOTS;
	}
	for (uint32_t i = 0; i < CHILDREN; i++) {
		share_with(rig, STACKED + i * STACKED_SLOTS + CHILD_COMP);
		share_with(rig, STACKED + i * STACKED_SLOTS + CHILD_APP);
	}
}

static void make_system(struct rig *rig, bool stacked)
{
	static const uint32_t flags[3] = { AOS_COMP_SCHED, AOS_COMP_FP,
					  AOS_COMP_STOP_ON_FAULT | AOS_COMP_FP };

	for (uint32_t i = 0; i < 3; i++)
		rig_comp(rig, C_FIRST + i, flags[i]);
	for (uint32_t i = 0; i < 3; i++)
		CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, I_FIRST + i, C_FIRST + i, ENTRY(i));
	make_threads(rig);
	make_endpoints(rig);
	if (stacked)
		make_children(rig);
	share_all(rig);
}

/* ---- values ---- */

static uint64_t frame_value(struct player *p, uint8_t byte)
{
	return byte < 200 ? p->rig.next_frame + byte % 32 : (uint64_t)byte * 2;
}

static uint64_t address_value(uint8_t byte)
{
	static const uint64_t base[8] = {
		0, IMAGE_COMPONENT_BASE, IMAGE_COMPONENT_BASE + IMAGE_STACKS_OFFSET,
		IMAGE_REGION_BASE, IMAGE_FILE_VADDR, AOS_USER_END - 4 * AOS_PAGE_SIZE,
		0x800000000000ull - 4 * AOS_PAGE_SIZE, 0xffff800000000000ull,
	};

	return base[byte >> 5] + (byte & 31) * AOS_PAGE_SIZE;
}

static uint64_t limit_value(uint8_t byte)
{
	static const uint64_t limit[] = {
		UINT64_MAX, UINT64_MAX - 1, INT64_MAX, 1ull << 63, UINT32_MAX, 1ull << 32,
		1ull << 31, AOS_CAP_SLOTS, AOS_CAP_SLOTS - 1, AOS_MAX_THREADS, RIG_FRAMES,
		RIG_FRAMES - 1, AOS_URGENCY_MAX, AOS_URGENCY_MAX + 1, UINT16_MAX, 1ull << 16,
		IMAGE_COMPONENT_BASE + 5 * IMAGE_COMPONENT_STRIDE, 0 - AOS_STACK_STRIDE,
	};

	return limit[byte % (sizeof(limit) / sizeof(limit[0]))];
}

static uint64_t value(struct player *p)
{
	uint8_t kind = next(p), byte;

	if (kind < 64)
		return kind;		/* slots, flags, small numbers */
	byte = next(p);
	switch (kind % 8) {
	case 0:
		return frame_value(p, byte);
	case 1:
		return address_value(byte);
	case 2:
		return limit_value(byte);
	case 3:
		return (uint64_t)p->last;
	case 4:
		return p->second;
	case 5:
		return byte;
	case 6:
		return (uint64_t)(p->rig.host.now - p->rig.aos.time_base) + byte * 100ull;
	default:
		return (uint64_t)byte << 8 | next(p);
	}
}

/* ---- steps ---- */

static void step_call(struct player *p, uint8_t op)
{
	uint32_t slot = next(p);
	uint64_t a[6] = { 0 };

	for (uint32_t i = 0; i < 6 && p->left; i++)
		a[i] = value(p);
	p->last = rig_call(&p->rig, op, slot, a[0], a[1], a[2], a[3], a[4], a[5]);
	p->second = p->rig.regs.dx;
}

/* The same for a child: any of its threads, its events, its component. */
static void step_child(struct player *p, uint8_t which)
{
	struct rig *rig = &p->rig;
	uint32_t at = STACKED + which % CHILDREN * STACKED_SLOTS;
	uint8_t i = next(p);
	uint32_t thread = at + CHILD_MAIN + i % 3;

	switch (which / CHILDREN % 10) {
	case 0:
		CALL(OP_EVENT_WAIT, at + CHILD_EVENTS);
		break;
	case 1:
		CALL(OP_EVENT_WAIT, at + CHILD_EVENTS, 0, thread);
		break;
	case 2:
		CALL(OP_EVENT_SIGNAL, at + CHILD_EVENTS);
		break;
	case 3:
		CALL(OP_INVOKE, at + CHILD_CALL, 1, 2, 3, 4, 5, 6);
		break;
	case 4:
	case 5:
		CALL(OP_THREAD_SWITCH, thread);
		break;
	case 6:
		CALL(OP_SCHED_NOTICE, at + CHILD_EVENTS);
		break;
	case 7:
		CALL(OP_IDLE, at + CHILD_EVENTS);
		break;
	case 8:
		CALL(OP_THREAD_BUDGET, thread, i < 250 ? i : AOS_BUDGET_UNLIMITED);
		break;
	case 9:
		CALL(OP_COMP_STATE, at + i / 8 % 2, i & 4 ? AOS_COMP_STOPPED : AOS_COMP_RUNNING);
		break;
	}
}

/* The calls that make threads and events interesting, without wasted bytes. */
static void step_short_call(struct player *p, uint8_t which)
{
	struct rig *rig = &p->rig;
	uint8_t i = next(p);

	switch (which % 21) {
	case 0:
		CALL(OP_EVENT_WAIT, E_SCHED + i % 6);
		break;
	case 1:
		CALL(OP_EVENT_WAIT, E_SCHED + i % 6, 0, T_FIRST + i / 6 % 6);
		break;
	case 2:
		CALL(OP_EVENT_SIGNAL, E_SCHED + i % 6);
		break;
	case 3:
		CALL(OP_INVOKE, I_FIRST + i % 3, 1, 2, 3, 4, 5, 6);
		break;
	case 4:
		CALL(OP_RETURN, 0, i);
		break;
	case 5:
		CALL(OP_THREAD_SWITCH, T_FIRST + i % 6);
		break;
	case 6:
		CALL(OP_SCHED_NOTICE, E_SCHED);
		break;
	case 7:
		CALL(OP_IDLE, E_SCHED);
		break;
	case 8:
		CALL(OP_TIMER_SET, TIMER_FIRST + i % 3,
		     p->rig.host.now - p->rig.aos.time_base + i);
		break;
	case 16:
		CALL(OP_COMP_PAGER, C_FIRST + i % 3, i & 8 ? AOS_SLOT_NONE : I_FIRST + i / 16 % 3);
		break;
	case 9:
		CALL(OP_COMP_STATE, C_FIRST + i % 3, i & 4 ? AOS_COMP_STOPPED : AOS_COMP_RUNNING);
		break;
	case 10:
		CALL(OP_THREAD_BUDGET, T_FIRST + i % 6, i < 250 ? i : AOS_BUDGET_UNLIMITED);
		break;
	case 11:
		CALL(OP_THREAD_USAGE, T_FIRST + i % 6);
		break;
	case 12:
		CALL(OP_COMP_RESET, C_FIRST + i % 3);
		break;
	case 13:
		CALL(OP_FAULT_REPORT, I_FIRST + i % 3, i);
		break;
	case 14:
		CALL(OP_CAP_DROP, AOS_SLOT_SELF, T_FIRST + i % 6);
		CALL(OP_THREAD_CREATE, AOS_SLOT_FACTORY, T_FIRST + i % 6, C_FIRST + i % 3,
		     ENTRY(i % 3), 0, i, AOS_THREAD_NUMBER(1 + i % 6));
		break;
	case 15:
		CALL(OP_THREAD_FAULT, T_FIRST + i % 6, AOS_FAULT_OVERRUN);
		break;
	default:
		step_child(p, i);
	}
}

/* As hijack does it; of channel 0 the next OP_IDLE hears: that came before the sleep. */
static void deliver(struct player *p)
{
	uint32_t events = p->rig.host.pending;
	bool early = p->rig.host.idle && events & HAL_EVENT_CHANNEL(0);

	if (early || p->rig.aos.halted || !events)
		return;
	p->rig.host.pending = 0;
	rig_events(&p->rig, events);
}

static void step_fault(struct player *p, uint8_t what)
{
	if (!(what % 4))
		rig_fault(&p->rig, AOS_FAULT_INT80, 0);
	else
		rig_page_fault(&p->rig, address_value(next(p)), what >> 3 & PF_PRESENT);
	if (p->rig.host.pin_wanted)
		rig_host_answers(&p->rig);
}

static void step(struct player *p)
{
	uint8_t what = next(p);

	if (what < 96)
		step_call(p, what % 41);
	else if (what < 200)
		step_short_call(p, what);
	else if (what < 216)
		step_fault(p, what);
	else if (what < 232)
		p->rig.host.pending |= next(p) & 0x10f;
	else
		fake_host_advance(&p->rig.host, next(p));
	deliver(p);
}

void player_run(struct player *p, const uint8_t *bytes, size_t size)
{
	uint8_t start;

	p->bytes = bytes;
	p->left = size;
	p->last = 0;
	p->second = 0;
	start = next(p);
	rig_open(&p->rig, start & START_KPTI);
	p->rig.quick = true;
	if (start & START_SYSTEM)
		make_system(&p->rig, start & START_STACKED);
	if (start & START_RUNNING)
		rig_call(&p->rig, OP_THREAD_EXIT, 0, 0, 0, 0, 0, 0, 0);
	while (p->left && !p->rig.aos.halted)
		step(p);
	rig_check(&p->rig);
	rig_close(&p->rig);
}
