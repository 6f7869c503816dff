/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A configuration and all it names, checked together.  Reads files, changes
 * nothing.
 */
#ifndef AOSCTL_CHECK_H
#define AOSCTL_CHECK_H

#include "config.h"
#include "image.h"
#include "say.h"

struct appliance {
	struct config config;
	struct image image;
	char digest[17];	/* equal: same configuration and same image */
};

/*
 * Reads the configuration at `path` and its image.  0, or -1: there were
 * errors, all reported, and nothing is held; -2: there is no such file.
 */
int check_load(struct appliance *appliance, const char *path, FILE *out);
void check_unload(struct appliance *appliance);

/* Does the image have what the configuration names, and the other way? */
void check_image(const struct config *config, const struct image *image,
		 struct report *report);

#endif
