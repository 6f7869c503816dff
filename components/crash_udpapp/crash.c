// SPDX-License-Identifier: GPL-2.0-or-later
/* The ways in which a component can be made to fail: see crash/crash.h. */
#include "aos.h"
#include "crash/crash.h"

#define PREFIX	"crash "

static void illegal(void)
{
	aos_abort();
}

static void null_write(void)
{
	__asm__ volatile("movl $0, 0" : : : "memory");
}

static void stack_overrun(void)
{
	__asm__ volatile("1: pushq $0\n\tjmp 1b" : : : "memory");
}

static void loop(void)
{
	for (;;)
		__asm__ volatile("pause");
}

static const struct {
	const char *name;
	void (*fail)(void);		/* NULL: the caller lies */
} kinds[] = {
	{ "ud2", illegal },
	{ "null", null_write },
	{ "stack", stack_overrun },
	{ "loop", loop },
	{ "garbage", NULL },
};

/* What follows @word in the text, or NULL: it does not begin so. */
static const uint8_t *after(const uint8_t *text, const uint8_t *end, const char *word)
{
	while (text && *word) {
		if (text == end || *text != (uint8_t)*word++)
			return NULL;
		text++;
	}
	return text;
}

bool crash_now(const char *component, const uint8_t *text, uint32_t len)
{
	const uint8_t *end = text + len;

	text = after(after(after(text, end, PREFIX), end, component), end, " ");
	for (uint32_t i = 0; text && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!after(text, end, kinds[i].name))
			continue;
		if (!kinds[i].fail)
			return true;
		kinds[i].fail();
	}
	return false;
}
