/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One cosnet device, and what the files of the module offer each other.
 *
 * Who may touch what:
 *   to_aos, log, tx_*	whoever holds tx_lock, softirqs off
 *   from_aos		the NAPI instance while it is enabled, else 'lock'
 *   the rest		see the struct
 * Lock order: RTNL, hijack's own locks, that of drops.c, cosnet_dev.lock,
 * tx_lock.  Nothing of the Linux stack is entered with tx_lock held.
 * hijack_channel_create/destroy/rename are called without cosnet_dev.lock,
 * because the attached() callback takes it.
 */
#ifndef COSNET_H
#define COSNET_H

#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/spinlock.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>
#include <net/xdp.h>

#include "cosnet/drops.h"
#include "cosnet/ring_host.h"
#include "cosnet/uapi/cosnet.h"
#include "hijack/channel.h"

#define COSNET_KIND	"cosnet"

#define COSNET_COUNTERS(X) \
	X(TO_AOS_PACKETS,	"to_aos_packets") \
	X(TO_AOS_BYTES,		"to_aos_bytes") \
	X(TO_AOS_FRAMES,	"to_aos_frames")	/* of the packets: by native XDP */ \
	X(TO_LINUX_PACKETS,	"to_linux_packets")	/* handed back to Linux */ \
	X(TO_AOS_SIGNALS,	"to_aos_signals")	/* wake-ups sent to the AOS */ \
	X(TO_AOS_STOPS,		"to_aos_stops")		/* queue stopped, ring full */ \
	X(TO_AOS_STALLS,	"to_aos_stalls")	/* ... and given up waiting */ \
	X(FROM_AOS_PACKETS,	"from_aos_packets") \
	X(FROM_AOS_BYTES,	"from_aos_bytes") \
	X(FROM_AOS_FRAMES,	"from_aos_frames")	/* of the packets: redirected by XDP */ \
	X(FROM_AOS_POLLS,	"from_aos_polls") \
	X(FROM_AOS_LIES,	"from_aos_lies")	/* tx_prod was impossible */ \
	X(ATTACHES,		"attaches")

#define COSNET_COUNTER_ENUM(name, string) COSNET_##name,
enum cosnet_counter {
	COSNET_COUNTERS(COSNET_COUNTER_ENUM)
	COSNET_COUNTERS_N
};

#undef COSNET_COUNTER_ENUM

/* Per CPU, written with softirqs off. */
struct cosnet_stats {
	u64_stats_t counter[COSNET_COUNTERS_N];
	u64_stats_t drop[DROPS];		/* by enum drop, [0] unused */
	struct u64_stats_sync syncp;
};

struct cosnet_sums {
	u64 counter[COSNET_COUNTERS_N];
	u64 drop[DROPS];
};

struct cosnet_dev {
	struct net_device *dev;
	struct cosnet_stats __percpu *stats;
	struct list_head tell;		/* these two: see drops.c */
	struct delayed_work look;

	/* Under RTNL. */
	struct hijack_channel *ch;	/* changes only while the link is down */
	u32 slots;
	struct net *ch_net;		/* what the channel is called */
	char ch_name[IFNAMSIZ];

	/* Under 'lock': three facts, and what has been made of them. */
	struct mutex lock;
	bool ready;			/* rings lie on the memory of ch */
	bool peer;			/* an AOS is at the other end */
	bool up;			/* interface is up */
	bool linked;			/* ready && peer: carrier, transmit allowed */
	bool polling;			/* linked && up: NAPI enabled */
	bool keep_carrier;		/* dormant without AOS, not without carrier */
	struct delayed_work leave;	/* the carrier goes, see link.c */
	u8 *part[RING_PARTS];
	struct ring_host *host;

	/* Hop R3, under tx_lock. */
	spinlock_t tx_lock ____cacheline_aligned_in_smp;
	struct ring_out to_aos;
	struct ring_log log;
	bool tx_open;			/* packets may be put into the ring */
	bool tx_stalled;		/* gave up waiting: drop until it moves */
	bool tx_lied;			/* said so already for this AOS */
	bool stop_on_full;		/* written by ethtool; either value is fine */
	unsigned long tx_deadline;	/* of a stopped queue, jiffies */
	struct delayed_work unstop;

