/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * admit - the admission test of coslink (tools/coslink/admission.h), on what an AOS runs with
 * or on what a boot image has.
 */
#ifndef AOSCTL_ADMIT_H
#define AOSCTL_ADMIT_H

#include "composition.h"
#include "say.h"

/* 0: there is time for all threads; or -1 and has said which would be late, and what helps. */
int admit_composition(const struct composition *composition);

/*
 * Reports each thread of the image that would be late, where its composition has it, at
 * `line` of the configuration, which names the image as `path`.
 */
void admit_image(const struct image *image, const char *path, int line, struct report *report);

/* The verdict as coslink prints it, on an image that was admitted. */
void admit_print(const struct image *image, FILE *out);

#endif
