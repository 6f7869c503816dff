// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as appliance.conf, and the same bytes as a boot image.  What is
 * accepted must hold what its users rely on.
 */
#include <stdlib.h>
#include <string.h>

#include "bootinfo.h"
#include "config.h"
#include "image.h"
#include "say.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_accepted(const struct config *c, FILE *out)
{
	config_print(c, out);
	if (!config_name_valid(c->aos.name) ||
	    c->ninterfaces > CONFIG_INTERFACES || c->nservices > BOOTINFO_SERVICES ||
	    (c->aos.cpu != 0 && c->aos.cpu != 2))
		abort();
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
		fclose(in);
	}
	try_image(&config, data, size);
	return 0;
}
