// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * parts - what an AOS was started with.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parts.h"
#include "prefix.h"

struct list {
	struct part *part;
	unsigned int n;
};

static void add(struct list *list, int line, const char *key, const char *format, ...)
	SAY_FORMAT(4, 5);

static void add(struct list *list, int line, const char *key, const char *format, ...)
{
	struct part *part = &list->part[list->n++];
	va_list args;

	snprintf(part->key, sizeof(part->key), "%s", key);
	va_start(args, format);
	vsnprintf(part->value, sizeof(part->value), format, args);
	va_end(args);
	part->line = line;
}

/* FNV-1a: tells texts apart, protects nothing. */
static uint64_t hash(uint64_t so_far, const char *text)
{
	do {
		so_far = (so_far ^ (uint8_t)*text) * 0x100000001b3ull;
	} while (*text++);
	return so_far;
}

static uint64_t hash_addresses(const struct config_prefix *prefixes, unsigned int n)
{
	uint64_t sum = 0xcbf29ce484222325ull;
	char text[PREFIX_TEXT];

	for (unsigned int i = 0; i < n; i++)
		sum = hash(sum, prefix_text(&prefixes[i], text));
	return sum;
}

static void add_interface(struct list *list, const struct config_interface *interface)
{
	const struct {
		const char *what;
		uint64_t value;
	} figures[] = {
		{ "io", (uint64_t)interface->io },
		{ "mtu", (uint64_t)interface->mtu },
		{ "slots", (uint64_t)interface->slots },
		{ "full", (uint64_t)interface->full },
		{ "addresses", hash_addresses(interface->addresses, interface->naddresses) },
		{ "host_addresses", hash_addresses(interface->host, interface->nhost) },
	};
	char key[sizeof(list->part->key)];

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		snprintf(key, sizeof(key), "%s.%s", interface->name, figures[i].what);
		add(list, interface->line, key, "%llx", (unsigned long long)figures[i].value);
	}
}

static void add_aos(struct list *list, const struct config_aos *aos)
{
	uint64_t sum = 0;

	add(list, aos->line, "cpu", "%d", aos->cpu);
	add(list, aos->line, "policy", "%d", aos->policy);
	add(list, aos->line, "priority", "%d", aos->priority);
	add(list, aos->line, "poll_us", "%d", aos->poll_us);
	add(list, aos->line, "frames", "%d", aos->frames);
	for (unsigned int i = 0; i < aos->nshared; i++)
		sum = hash(hash(sum, aos->shared[i].region), aos->shared[i].file.path);
	add(list, aos->line, "shared", "%llx", (unsigned long long)sum);
}

static void add_services(struct list *list, const struct config *config)
{
	uint64_t sum = 0;
	char port[16];

	for (unsigned int i = 0; i < config->nservices; i++) {
		snprintf(port, sizeof(port), "%d", config->services[i].port);
		sum = hash(hash(sum, config->services[i].name), port);
	}
	add(list, config->nservices ? config->services[0].line : 0, "services", "%llx",
	    (unsigned long long)sum);
}

unsigned int parts_list(const struct appliance *appliance, struct part *parts)
{
	const struct config *config = &appliance->config;
	struct list list = { parts, 0 };

	add(&list, config->image.line, "image", "%zu.%08x", appliance->image.size,
	    image_fixed_sum(&appliance->image));
	add(&list, config->host.line, "group", "%.20s", *config->host.group ?
	    config->host.group : "-");
	add_aos(&list, &config->aos);
	add_services(&list, config);
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		add_interface(&list, &config->interfaces[i]);
	return list.n;
}

static const char *recorded(const struct state *state, const char *key)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, "part", &from)))
		if (!strcmp(step->word[1], key))
			return step->word[2];
	return "";
}

int parts_compare(const struct state *state, const struct appliance *appliance,
		  struct report *report)
{
	struct part parts[PARTS_MOST];
	unsigned int n = parts_list(appliance, parts), before = report->errors;

	for (unsigned int i = 0; i < n; i++)
		if (strcmp(recorded(state, parts[i].key), parts[i].value))
			report_error(report, parts[i].line, "'%s' is not what %s was started "
				     "with, and needs a restart of the AOS: 'aosctl down', "
				     "then 'aosctl up'", parts[i].key, state->name);
	return report->errors == before ? 0 : -1;
}
