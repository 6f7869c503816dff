/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A network device's own figures, by the ethtool ioctl. */
#ifndef AOSCTL_ETHTOOL_H
#define AOSCTL_ETHTOOL_H

#include <stdint.h>

#define ETHTOOL_COUNTERS 256u

struct ethtool_counters {
	unsigned int n;
	char name[ETHTOOL_COUNTERS][33];
	uint64_t value[ETHTOOL_COUNTERS];
};

/* What `ethtool -S` shows; 0 or -errno. */
int ethtool_counters(const char *link, struct ethtool_counters *counters);

/* Slots of both rings; 0 or -errno. */
int ethtool_rings(const char *link, uint32_t *rx, uint32_t *tx);

#endif
