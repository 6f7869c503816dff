// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cosnet.ko: network devices that end in the appendage OS.
 */
#include <linux/module.h>
#include <net/addrconf.h>
#include <net/pkt_sched.h>
#include <net/rtnetlink.h>

#include "cosnet/cosnet.h"

unsigned int cosnet_default_slots = 256;
bool cosnet_default_stop;

static int set_slots(const char *val, const struct kernel_param *kp)
{
	unsigned int slots;
	int err = kstrtouint(val, 0, &slots);

	if (err)
		return err;
	if (!ring_slots_valid(slots))
		return -EINVAL;
	WRITE_ONCE(cosnet_default_slots, slots);
	return 0;
}

static const struct kernel_param_ops slots_ops = {
	.set	= set_slots,
	.get	= param_get_uint,
};

module_param_cb(slots, &slots_ops, &cosnet_default_slots, 0644);
MODULE_PARM_DESC(slots, "Slots of each ring of a new device, power of two (default 256)");

static const char * const full_names[] = { "drop", "stop" };

static int set_full(const char *val, const struct kernel_param *kp)
{
	int i = sysfs_match_string(full_names, val);

	if (i < 0)
		return i;
	WRITE_ONCE(cosnet_default_stop, i);
	return 0;
}

static int get_full(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n", full_names[READ_ONCE(cosnet_default_stop)]);
}

static const struct kernel_param_ops full_ops = {
	.set	= set_full,
	.get	= get_full,
};

module_param_cb(full, &full_ops, NULL, 0644);
MODULE_PARM_DESC(full, "When the ring to the AOS is full, a new device will drop or stop (default drop)");

/* New here, or from another namespace: its addresses are the operator's. */
static void no_address_of_its_own(struct net_device *dev)
{
	struct inet6_dev *v6 = __in6_dev_get(dev);

	if (v6)
		WRITE_ONCE(v6->cnf.addr_gen_mode, IN6_ADDR_GEN_MODE_NONE);
}

/*
 * RTNL.  Linux has shut the queue of an interface that is set down, and drops there what tc
 * redirects to it without counting it.  Where there is no queue, open again, it counts it
 * as dropped instead, since the interface is not up.
 */
static void count_what_comes(struct net_device *dev)
{
	struct netdev_queue *queue = netdev_get_tx_queue(dev, 0);

	if (!rtnl_dereference(queue->qdisc_sleeping)->enqueue)
		dev_activate(dev);
}

/* RTNL.  The channel bears the name and namespace of the device. */
static int cosnet_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	int err;

	if (dev->netdev_ops != &cosnet_netdev_ops)
		return NOTIFY_DONE;
	if (event == NETDEV_DOWN)
		count_what_comes(dev);
	if (event == NETDEV_REGISTER)
		no_address_of_its_own(dev);
	if (event != NETDEV_REGISTER && event != NETDEV_CHANGENAME)
		return NOTIFY_DONE;
	err = cosnet_channel_rename(netdev_priv(dev));
	if (err)
		netdev_err(dev, "channel not renamed (%d)\n", err);
	return notifier_from_errno(err);
}

static struct notifier_block cosnet_notifier = {
	.notifier_call = cosnet_event,
};

static int __init cosnet_module_init(void)
{
	int err = register_netdevice_notifier(&cosnet_notifier);

	if (err)
		return err;
	err = rtnl_link_register(&cosnet_link_ops);
	if (err)
		unregister_netdevice_notifier(&cosnet_notifier);
	return err;
}

/* Devices in use are deleted; an attached AOS keeps its memory. */
static void __exit cosnet_module_exit(void)
{
	rtnl_link_unregister(&cosnet_link_ops);
	unregister_netdevice_notifier(&cosnet_notifier);
	cosnet_program_exit();
}

module_init(cosnet_module_init);
module_exit(cosnet_module_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Network device whose packets go to the appendage OS");
MODULE_VERSION(__stringify(RING_REVISION));	/* of its door: `aosctl version` */
MODULE_ALIAS_RTNL_LINK(COSNET_KIND);
