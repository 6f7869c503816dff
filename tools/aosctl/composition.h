/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * composition - components and threads of an AOS: as it runs, asked of the component
 * `ctl`, or as a boot image would have them.
 */
#ifndef AOSCTL_COMPOSITION_H
#define AOSCTL_COMPOSITION_H

#include <stdbool.h>

#include "abi/syscall.h"
#include "control.h"
#include "image.h"

struct composition {
	uint32_t overhead_ns;		/* of one switch of threads */
	uint32_t ncomponents, nthreads;
	struct control_component component[AOS_MAX_COMPONENTS];
	struct control_thread thread[AOS_MAX_THREADS];
};

/* 0, or -1 and has said why. */
int composition_read(struct control *control, struct composition *composition);

/*
 * composition_ask() - the same, and the channel is let go again.  As control_open(), or
 * composition_read().
 */
int composition_ask(const char *name, struct composition *composition);

/* What of an image is in it; false: the image has more than an AOS can hold. */
bool composition_of_image(const struct image *image, struct composition *composition);

/* Text for people, or JSON.  name: of the instance, "" for the only one.  As show.h. */
int composition_show(const char *name, bool json);

#endif
