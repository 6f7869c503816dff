// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ethtool - a network device's own figures, by the ethtool ioctl.
 */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ethtool.h"
#include "stats.h"

static int ask(const char *link, void *request)
{
	struct ifreq ifr = { .ifr_data = request };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), err = 0;

	if (fd < 0)
		return -errno;
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", link);
	if (ioctl(fd, SIOCETHTOOL, &ifr))
		err = -errno;
	close(fd);
	return err;
}

int ethtool_rings(const char *link, uint32_t *rx, uint32_t *tx)
{
	struct ethtool_ringparam ring = { .cmd = ETHTOOL_GRINGPARAM };
	int err = ask(link, &ring);

	*rx = ring.rx_pending;
	*tx = ring.tx_pending;
	return err;
}

static int ask_count(const char *link, uint32_t *n)
{
	struct {
		struct ethtool_sset_info info;
		uint32_t count;
	} set = { .info = { .cmd = ETHTOOL_GSSET_INFO,
			    .sset_mask = 1ull << ETH_SS_STATS } };
	int err = ask(link, &set);

	*n = !err && set.info.sset_mask ? set.count : 0;
	return err;
}

int ethtool_counters(const char *link, struct ethtool_counters *counters)
{
	struct ethtool_gstrings *names = NULL;
	struct ethtool_stats *values = NULL;
	uint32_t n;
	int err = ask_count(link, &n);

	counters->n = 0;
	if (err || !n || n > ETHTOOL_COUNTERS)
		return err;
	names = calloc(1, sizeof(*names) + (size_t)n * ETH_GSTRING_LEN);
	values = calloc(1, sizeof(*values) + n * sizeof(values->data[0]));
	if (names && values) {
		names->cmd = ETHTOOL_GSTRINGS;
		names->string_set = ETH_SS_STATS;
		names->len = n;
		values->cmd = ETHTOOL_GSTATS;
		values->n_stats = n;
		err = ask(link, names);
		if (!err)
			err = ask(link, values);
	} else {
		err = -ENOMEM;
	}
	for (; !err && counters->n < n; counters->n++) {
		stats_clean_name(counters->name[counters->n],
				 (char *)names->data + (size_t)counters->n * ETH_GSTRING_LEN,
				 sizeof(counters->name[0]));
		counters->value[counters->n] = values->data[counters->n];
	}
	free(names);
	free(values);
	return err;
}
