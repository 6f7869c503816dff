/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shared - files that components see: mapped into the process that becomes the
 * AOS, at the address that the boot image gives their region.
 */
#ifndef AOSCTL_SHARED_H
#define AOSCTL_SHARED_H

#include "config.h"
#include "image.h"

struct report;

/* aos.shared against the image and the file system; changes nothing. */
void shared_check(const struct config *config, const struct image *image,
		  struct report *report);

/* Maps the file into this process, for good.  NULL, or why not. */
const char *shared_map(const struct config_shared *shared, const struct image *image);

#endif
