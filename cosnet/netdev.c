// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The network device: operations, counters, and what kind of device it is.
 * Like a TUN device it carries bare IP packets and has no link-layer address.
 */
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <net/ip_tunnels.h>
#include <net/pkt_sched.h>

#include "cosnet/cosnet.h"

/* Softirqs are off in the next two. */
void cosnet_count(struct cosnet_dev *cd, enum cosnet_counter what, u64 n)
{
	struct cosnet_stats *stats = this_cpu_ptr(cd->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->counter[what], n);
	u64_stats_update_end(&stats->syncp);
}

void cosnet_count_packet(struct cosnet_dev *cd, enum cosnet_counter packets,
			 enum cosnet_counter bytes, unsigned int len)
{
	struct cosnet_stats *stats = this_cpu_ptr(cd->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->counter[packets]);
	u64_stats_add(&stats->counter[bytes], len);
	u64_stats_update_end(&stats->syncp);
}

static void sum_cpu(const struct cosnet_stats *stats, struct cosnet_sums *sums)
{
	struct cosnet_sums once;
	unsigned int start, i;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		for (i = 0; i < COSNET_COUNTERS_N; i++)
			once.counter[i] = u64_stats_read(&stats->counter[i]);
		for (i = 0; i < DROPS; i++)
			once.drop[i] = u64_stats_read(&stats->drop[i]);
	} while (u64_stats_fetch_retry(&stats->syncp, start));

	for (i = 0; i < COSNET_COUNTERS_N; i++)
		sums->counter[i] += once.counter[i];
	for (i = 0; i < DROPS; i++)
		sums->drop[i] += once.drop[i];
}

void cosnet_sum(const struct cosnet_dev *cd, struct cosnet_sums *sums)
{
	int cpu;

	memset(sums, 0, sizeof(*sums));
	for_each_possible_cpu(cpu)
		sum_cpu(per_cpu_ptr(cd->stats, cpu), sums);
}

static void cosnet_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *s)
{
	struct cosnet_sums sums;
	enum drop why;

	cosnet_sum(netdev_priv(dev), &sums);
	s->tx_packets = sums.counter[COSNET_TO_AOS_PACKETS];
	s->tx_bytes = sums.counter[COSNET_TO_AOS_BYTES];
	s->rx_packets = sums.counter[COSNET_FROM_AOS_PACKETS];
	s->rx_bytes = sums.counter[COSNET_FROM_AOS_BYTES];
	for (why = DROP_NONE + 1; why < DROPS; why++)
		if (drop_places(why) & DROP_AT_TO_AOS)
			s->tx_dropped += sums.drop[why];
	s->rx_dropped = sums.drop[DROP_FROM_AOS_NOMEM] +
			sums.drop[DROP_FROM_AOS_DOWN] +
			sums.drop[DROP_FROM_AOS_PURGED] +
			sums.drop[DROP_FROM_AOS_PROGRAM] +
			sums.drop[DROP_FROM_AOS_ABORTED] +
			sums.drop[DROP_FROM_AOS_REDIRECT] +
			sums.drop[DROP_FROM_AOS_FRAME];
	s->rx_length_errors = sums.drop[DROP_FROM_AOS_SHORT] +
			      sums.drop[DROP_FROM_AOS_LENGTH] +
			      sums.drop[DROP_FROM_AOS_TOO_BIG];
	s->rx_frame_errors = sums.drop[DROP_FROM_AOS_DESC] +
			     sums.drop[DROP_FROM_AOS_VERSION];
	s->rx_errors = s->rx_length_errors + s->rx_frame_errors;
}

/* What an XDP program is told of where packets come from, and how they are freed. */
static int register_rxq(struct cosnet_dev *cd)
{
	int err = xdp_rxq_info_reg(&cd->xdp_rxq, cd->dev, 0, cd->napi.napi_id);

	if (err)
		return err;
	err = xdp_rxq_info_reg_mem_model(&cd->xdp_rxq, MEM_TYPE_PAGE_SHARED, NULL);
	if (err)
		xdp_rxq_info_unreg(&cd->xdp_rxq);
	return err;
}

