// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as a request of the control protocol, beside any bytes in the pages
 * that it is answered from, and any bytes as a reply.  aosctl takes the
 * answer of a good request, or refuses names that cannot be shown.
 */
#include <stdlib.h>
#include <string.h>

#include "abi/errno.h"
#include "components/ctl/answer.h"
#include "tools/aosctl/control.h"
#include "tools/aosctl/said.h"

#define COMPONENTS 3u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Alignas(8) uint8_t pages[COMPONENTS * (1 + HISTOGRAM_PAGES)][ABI_PAGE_SIZE];

static int64_t restart(const char *name)
{
	return memchr(name, '\0', ABI_NAME_LEN) ? 0 : -AOS_ENOENT;
}

/* Any figure, and threads until there are no more. */
static int64_t look(uint64_t what, uint64_t index)
{
	return index < 40 ? (int64_t)(what * 0x0101010101010101ull) : -AOS_ENOENT;
}

/* What ctl hands on is what the request says, no more than 32 bits of whose it is. */
static int64_t set(uint64_t setting, uint64_t index, uint64_t value)
{
	if (setting > UINT32_MAX || index > UINT32_MAX)
		abort();
	return value & 1 ? -AOS_EINVAL : 0;
}

static int64_t settle(void)
{
	return 0;
}

static void check_names(const struct control_answer *answer, uint16_t type)
{
	if (type == CONTROL_COUNTERS)
		for (uint32_t i = 0; i < answer->n; i++)
			if (!memchr(answer->counter[i].name, '\0', COUNTER_NAME_LEN))
				abort();
	if (type == CONTROL_HISTOGRAM && !memchr(answer->histogram.name, '\0', HISTOGRAM_NAME_LEN))
		abort();
	if (type == CONTROL_THREAD && (!memchr(answer->thread.name, '\0', ABI_NAME_LEN) ||
				       answer->thread.component >= AOS_MAX_COMPONENTS))
		abort();
	if (type == CONTROL_COMPONENT && !memchr(answer->component.name, '\0', ABI_NAME_LEN))
		abort();
}

static bool can_be_shown(const char *text)
{
	while (*text >= ' ' && *text <= '~')
		text++;
	return !*text;
}

/* Lines end, and each piece is in one of them or counted. */
static void check_lines(const struct control_answer *answer)
{
	static struct said said;

	said = (struct said){ .number = 0 };
	for (uint32_t i = 0; i < answer->n; i++)
		if (said_take(&said, &answer->line[i]) &&
		    (!can_be_shown(said.text) || said.lost >= said.number))
			abort();
}

static void check_answer(const struct control_answer *answer, uint16_t type)
{
	check_names(answer, type);
	if (type == CONTROL_LOG)
		check_lines(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ctl_system system = { .pages = pages[0], .components = COMPONENTS,
					   .restart = restart, .stop = restart, .look = look,
					   .set = set, .forget = settle, .commit = settle };
	static struct control_answer answer;
	static struct ctl_answer reply;
	struct control_request request = { .revision = 0 };
	size_t len = size < sizeof(request) ? size : sizeof(request);
	uint32_t n;

	memcpy(&request, data, len);
	memset(pages, 0, sizeof(pages));
	memcpy(pages, data + len, size - len < sizeof(pages) ? size - len : sizeof(pages));
	/* The same bytes as the first histogram, or short inputs would never reach one. */
	memcpy(pages[COMPONENTS], data + len, size - len < sizeof(struct histogram) ?
	       size - len : sizeof(struct histogram));
	n = ctl_answer(&system, data, (uint32_t)size, &reply);
	if (n < sizeof(reply.head) || n > sizeof(reply))
		abort();
	n = ctl_answer(&system, &request, (uint32_t)len, &reply);
	if (control_decode(&request, &reply, n, &answer) == 0)
		check_answer(&answer, request.type);
	if (control_decode(&request, data + len, size - len, &answer) == 0)
		check_answer(&answer, request.type);
	return 0;
}