	/* Hop T5, NAPI. */
	struct ring_in from_aos ____cacheline_aligned_in_smp;
	bool rx_lied;
	struct napi_struct napi;
	struct bpf_prog __rcu *program;	/* ours to put; written under RTNL */
	const struct net *program_ns;	/* where it was attached: never followed */
	struct xdp_rxq_info xdp_rxq;
	u32 redirected, refused;	/* frames of this poll */
};

/* main.c: module parameters, defaults of a new device */
extern unsigned int cosnet_default_slots;
extern bool cosnet_default_stop;

/* rtnl.c */
extern struct rtnl_link_ops cosnet_link_ops;

/* netdev.c */
extern const struct net_device_ops cosnet_netdev_ops;
void cosnet_setup(struct net_device *dev);
void cosnet_count(struct cosnet_dev *cd, enum cosnet_counter what, u64 n);
void cosnet_count_packet(struct cosnet_dev *cd, enum cosnet_counter packets,
			 enum cosnet_counter bytes, unsigned int len);
void cosnet_sum(const struct cosnet_dev *cd, struct cosnet_sums *sums);

/* link.c */
void cosnet_link_init(struct cosnet_dev *cd);
int cosnet_channel_open(struct cosnet_dev *cd);
void cosnet_channel_close(struct cosnet_dev *cd);
int cosnet_channel_resize(struct cosnet_dev *cd, u32 slots);
int cosnet_channel_rename(struct cosnet_dev *cd);
void cosnet_link_up(struct cosnet_dev *cd);
void cosnet_link_down(struct cosnet_dev *cd);
void cosnet_link_mtu(struct cosnet_dev *cd, u32 mtu);
void cosnet_link_keep_carrier(struct cosnet_dev *cd, bool keep);

/* to_aos.c */
netdev_tx_t cosnet_xmit(struct sk_buff *skb, struct net_device *dev);
enum drop cosnet_to_aos_put(struct cosnet_dev *cd, __be16 protocol,
				   const void *packet, u32 len);
void cosnet_to_aos_flush(struct cosnet_dev *cd);
void cosnet_to_aos_init(struct cosnet_dev *cd);
void cosnet_to_aos_open(struct cosnet_dev *cd);
void cosnet_to_aos_close(struct cosnet_dev *cd);
void cosnet_to_aos_unstop(struct cosnet_dev *cd);

/* frames.c */
int cosnet_xdp_xmit(struct net_device *dev, int n, struct xdp_frame **frames, u32 flags);
void cosnet_drop_frame(struct cosnet_dev *cd, enum drop why, const struct xdp_frame *frame);

/* fallback.c: these take the packet over, and count what becomes of it */
void cosnet_fallback(struct cosnet_dev *cd, struct sk_buff *skb);
void cosnet_fallback_frame(struct cosnet_dev *cd, struct xdp_frame *frame);
void cosnet_to_linux(struct cosnet_dev *cd, struct sk_buff *skb);

/*
 * Redirected by aosctl's tc filter, which says of every packet what is to become of it
 * without AOS (uapi/cosnet.h)?
 */
static inline bool cosnet_is_told(const struct sk_buff *skb)
{
	return (skb->priority & ~0xffffu) == COSNET_PRIORITY;
}

/* from_aos.c */
int cosnet_poll(struct napi_struct *napi, int budget);
void cosnet_doorbell(void *priv);
void cosnet_from_aos_discard(struct cosnet_dev *cd, enum drop why);
enum drop cosnet_from_aos_judge(const u8 *packet, u32 len, __be16 *protocol);
void cosnet_from_aos_receive(struct cosnet_dev *cd, struct sk_buff *skb,
			     const struct ring_desc *desc);

/* program.c */
int cosnet_program_set(struct net_device *dev, struct netdev_bpf *bpf);
struct bpf_prog *cosnet_program(const struct cosnet_dev *cd);
enum drop cosnet_program_pass(struct cosnet_dev *cd, struct bpf_prog *program,
			      const u8 *packet, const struct ring_desc *desc);
void cosnet_program_flush(struct cosnet_dev *cd);
void cosnet_program_exit(void);

/* ethtool.c */
extern const struct ethtool_ops cosnet_ethtool_ops;

#endif
