// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The XDP program that an operator attaches to the device, on hop T5: it sees each
 * packet of the AOS, bare as the device carries it, before Linux does.  NAPI, softirqs
 * off.
 *
 * The program works on a copy of ours, which the AOS cannot reach, and which was judged
 * before; it may have changed it, so what goes on to Linux is judged once more.  The
 * copy has room for headers in front, and becomes an skb or an XDP frame as it is.
 */
#include <linux/bpf_trace.h>
#include <linux/filter.h>
#include <linux/skbuff.h>
#include <linux/tracepoint.h>

#include "cosnet/cosnet.h"

/* Under RTNL: the trace point of Linux that tells what became of redirected frames. */
static struct {
	struct tracepoint *point;
	unsigned int programs;		/* devices that have one */
} sending;

/*
 * A batch of frames was given to an interface.  Those of ours are sent in our own poll,
 * which ends with xdp_do_flush(); which of them the interface did not take, nobody says.
 */
static void on_sent(void *data, const struct net_device *from, const struct net_device *to,
		    int sent, int drops, int err)
{
	if (drops > 0 && from->netdev_ops == &cosnet_netdev_ops)
		((struct cosnet_dev *)netdev_priv(from))->refused += drops;
}

static void find_point(struct tracepoint *point, void *data)
{
	if (!strcmp(point->name, "xdp_devmap_xmit"))
		sending.point = point;
}

static int watch_sending(struct netdev_bpf *bpf)
{
	int err = -EOPNOTSUPP;

	if (!sending.programs) {
		for_each_kernel_tracepoint(find_point, NULL);
		if (sending.point)
			err = tracepoint_probe_register(sending.point, on_sent, NULL);
		if (err) {
			NL_SET_ERR_MSG(bpf->extack, "no trace point xdp_devmap_xmit to use");
			return err;
		}
	}
	sending.programs++;
	return 0;
}

static void unwatch_sending(void)
{
	if (!--sending.programs)
		tracepoint_probe_unregister(sending.point, on_sent, NULL);
}

/* The module goes, all devices have gone: nobody is in on_sent() any more. */
void cosnet_program_exit(void)
{
	tracepoint_synchronize_unregister();
}

/* ndo_bpf.  RTNL.  The core gives us its reference, also that to nothing at the end. */
int cosnet_program_set(struct net_device *dev, struct netdev_bpf *bpf)
{
	struct cosnet_dev *cd = netdev_priv(dev);
	struct bpf_prog *old = rtnl_dereference(cd->program);

	if (bpf->command != XDP_SETUP_PROG)
		return -EINVAL;
	if (bpf->prog) {
		int err = watch_sending(bpf);

		if (err)
			return err;
	}
	WRITE_ONCE(cd->program_ns, dev_net(dev));
	rcu_assign_pointer(cd->program, bpf->prog);
	if (old) {	/* freed when no poll can be in it any more */
		bpf_prog_put(old);
		unwatch_sending();
	}
	return 0;
}

/*
 * NAPI, as an RCU reader.  A program knows interfaces by their numbers, which mean
 * others in another namespace: there it is not asked, until the device is back.
 */
struct bpf_prog *cosnet_program(const struct cosnet_dev *cd)
{
	if (READ_ONCE(cd->program_ns) != dev_net(cd->dev))
		return NULL;
	return rcu_dereference(cd->program);
}

static enum drop pass(struct cosnet_dev *cd, const struct xdp_buff *xdp,
		      const struct ring_desc *desc)
{
	u32 len = xdp->data_end - xdp->data;
	struct sk_buff *skb;
	__be16 protocol;
	enum drop why = cosnet_from_aos_judge(xdp->data, len, &protocol);

	if (why)
		return why;
	skb = napi_build_skb(xdp->data_hard_start, xdp->frame_sz);
	if (!skb)
		return DROP_FROM_AOS_NOMEM;
	skb_reserve(skb, xdp->data - xdp->data_hard_start);
	__skb_put(skb, len);
	skb->dev = cd->dev;
	skb->protocol = protocol;
	cosnet_from_aos_receive(cd, skb, desc);
	return DROP_NONE;
}

static enum drop redirect(struct cosnet_dev *cd, struct bpf_prog *program,
			  struct xdp_buff *xdp, const struct ring_desc *desc)
{
	if (xdp_do_redirect(cd->dev, xdp, program))
		return DROP_FROM_AOS_REDIRECT;
	cd->redirected++;
	cosnet_count(cd, COSNET_FROM_AOS_BYTES, desc->len);
	return DROP_NONE;
}

/* There is no link to send it back to: XDP_TX is an error like a verdict unknown. */
static enum drop run(struct cosnet_dev *cd, struct bpf_prog *program,
		     struct xdp_buff *xdp, const struct ring_desc *desc)
{
	u32 verdict = bpf_prog_run_xdp(program, xdp);

	switch (verdict) {
	case XDP_PASS:
		return pass(cd, xdp, desc);
	case XDP_REDIRECT:
		return redirect(cd, program, xdp, desc);
	case XDP_DROP:
		return DROP_FROM_AOS_PROGRAM;
	case XDP_ABORTED:
		break;
	default:
		bpf_warn_invalid_xdp_action(cd->dev, program, verdict);
	}
	trace_xdp_exception(cd->dev, program, verdict);
	return DROP_FROM_AOS_ABORTED;
}

/*
 * A packet in shared memory whose length fits: the program decides.  What it has
 * redirected is sent and counted by cosnet_program_flush(), in the same poll.
 */
enum drop cosnet_program_pass(struct cosnet_dev *cd, struct bpf_prog *program,
			      const u8 *packet, const struct ring_desc *desc)
{
	u32 size = SKB_DATA_ALIGN(XDP_PACKET_HEADROOM + desc->len) +
		   SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	u8 *copy = napi_alloc_frag(size);
	struct xdp_buff xdp;
	__be16 protocol;
	enum drop why;

	if (!copy)
		return DROP_FROM_AOS_NOMEM;
	memcpy(copy + XDP_PACKET_HEADROOM, packet, desc->len);
	why = cosnet_from_aos_judge(copy + XDP_PACKET_HEADROOM, desc->len, &protocol);
	if (!why) {
		xdp_init_buff(&xdp, size, &cd->xdp_rxq);
		xdp_prepare_buff(&xdp, copy, XDP_PACKET_HEADROOM, desc->len, false);
		why = run(cd, program, &xdp, desc);
	}
	if (why)
		skb_free_frag(copy);
	return why;
}

/*
 * Their bytes were counted as they came, also of those that no interface took.  (A
 * program that has one frame sent many times may have more refused than it redirected.)
 */
void cosnet_program_flush(struct cosnet_dev *cd)
{
	u32 refused;

	xdp_do_flush();
	if (!cd->redirected)
		return;
	refused = min(cd->refused, cd->redirected);
	cosnet_count(cd, COSNET_FROM_AOS_FRAMES, cd->redirected - refused);
	cosnet_count(cd, COSNET_FROM_AOS_PACKETS, cd->redirected - refused);
	if (refused)
		cosnet_drop(cd, DROP_FROM_AOS_FRAME, refused);
	cd->redirected = 0;
	cd->refused = 0;
}
