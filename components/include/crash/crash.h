/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Crashing a component from outside, in tests: a datagram whose payload is
 * "crash COMPONENT KIND".  Only the components crash_* know of it: the
 * appliance's own sources with a hook linked in.  No shipped object does.
 */
#ifndef CRASH_CRASH_H
#define CRASH_CRASH_H

#include <stdbool.h>
#include <stdint.h>

/** crash_now() - crash if the text orders it; true: it orders a lie, which is the caller's. */
bool crash_now(const char *component, const uint8_t *text, uint32_t len);

/** crash_datagrams() - crash_now() for each of the first n datagrams in dgram_in. */
bool crash_datagrams(const char *component, uint32_t n);

#endif
