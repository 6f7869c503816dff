// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * remarks - steps of the state file that nobody has to take back.
 */
#include <string.h>

#include "change.h"
#include "parts.h"
#include "prefix.h"
#include "remarks.h"
#include "stats.h"

static int add_components(struct state *state, const struct image *image)
{
	char component[ABI_NAME_LEN + 1], clean[ABI_NAME_LEN + 1];

	for (uint32_t i = 0; i < image->header.components.count; i++) {
		image_component_name(image, i, component);
		stats_clean_name(clean, component, sizeof(clean));
		if (state_add(state, "component %s", clean))
			return -1;
	}
	return 0;
}

static int add_parts(struct state *state, const struct appliance *appliance)
{
	struct part parts[PARTS_MOST];
	unsigned int n = parts_list(appliance, parts);

	for (unsigned int i = 0; i < n; i++)
		if (state_add(state, "part %s %s", parts[i].key, parts[i].value))
			return -1;
	return 0;
}

static int add_addresses(struct state *state, const struct config_interface *interface)
{
	char text[PREFIX_TEXT];

	for (unsigned int i = 0; i < interface->naddresses; i++)
		if (state_add(state, "address %s %s", interface->name,
			      prefix_text(&interface->addresses[i], text)))
			return -1;
	return 0;
}

static const char *server_word(uint32_t server)
{
	switch (server) {
	case IMAGE_SERVER_DEFERRABLE: return "deferrable";
	case IMAGE_SERVER_SPORADIC:   return "sporadic";
	default:                      return "none";
	}
}

static bool is_interface(const struct config *config, const char *channel)
{
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		if (!strcmp(config->interfaces[i].name, channel))
			return true;
	return false;
}

static int add_takers(struct state *state, const struct appliance *appliance)
{
	const struct image *image = &appliance->image;
	char component[ABI_NAME_LEN + 1], taker[ABI_NAME_LEN + 1], name[ABI_NAME_LEN + 1];
	struct image_channel channel;
	struct image_thread thread;

	for (uint32_t i = 0; i < image->header.channels.count; i++) {
		image_channel(image, i, &channel);
		if (!is_interface(&appliance->config, channel.name) ||
		    !image_taker(image, i, component, &thread))
			continue;
		stats_clean_name(taker, component, sizeof(taker));
		stats_clean_name(name, thread.name, ABI_NAME_LEN);
		if (state_add(state, "taker %s %s %s %u %s %u %u", channel.name, taker, name,
			      thread.priority, server_word(thread.server), thread.budget_us,
			      thread.period_us))
			return -1;
	}
	return 0;
}

static const struct control_thread *find_thread(const struct composition *composition,
						const char *component, const char *thread)
{
	for (uint32_t i = 0; i < composition->nthreads; i++) {
		const struct control_thread *t = &composition->thread[i];

		if (!strcmp(t->name, thread) &&
		    !strcmp(composition->component[t->component].name, component))
			return t;
	}
	return NULL;
}

static int retake(struct state *state, const struct state_step *step,
		  const struct control_thread *t)
{
	char line[STATE_LINE];

	snprintf(line, sizeof(line), "taker %s %s %s %u %s %u %u", step->word[1], step->word[2],
		 step->word[3], t->priority, server_word(t->server), t->budget_us, t->period_us);
	return change_take_back(state, step) || state_add(state, "%s", line) ? -1 : 0;
}

int remarks_retake(struct state *state, const struct composition *composition)
{
	const struct state_step *step;
	unsigned int from = 0, before = state->n;

	while ((step = state_find(state, "taker", &from)) && from <= before) {
		const struct control_thread *t = find_thread(composition, step->word[2],
							     step->word[3]);

		if (t && retake(state, step, t))
			return -1;
	}
	return 0;
}

int remarks_add(struct state *state, const struct appliance *appliance)
{
	const struct config *config = &appliance->config;

	if (state_add(state, "config %s", appliance->digest) ||
	    state_add(state, "cpu %d", config->aos.cpu) ||
	    state_add(state, "settings %08x", appliance->image.header.crc32) ||
	    add_components(state, &appliance->image) || add_parts(state, appliance) ||
	    add_takers(state, appliance))
		return -1;
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		if (add_addresses(state, &config->interfaces[i]))
			return -1;
	for (unsigned int i = 0; i < config->nservices; i++)
		if (state_add(state, "service %s %d", config->services[i].name,
			      config->services[i].port))
			return -1;
	return 0;
}
