// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ethtool: -i, -S, -T, -g/-G (while the link is down and no AOS is attached),
 * --show-priv-flags/--set-priv-flags stop-on-full, keep-carrier.  RTNL held.
 */
#include <linux/ethtool.h>
#include <linux/net_tstamp.h>
#include <linux/netlink.h>

#include "cosnet/cosnet.h"

#define COSNET_STRING(name, string)		string,
static const char counter_names[COSNET_COUNTERS_N][ETH_GSTRING_LEN] = {
	COSNET_COUNTERS(COSNET_STRING)
};

static const char flag_names[][ETH_GSTRING_LEN] = {
	"stop-on-full",
	"keep-carrier",
};

#define FLAG_STOP	BIT(0)
#define FLAG_KEEP	BIT(1)

/* Reasons that others give are shown by them: the next of our own, or DROPS. */
static enum drop next_drop(enum drop why)
{
	do {
		why++;
	} while (why < DROPS && !(drop_places(why) & DROP_AT_COSNET));
	return why;
}

static unsigned int count_drops(void)
{
	unsigned int n = 0;
	enum drop why;

	for (why = next_drop(DROP_NONE); why < DROPS; why = next_drop(why))
		n++;
	return n;
}

static void cosnet_get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, COSNET_KIND, sizeof(info->driver));
	strscpy(info->bus_info, "hijack", sizeof(info->bus_info));
}

/* The hardware is the AOS, its clock the TSC: one cycle counts as a nanosecond. */
static int cosnet_get_ts_info(struct net_device *dev, struct ethtool_ts_info *info)
{
	info->so_timestamping = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE |
				SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_HARDWARE |
				SOF_TIMESTAMPING_RAW_HARDWARE;
	info->phc_index = -1;
	info->rx_filters = BIT(HWTSTAMP_FILTER_ALL);
	return 0;
}

static int cosnet_get_sset_count(struct net_device *dev, int set)
{
	switch (set) {
	case ETH_SS_STATS:
		return COSNET_COUNTERS_N + count_drops();
	case ETH_SS_PRIV_FLAGS:
		return ARRAY_SIZE(flag_names);
	default:
		return -EOPNOTSUPP;
	}
}

static void get_counter_names(u8 *data)
{
	enum drop why;

	memcpy(data, counter_names, sizeof(counter_names));
	data += sizeof(counter_names);
	for (why = next_drop(DROP_NONE); why < DROPS; why = next_drop(why))
		ethtool_sprintf(&data, "%s", drop_counter_name(why));
}

static void cosnet_get_strings(struct net_device *dev, u32 set, u8 *data)
{
	if (set == ETH_SS_STATS)
		get_counter_names(data);
	else if (set == ETH_SS_PRIV_FLAGS)
		memcpy(data, flag_names, sizeof(flag_names));
}

static void cosnet_get_ethtool_stats(struct net_device *dev,
				     struct ethtool_stats *stats, u64 *data)
{
	struct cosnet_sums sums;
	enum drop why;

	cosnet_sum(netdev_priv(dev), &sums);
	memcpy(data, sums.counter, sizeof(sums.counter));
	data += COSNET_COUNTERS_N;
	for (why = next_drop(DROP_NONE); why < DROPS; why = next_drop(why))
		*data++ = sums.drop[why];
}

static void cosnet_get_ringparam(struct net_device *dev, struct ethtool_ringparam *ring,
				 struct kernel_ethtool_ringparam *kernel_ring,
				 struct netlink_ext_ack *extack)
{
	const struct cosnet_dev *cd = netdev_priv(dev);

	ring->rx_max_pending = RING_MAX_SLOTS;
	ring->tx_max_pending = RING_MAX_SLOTS;
	ring->rx_pending = cd->slots;
	ring->tx_pending = cd->slots;
}

static int cosnet_set_ringparam(struct net_device *dev, struct ethtool_ringparam *ring,
				struct kernel_ethtool_ringparam *kernel_ring,
				struct netlink_ext_ack *extack)
{
	struct cosnet_dev *cd = netdev_priv(dev);

	if (ring->rx_mini_pending || ring->rx_jumbo_pending)
		return -EINVAL;
	if (ring->rx_pending != ring->tx_pending) {
		NL_SET_ERR_MSG(extack, "both rings have one size: give rx and tx");
		return -EINVAL;
	}
	if (!ring_slots_valid(ring->rx_pending)) {
		NL_SET_ERR_MSG(extack, "slots: a power of two from 8 to 4096");
		return -EINVAL;
	}
	if (ring->rx_pending == cd->slots)
		return 0;
	if (netif_running(dev)) {
		NL_SET_ERR_MSG(extack, "set the link down first");
		return -EBUSY;
	}
	if (cd->ch && hijack_channel_attached(cd->ch)) {
		NL_SET_ERR_MSG(extack, "an AOS is attached");
		return -EBUSY;
	}
	return cosnet_channel_resize(cd, ring->rx_pending);
}

static u32 cosnet_get_priv_flags(struct net_device *dev)
{
	const struct cosnet_dev *cd = netdev_priv(dev);

	return (READ_ONCE(cd->stop_on_full) ? FLAG_STOP : 0) |
	       (READ_ONCE(cd->keep_carrier) ? FLAG_KEEP : 0);
}

static int cosnet_set_priv_flags(struct net_device *dev, u32 flags)
{
	struct cosnet_dev *cd = netdev_priv(dev);

	WRITE_ONCE(cd->stop_on_full, flags & FLAG_STOP);
	cosnet_link_keep_carrier(cd, flags & FLAG_KEEP);
	return 0;
}

const struct ethtool_ops cosnet_ethtool_ops = {
	.get_drvinfo		= cosnet_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_ts_info		= cosnet_get_ts_info,
	.get_sset_count		= cosnet_get_sset_count,
	.get_strings		= cosnet_get_strings,
	.get_ethtool_stats	= cosnet_get_ethtool_stats,
	.get_ringparam		= cosnet_get_ringparam,
	.set_ringparam		= cosnet_set_ringparam,
	.get_priv_flags		= cosnet_get_priv_flags,
	.set_priv_flags		= cosnet_set_priv_flags,
};