static int cosnet_init(struct net_device *dev)
{
	struct cosnet_dev *cd = netdev_priv(dev);
	int err;

	cd->stats = netdev_alloc_pcpu_stats(struct cosnet_stats);
	if (!cd->stats)
		return -ENOMEM;
	netif_carrier_off(dev);
	netdev_lockdep_set_classes(dev);
	netif_napi_add(dev, &cd->napi, cosnet_poll);
	if (IS_ENABLED(CONFIG_PREEMPT_RT)) {
		err = dev_set_threaded(dev, true);
		if (err)
			goto del_napi;
	}
	err = register_rxq(cd);
	if (err)
		goto del_napi;
	cosnet_drops_join(cd);
	err = cosnet_channel_open(cd);
	if (err)
		goto leave;
	return 0;

leave:
	cosnet_drops_leave(cd);
	xdp_rxq_info_unreg(&cd->xdp_rxq);
del_napi:
	netif_napi_del(&cd->napi);
	free_percpu(cd->stats);
	return err;
}

/* The device is down, and no longer to be found.  Counters are still read. */
static void cosnet_uninit(struct net_device *dev)
{
	struct cosnet_dev *cd = netdev_priv(dev);

	cosnet_channel_close(cd);
	cosnet_drops_leave(cd);
	cancel_delayed_work_sync(&cd->leave);
	cancel_delayed_work_sync(&cd->unstop);
	xdp_rxq_info_unreg(&cd->xdp_rxq);
	netif_napi_del(&cd->napi);
}

static void cosnet_destructor(struct net_device *dev)
{
	struct cosnet_dev *cd = netdev_priv(dev);

	free_percpu(cd->stats);
}

static int cosnet_open(struct net_device *dev)
{
	struct cosnet_dev *cd = netdev_priv(dev);
	int err = cd->ch ? 0 : cosnet_channel_open(cd);

	if (err)
		return err;
	netif_start_queue(dev);
	cosnet_link_up(cd);
	return 0;
}

static int cosnet_stop(struct net_device *dev)
{
	struct cosnet_dev *cd = netdev_priv(dev);

	cancel_delayed_work_sync(&cd->unstop);
	netif_stop_queue(dev);
	cosnet_link_down(cd);
	return 0;
}

static int cosnet_change_mtu(struct net_device *dev, int mtu)
{
	WRITE_ONCE(dev->mtu, mtu);
	cosnet_link_mtu(netdev_priv(dev), mtu);
	return 0;
}

const struct net_device_ops cosnet_netdev_ops = {
	.ndo_init		= cosnet_init,
	.ndo_uninit		= cosnet_uninit,
	.ndo_open		= cosnet_open,
	.ndo_stop		= cosnet_stop,
	.ndo_start_xmit		= cosnet_xmit,
	.ndo_bpf		= cosnet_program_set,
	.ndo_xdp_xmit		= cosnet_xdp_xmit,
	.ndo_get_stats64	= cosnet_get_stats64,
	.ndo_change_mtu		= cosnet_change_mtu,
};

static const struct device_type cosnet_devtype = {
	.name = COSNET_KIND,
};

/* rtnl_link_ops.setup */
void cosnet_setup(struct net_device *dev)
{
	/* Copying gathers and sums as it goes; anything larger Linux segments. */
	const netdev_features_t features = NETIF_F_SG | NETIF_F_FRAGLIST |
					   NETIF_F_HIGHDMA | NETIF_F_HW_CSUM;
	struct cosnet_dev *cd = netdev_priv(dev);

	cd->dev = dev;
	cosnet_link_init(cd);
	cosnet_to_aos_init(cd);

	dev->netdev_ops = &cosnet_netdev_ops;
	dev->ethtool_ops = &cosnet_ethtool_ops;
	dev->header_ops = &ip_tunnel_header_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = cosnet_destructor;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST;
	dev->priv_flags |= IFF_DISABLE_NETPOLL;
	dev->tx_queue_len = DEFAULT_TX_QUEUE_LEN;
	dev->mtu = ETH_DATA_LEN;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = RING_BUF_SIZE;
	/* A redirected packet keeps its VLAN tag beside it, should it go back. */
	dev->features |= features | NETIF_F_LLTX | NETIF_F_HW_VLAN_CTAG_TX |
			 NETIF_F_HW_VLAN_STAG_TX;
	dev->hw_features |= features;
	dev->hw_enc_features |= features;
	SET_NETDEV_DEVTYPE(dev, &cosnet_devtype);
}
