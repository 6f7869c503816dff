/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_NOTIFY_H
#define AOSCTL_NOTIFY_H

/*
 * Tells whoever started us, by the datagram of sd_notify(3): "READY=1".  Without
 * NOTIFY_SOCKET, or nobody at its other end, nothing happens.
 */
void notify(const char *state);

#endif
