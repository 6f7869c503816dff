// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * `ip link add cos0 type cosnet`, `ip link del cos0`, and what else has to
 * happen when Linux renames a device or moves it to another namespace.
 * RTNL held throughout.  Network namespaces and rmmod need no code of ours:
 * the core deletes devices that have link ops.
 *
 * iproute2 does not know our attributes; the same things can be said with
 * module parameters (for devices to come) and ethtool (-G, --set-priv-flags).
 */
#include <net/rtnetlink.h>

#include "cosnet/cosnet.h"
#include "cosnet/uapi/cosnet.h"

static const struct nla_policy cosnet_policy[IFLA_COSNET_MAX + 1] = {
	[IFLA_COSNET_SLOTS]	= { .type = NLA_U32 },
	[IFLA_COSNET_STOP]	= NLA_POLICY_MAX(NLA_U8, 1),
};

static int cosnet_validate(struct nlattr *tb[], struct nlattr *data[],
			   struct netlink_ext_ack *extack)
{
	if (tb[IFLA_ADDRESS]) {
		NL_SET_ERR_MSG(extack, "no link-layer address on this kind of device");
		return -EINVAL;
	}
	if (data && data[IFLA_COSNET_SLOTS] &&
	    !ring_slots_valid(nla_get_u32(data[IFLA_COSNET_SLOTS]))) {
		NL_SET_ERR_MSG_ATTR(extack, data[IFLA_COSNET_SLOTS],
				    "slots: a power of two from 8 to 4096");
		return -EINVAL;
	}
	return 0;
}

static int cosnet_newlink(struct net *src_net, struct net_device *dev,
			  struct nlattr *tb[], struct nlattr *data[],
			  struct netlink_ext_ack *extack)
{
	struct cosnet_dev *cd = netdev_priv(dev);

	/* One lock, that of queue 0, guards the ring. */
	if (dev->num_tx_queues != 1) {
		NL_SET_ERR_MSG(extack, "one transmit queue only");
		return -EINVAL;
	}
	cd->slots = READ_ONCE(cosnet_default_slots);
	cd->stop_on_full = READ_ONCE(cosnet_default_stop);
	if (data && data[IFLA_COSNET_SLOTS])
		cd->slots = nla_get_u32(data[IFLA_COSNET_SLOTS]);
	if (data && data[IFLA_COSNET_STOP])
		cd->stop_on_full = nla_get_u8(data[IFLA_COSNET_STOP]);
	return register_netdevice(dev);
}

static size_t cosnet_get_size(const struct net_device *dev)
{
	return nla_total_size(sizeof(u32)) + nla_total_size(sizeof(u8));
}

static int cosnet_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	const struct cosnet_dev *cd = netdev_priv(dev);

	if (nla_put_u32(skb, IFLA_COSNET_SLOTS, cd->slots) ||
	    nla_put_u8(skb, IFLA_COSNET_STOP, READ_ONCE(cd->stop_on_full)))
		return -EMSGSIZE;
	return 0;
}

struct rtnl_link_ops cosnet_link_ops __read_mostly = {
	.kind		= COSNET_KIND,
	.priv_size	= sizeof(struct cosnet_dev),
	.setup		= cosnet_setup,
	.maxtype	= IFLA_COSNET_MAX,
	.policy		= cosnet_policy,
	.validate	= cosnet_validate,
	.newlink	= cosnet_newlink,
	.get_size	= cosnet_get_size,
	.fill_info	= cosnet_fill_info,
};
