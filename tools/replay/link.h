// SPDX-License-Identifier: GPL-2.0-or-later
/* Link-layer headers of the captures that we read: where does IP begin? */
#ifndef REPLAY_LINK_H
#define REPLAY_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum link_status {
	LINK_IP,
	LINK_NOT_IP,		/* ARP, LLDP, ... */
	LINK_TRUNCATED,
};

/* Do we know this libpcap link type (DLT_...)? */
bool link_known(int type);

/* Finds the IP header; on LINK_IP @offset is where it begins. */
enum link_status link_strip(int type, const uint8_t *data, size_t size,
			    size_t *offset);

#endif
