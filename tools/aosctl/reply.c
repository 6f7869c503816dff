// SPDX-License-Identifier: GPL-2.0-or-later
/* A reply of the control protocol, as it came: see control.h. */
#include <string.h>

#include "abi/errno.h"
#include "abi/syscall.h"
#include "control.h"

#define ERRNO_MAX	4095	/* as Linux has it */

/* Names end where they should, and can be shown. */
static bool name_good(const char *name, size_t room)
{
	size_t len = strnlen(name, room);

	for (size_t i = 0; i < len; i++)
		if (name[i] < ' ' || name[i] > '~')
			return false;
	return len < room;
}

static bool decode_system(const void *body, size_t len, struct control_answer *answer)
{
	if (len != sizeof(answer->system))
		return false;
	memcpy(&answer->system, body, len);
	return true;
}

static bool decode_component(const void *body, size_t len, struct control_answer *answer)
{
	if (answer->n != 1 || len != sizeof(answer->component))
		return false;
	memcpy(&answer->component, body, len);
	return name_good(answer->component.name, sizeof(answer->component.name));
}

static bool decode_thread(const void *body, size_t len, struct control_answer *answer)
{
	if (answer->n != 1 || len != sizeof(answer->thread))
		return false;
	memcpy(&answer->thread, body, len);
	return answer->thread.component < AOS_MAX_COMPONENTS &&
	       name_good(answer->thread.name, sizeof(answer->thread.name));
}

static bool decode_counters(const void *body, size_t len, struct control_answer *answer)
{
	if (answer->n > COUNTERS_MAX || len != answer->n * sizeof(answer->counter[0]))
		return false;
	memcpy(answer->counter, body, len);
	for (uint32_t i = 0; i < answer->n; i++)
		if (!name_good(answer->counter[i].name, sizeof(answer->counter[i].name)))
			return false;
	return true;
}

/* What it counts is looked at by whoever uses it. */
static bool decode_histogram(const void *body, size_t len, struct control_answer *answer)
{
	if (answer->n != 1 || len != sizeof(answer->histogram))
		return false;
	memcpy(&answer->histogram, body, len);
	return name_good(answer->histogram.name, sizeof(answer->histogram.name));
}

/* Numbers ascend from the one that was there; what the lines say is for whoever shows it. */
static bool decode_lines(uint64_t after, const void *body, size_t len,
			 struct control_answer *answer)
{
	if (answer->n > LINES_PIECES || len != answer->n * sizeof(answer->line[0]))
		return false;
	memcpy(answer->line, body, len);
	for (uint32_t i = 0; i < answer->n; i++) {
		if (answer->line[i].number <= after)
			return false;
		after = answer->line[i].number;
	}
	return true;
}

static bool decode_body(const struct control_request *request, const void *body, size_t len,
			struct control_answer *answer)
{
	switch (request->type) {
	case CONTROL_HELLO:
		return decode_system(body, len, answer);
	case CONTROL_COMPONENT:
		return decode_component(body, len, answer);
	case CONTROL_THREAD:
		return decode_thread(body, len, answer);
	case CONTROL_COUNTERS:
		return decode_counters(body, len, answer);
	case CONTROL_HISTOGRAM:
		return decode_histogram(body, len, answer);
	case CONTROL_LOG:
		return decode_lines(request->value, body, len, answer);
	default:
		return !len;
	}
}

int control_decode(const struct control_request *request, const void *reply, size_t len,
		   struct control_answer *answer)
{
	struct control_reply head;

	if (len < sizeof(head))
		return 1;
	memcpy(&head, reply, sizeof(head));
	if (head.revision != CONTROL_REVISION || head.type != request->type ||
	    head.id != request->id)
		return 1;
	len -= sizeof(head);
	if (head.status)
		return head.status < 0 && head.status >= -ERRNO_MAX && !len ? head.status : 1;
	answer->n = head.n;
	return decode_body(request, (const char *)reply + sizeof(head), len, answer) ? 0 : 1;
}
