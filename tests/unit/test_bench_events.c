// SPDX-License-Identifier: GPL-2.0-or-later
/* Which instructions the counter of expensive events sees, and which not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode.h"

static const struct {
	enum event event;
	uint8_t code[15];
	size_t size;
} samples[] = {
	{ EVENT_CR3, { 0x0f, 0x22, 0xd8 }, 3 },			/* mov %rax, %cr3 */
	{ EVENT_CR3, { 0x41, 0x0f, 0x22, 0xdc }, 4 },		/* mov %r12, %cr3 */
	{ EVENT_NONE, { 0x0f, 0x22, 0xe0 }, 3 },		/* mov %rax, %cr4 */
	{ EVENT_NONE, { 0x0f, 0x20, 0xd8 }, 3 },		/* mov %cr3, %rax */
	{ EVENT_WRMSR, { 0x0f, 0x30 }, 2 },
	{ EVENT_NONE, { 0x0f, 0x32 }, 2 },			/* rdmsr */
	{ EVENT_SWAPGS, { 0x0f, 0x01, 0xf8 }, 3 },
	{ EVENT_INVLPG, { 0x0f, 0x01, 0x38 }, 3 },		/* invlpg (%rax) */
	{ EVENT_NONE, { 0x0f, 0x01, 0x18 }, 3 },		/* lidt (%rax) */
	{ EVENT_NONE, { 0x0f, 0x01, 0xd0 }, 3 },		/* xgetbv */
	{ EVENT_INVLPG, { 0x66, 0x0f, 0x38, 0x82, 0x08 }, 5 },	/* invpcid (%rax), %rcx */
	{ EVENT_LOCKED, { 0xf0, 0x48, 0x0f, 0xb1, 0x0f }, 5 },	/* lock cmpxchg */
	{ EVENT_LOCKED, { 0x3e, 0xf0, 0xff, 0x00 }, 4 },	/* lock incl %ds:(%rax) */
	{ EVENT_LOCKED, { 0x48, 0x87, 0x07 }, 3 },		/* xchg %rax, (%rdi) */
	{ EVENT_NONE, { 0x48, 0x87, 0xc7 }, 3 },		/* xchg %rax, %rdi */
	{ EVENT_SYSCALL, { 0x0f, 0x05 }, 2 },
	{ EVENT_SYSCALL, { 0xcd, 0x80 }, 2 },
	{ EVENT_SYSCALL, { 0xcc }, 1 },
	{ EVENT_RETURN, { 0x48, 0x0f, 0x07 }, 3 },		/* sysretq */
	{ EVENT_RETURN, { 0x48, 0xcf }, 2 },			/* iretq */
	{ EVENT_NONE, { 0xc3 }, 1 },				/* ret */
	{ EVENT_BARRIER, { 0x0f, 0xae, 0xe8 }, 3 },		/* lfence */
	{ EVENT_BARRIER, { 0x0f, 0xae, 0xf0 }, 3 },		/* mfence */
	{ EVENT_NONE, { 0x0f, 0xae, 0xf8 }, 3 },		/* sfence */
	{ EVENT_NONE, { 0x0f, 0xae, 0x2f }, 3 },		/* xrstor (%rdi) */
	{ EVENT_BARRIER, { 0x0f, 0x00, 0x6c, 0x24, 0xfc }, 5 },	/* verw -4(%rsp) */
	{ EVENT_NONE, { 0x0f, 0x00, 0xd8 }, 3 },		/* ltr %ax */
	{ EVENT_BARRIER, { 0x0f, 0xa2 }, 2 },			/* cpuid */
	{ EVENT_COPY, { 0xf3, 0xa4 }, 2 },
	{ EVENT_COPY, { 0xf3, 0x48, 0xa5 }, 3 },
	{ EVENT_NONE, { 0xa4 }, 1 },				/* movsb */
	{ EVENT_NONE, { 0xf3, 0xaa }, 2 },			/* rep stosb */
	{ EVENT_NONE, { 0xf3, 0x90 }, 2 },			/* pause */
	{ EVENT_READING, { 0x0f, 0x31 }, 2 },
	{ EVENT_READING, { 0x0f, 0x01, 0xf9 }, 3 },		/* rdtscp */
	{ EVENT_NONE, { 0x31, 0x0f }, 2 },
	{ EVENT_NONE, { 0x90 }, 1 },
};

static void events_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++)
		if (event_of(samples[i].code, samples[i].size) != samples[i].event)
			fail_msg("sample %zu is taken for %d", i,
				 event_of(samples[i].code, samples[i].size));
}

/* However little of an instruction there is, nothing behind it is read. */
static void events_cut_off(void **state)
{
	uint8_t code[15];

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++)
		for (size_t size = 0; size < samples[i].size; size++) {
			uint8_t *end = code + sizeof(code) - size;

			for (size_t at = 0; at < size; at++)
				end[at] = samples[i].code[at];
			(void)event_of(end, size);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_known),
		cmocka_unit_test(events_cut_off),
	};

	return cmocka_run_group_tests_name("bench: events", tests, NULL, NULL);
}
