// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as appliance.conf, as a file of steering rules, as a boot image, and as a
 * recorded frame.
 * What is accepted must hold what its users rely on.
 */
#include <stdlib.h>
#include <string.h>

#include "bootinfo.h"
#include "config.h"
#include "image.h"
#include "probe.h"
#include "say.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_rule(const struct config_steering *rule)
{
	bool route = rule->mode == CONFIG_MODE_ROUTE;

	if (config_mode_value(config_mode_word(rule->mode)) != rule->mode ||
	    config_protocol_value(config_protocol_word(rule->protocol)) != rule->protocol ||
	    config_down_value(config_down_word(rule->down)) != rule->down)
		abort();
	if (*rule->from && !config_name_valid(rule->from))
		abort();
	if (rule->first < 0 || rule->last > UINT16_MAX || rule->first > rule->last ||
	    rule->vlan < 0 || rule->vlan > 4094 || !rule->prefix.len)
		abort();
	if (route && (rule->first || rule->protocol || rule->vlan))
		abort();
}

/* What mode "route" may not have is looked at only together with others. */
static void try_rules(FILE *in, struct report *report)
{
	static struct config_rules rules;

	if (config_parse_rules(&rules, in, report))
		return;
	if (rules.n > CONFIG_STEERING)
		abort();
	for (unsigned int i = 0; i < rules.n; i++) {
		if (!config_name_valid(rules.rule[i].to))
			abort();
		if (rules.rule[i].mode != CONFIG_MODE_ROUTE)
			check_rule(&rules.rule[i]);
	}
}

static void check_accepted(const struct config *c, FILE *out)
{
	config_print(c, out);
	if (!config_name_valid(c->aos.name) ||
	    c->ninterfaces > CONFIG_INTERFACES || c->nservices > BOOTINFO_SERVICES ||
	    (c->aos.cpu != 0 && c->aos.cpu != 2))
		abort();
	for (unsigned int i = 0; i < c->ninterfaces; i++)
		for (unsigned int j = 0; j < c->interfaces[i].nsteering; j++)
			check_rule(&c->interfaces[i].steering[j]);
	for (unsigned int i = 0; i < c->ninterfaces; i++)
		if (!config_name_valid(c->interfaces[i].name) ||
		    !ring_slots_valid((uint32_t)c->interfaces[i].slots) ||
		    !c->interfaces[i].naddresses)
			abort();
}

static void try_image(const struct config *config, const uint8_t *data, size_t size)
{
	struct image image = { .bytes = malloc(size), .size = size };
	struct bootinfo info;
	char name[ABI_NAME_LEN + 1];

	memcpy(image.bytes, data, size);
	if (!image_check(&image)) {
		for (uint32_t i = 0; i < image.header.components.count; i++)
			image_component_name(&image, i, name);
		image_frames(&image);
		bootinfo_build(&info, config, &image);
	}
	image_close(&image);
}

/* As a frame that somebody has recorded. */
static void try_frame(const uint8_t *data, size_t size)
{
	static const uint8_t own[6];
	struct probe probe;
	char text[PROBE_TEXT];

	if (!probe_frame(&probe, data, size, own))
		return;
	if ((probe.family != 4 && probe.family != 6) ||
	    (probe.fragment && probe.has_ports) ||
	    strlen(probe_text(&probe, text)) >= PROBE_TEXT)
		abort();
}

/* libconfig would read the files that @include names. */
static int includes(const uint8_t *data, size_t size)
{
	return memmem(data, size, "@include", 8) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config config;
	static FILE *null;
	struct report report = { .file = "fuzz.conf" };
	cpu_set_t online;
	FILE *in;

	if (!null)
		null = fopen("/dev/null", "w");
	report.out = null;
	CPU_ZERO(&online);
	CPU_SET(0, &online);
	CPU_SET(2, &online);
	in = size && !includes(data, size) ? fmemopen((void *)(uintptr_t)data, size, "r")
					   : NULL;
	if (in) {
		if (!config_parse(&config, in, &online, &report))
			check_accepted(&config, null);
		rewind(in);
		report.errors = 0;
		try_rules(in, &report);
		fclose(in);
	}
	try_image(&config, data, size);
	try_frame(data, size);
	return 0;
}
