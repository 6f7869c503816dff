// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * versions - of this program and of the modules that are loaded.  A module says the
 * revision of its own door as its version (MODULE_VERSION).
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "abi/counters.h"
#include "abi/image.h"
#include "abi/ring.h"
#include "abi/bootinfo.h"
#include "file.h"
#include "say.h"
#include "uapi/hijack.h"
#include "versions.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

static const struct {
	const char *name, *door;
	unsigned long revision;
} modules[] = {
	{ "hijack", "hijack", HIJACK_REVISION },
	{ "cosnet", "ring", RING_REVISION },
};

#define NMODULES (sizeof(modules) / sizeof(modules[0]))

/* "1u", as the header has it.  False: not loaded. */
static bool read_revision(const char *module, unsigned long *revision)
{
	char path[64], text[32] = "";

	snprintf(path, sizeof(path), "/sys/module/%s", module);
	if (!file_exists(path))
		return false;
	snprintf(path, sizeof(path), "/sys/module/%s/version", module);
	file_read_line(path, text, sizeof(text));
	*revision = strtoul(text, NULL, 10);
	return true;
}

static json_t *revisions_tree(void)
{
	return json_pack("{s:i, s:i, s:i, s:i, s:i}", "hijack", HIJACK_REVISION,
			 "image", IMAGE_REVISION, "bootinfo", BOOTINFO_REVISION,
			 "ring", RING_REVISION, "counters", COUNTERS_REVISION);
}

static json_t *modules_tree(void)
{
	json_t *tree = json_object();

	for (size_t i = 0; i < NMODULES; i++) {
		unsigned long revision = 0;
		bool loaded = read_revision(modules[i].name, &revision);
		json_t *module = json_pack("{s:b}", "loaded", loaded);

		if (loaded) {
			json_object_set_new(module, "revision",
					    json_integer((json_int_t)revision));
			json_object_set_new(module, "matches",
					    json_boolean(revision == modules[i].revision));
		}
		json_object_set_new(tree, modules[i].name, module);
	}
	return tree;
}

static void print_text(void)
{
	say("aosctl %s (hijack %d, image %u, bootinfo %u, ring %u, counters %u)", VERSION,
	    HIJACK_REVISION, IMAGE_REVISION, BOOTINFO_REVISION, RING_REVISION,
	    COUNTERS_REVISION);
	for (size_t i = 0; i < NMODULES; i++) {
		unsigned long revision;

		if (read_revision(modules[i].name, &revision))
			say("module %s: %s %lu", modules[i].name, modules[i].door, revision);
		else
			say("module %s: not loaded", modules[i].name);
	}
}

static int say_mismatches(void)
{
	unsigned long revision;
	int bad = 0;

	for (size_t i = 0; i < NMODULES; i++)
		if (read_revision(modules[i].name, &revision) && revision != modules[i].revision)
			bad = say_error("module %s speaks revision %lu of '%s', this aosctl %lu: "
					"'aosctl down', and install both from one build",
					modules[i].name, revision, modules[i].door,
					modules[i].revision);
	return bad;
}

int versions_show(bool json)
{
	json_t *tree;

	if (json) {
		tree = json_pack("{s:s, s:o, s:o}", "version", VERSION, "revisions",
				 revisions_tree(), "modules", modules_tree());
		json_dumpf(tree, stdout, JSON_INDENT(2));
		putchar('\n');
		json_decref(tree);
	} else {
		print_text();
	}
	return say_mismatches();
}
