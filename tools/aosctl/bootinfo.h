/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_BOOTINFO_H
#define AOSCTL_BOOTINFO_H

#include "abi/bootinfo.h"
#include "config.h"
#include "image.h"

/*
 * What the AOS is told about this start.  The configuration and the image
 * have been checked against each other.  Fields of hijack and of the AOS stay
 * zero.
 */
void bootinfo_build(struct bootinfo *info, const struct config *config,
		    const struct image *image);

#endif
