// SPDX-License-Identifier: GPL-2.0-or-later
/* The keys of a composition file. */
#include <stddef.h>

#include <abi/image.h>
#include <abi/syscall.h>
#include <abi/translator.h>

#include "admission.h"
#include "schema.h"

#define STACK_MAX	(AOS_STACK_STRIDE - ABI_PAGE_SIZE)
#define GIGABYTE	((int64_t)1 << 30)
#define PERIOD_MAX	(IMAGE_MAX_PERIOD_US * US)

#define NAME(type, field, needed) \
	{ #field, KEY_NAME, needed, offsetof(type, field), 0, 0, NULL }
#define TEXT(type, field, needed) \
	{ #field, KEY_TEXT, needed, offsetof(type, field), 0, 0, NULL }
#define NUMBER(type, field, needed, lowest, highest) \
	{ #field, KEY_NUMBER, needed, offsetof(type, field), lowest, highest, NULL }
#define TIME(type, field, step, highest) \
	{ #field, KEY_TIME, false, offsetof(type, field), step, highest, NULL }
#define CHOICE(type, field, needed, words) \
	{ #field, KEY_CHOICE, needed, offsetof(type, field), 0, 0, words }
#define LIST(type, field) \
	{ #field, KEY_LIST, false, offsetof(type, field), 0, 0, NULL }
#define END { NULL, KEY_NAME, false, 0, 0, 0, NULL }

static const char *const fault_words[] = {
	[FAULT_CONTINUE] = "continue", [FAULT_STOP] = "stop", [FAULT_RESTART] = "restart", NULL
};
static const char *const rights_words[] = {
	[AOS_MAP_READ] = "r", [AOS_MAP_WRITE] = "rw", NULL
};
static const char *const source_words[] = {
	[AOS_SOURCE_SOFT] = "soft", [AOS_SOURCE_CHANNEL] = "channel",
	[AOS_SOURCE_SCHED] = "scheduler", [AOS_SOURCE_FAULT] = "faults", NULL
};
static const char *const kind_words[] = {
	[IMAGE_REGION_FRAMES] = "frames", [IMAGE_REGION_CHANNEL] = "channel",
	[IMAGE_REGION_HOST] = "host", [IMAGE_REGION_COUNTERS] = "counters", NULL
};

const struct key thread_keys[] = {
	NAME(struct comp_thread, name, true),
	TEXT(struct comp_thread, entry, true),
	NUMBER(struct comp_thread, priority, true, 0, AOS_URGENCY_MAX),
	NUMBER(struct comp_thread, arg, false, INT64_MIN, INT64_MAX),
	CHOICE(struct comp_thread, server, false, server_words),
	TIME(struct comp_thread, period, US, PERIOD_MAX),
	TIME(struct comp_thread, budget, US, PERIOD_MAX),
	TIME(struct comp_thread, deadline, US, PERIOD_MAX),
	TIME(struct comp_thread, critical, NS, PERIOD_MAX),
	END
};

const struct key endpoint_keys[] = {
	NAME(struct comp_endpoint, name, true),
	CHOICE(struct comp_endpoint, source, false, source_words),
	NAME(struct comp_endpoint, channel, false),
	END
};

const struct key timer_keys[] = {
	NAME(struct comp_timer, name, true),
	NAME(struct comp_timer, endpoint, true),
	END
};

const struct key doorbell_keys[] = {
	NAME(struct comp_doorbell, name, true),
	NAME(struct comp_doorbell, channel, true),
	END
};

const struct key map_keys[] = {
	TEXT(struct comp_map, region, true),
	NAME(struct comp_map, as, false),
	CHOICE(struct comp_map, rights, true, rights_words),
	END
};

const struct key region_keys[] = {
	NAME(struct region, name, true),
	NUMBER(struct region, size, true, 1, GIGABYTE),
	CHOICE(struct region, kind, false, kind_words),
	END
};

const struct key translator_keys[] = {
	NAME(struct channel, name, true),
	NAME(struct channel, component, true),
	NAME(struct channel, as, false),
	NUMBER(struct channel, to_aos, true, TRANSLATOR_MIN_BYTES, TRANSLATOR_MAX_BYTES),
	NUMBER(struct channel, from_aos, true, TRANSLATOR_MIN_BYTES, TRANSLATOR_MAX_BYTES),
	END
};

const struct key restart_keys[] = {
	{ "max", KEY_NUMBER, true, offsetof(struct component, restart_max), 1, 1000, NULL },
	{ "within", KEY_TIME, true, offsetof(struct component, restart_within), MS,
	  PERIOD_MAX, NULL },
	END
};

#define IN_COMPONENT(field) offsetof(struct component_group, c.field)

const struct key component_keys[] = {
	{ "name", KEY_NAME, true, IN_COMPONENT(name), 0, 0, NULL },
	{ "object", KEY_TEXT, true, IN_COMPONENT(object), 0, 0, NULL },
	{ "args", KEY_TEXT, false, IN_COMPONENT(args), 0, 0, NULL },
	{ "stack", KEY_NUMBER, false, IN_COMPONENT(stack), 1, STACK_MAX, NULL },
	{ "stack_max", KEY_NUMBER, false, IN_COMPONENT(stack_max), 1, STACK_MAX, NULL },
	{ "heap", KEY_NUMBER, false, IN_COMPONENT(heap), 0, IMAGE_STACKS_OFFSET, NULL },
	{ "heap_max", KEY_NUMBER, false, IN_COMPONENT(heap_max), 1, IMAGE_STACKS_OFFSET, NULL },
	{ "quota", KEY_NUMBER, false, IN_COMPONENT(quota), 1, GIGABYTE, NULL },
	{ "base", KEY_NUMBER, false, IN_COMPONENT(base), IMAGE_COMPONENT_BASE,
	  IMAGE_REGION_BASE - IMAGE_COMPONENT_STRIDE, NULL },
	{ "scheduler", KEY_FLAG, false, IN_COMPONENT(scheduler), 0, 0, NULL },
	{ "scheduled_by", KEY_NAME, false, IN_COMPONENT(scheduled_by), 0, 0, NULL },
	{ "memory_manager", KEY_FLAG, false, IN_COMPONENT(memory_manager), 0, 0, NULL },
	{ "fp", KEY_FLAG, false, IN_COMPONENT(fp), 0, 0, NULL },
	{ "on_fault", KEY_CHOICE, false, IN_COMPONENT(on_fault), 0, 0, fault_words },
	{ "watchdog", KEY_NUMBER, false, IN_COMPONENT(watchdog), 1, IMAGE_WATCHDOG_MAX, NULL },
	{ "critical", KEY_TIME, false, IN_COMPONENT(critical), NS, PERIOD_MAX, NULL },
	{ "restart", KEY_GROUP, false, offsetof(struct component_group, restart), 0, 0, NULL },
	LIST(struct component_group, imports),
	LIST(struct component_group, threads),
	LIST(struct component_group, endpoints),
	LIST(struct component_group, timers),
	LIST(struct component_group, doorbells),
	LIST(struct component_group, maps),
	END
};

const struct key file_keys[] = {
	NUMBER(struct file_group, version, true, INT64_MIN, INT64_MAX),
	TIME(struct file_group, overhead, NS, MS),
	LIST(struct file_group, channels),
	LIST(struct file_group, translators),
	LIST(struct file_group, components),
	LIST(struct file_group, regions),
	END
};
