/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * components - what the components of a running AOS are doing, making one anew
 * and stopping one.  name: of the instance, "" for the only one.  Return 0, SHOW_NOT_UP, or
 * -1 and have said why.
 */
#ifndef AOSCTL_COMPONENTS_H
#define AOSCTL_COMPONENTS_H

#include <stdbool.h>

#include "control.h"

/** components_show() - a table, or a list in JSON. */
int components_show(const char *name, bool json);

/** components_find() - its index; -1: there is none, which was said. */
int components_find(struct control *c, const char *component, uint32_t *index);

/** components_restart() - waits until it lives again. */
int components_restart(const char *name, const char *component);

/** components_stop() - waits until it rests; it does until it is made anew. */
int components_stop(const char *name, const char *component);

#endif
