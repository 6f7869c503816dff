/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process that moves packets between a TUN device and a component. */
#ifndef AOSCTL_PROXY_MOVE_H
#define AOSCTL_PROXY_MOVE_H

#include "proxy_page.h"

struct translator;

enum proxy_end {
	PROXY_END_STOPPED,	/* by SIGTERM, all in its hands is accounted for */
	PROXY_END_NO_DEVICE,	/* the TUN device has been taken away */
	PROXY_END_NO_MEMORY
};

/*
 * Moves until SIGTERM, which the caller has blocked.  tun: the device, O_NONBLOCK;
 * link: its name; line: bound by the parent.  Goes on where a process before it was
 * killed, and counts what that had in its hands.
 */
enum proxy_end proxy_move(int tun, const char *link, struct translator *line,
			  struct proxy_page *page);

#endif
