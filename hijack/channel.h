/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Channels: the memory and the two signals between a device and an AOS
 * instance.  hijack owns the pages, so they outlive whichever side goes first.
 * Packet channels, created here by a network device (cosnet), are found by
 * name; those of translators are hijack's own.
 */
#ifndef HIJACK_CHANNEL_H
#define HIJACK_CHANNEL_H

#include <linux/types.h>
#include "abi/ring.h"

struct net;
struct hijack_channel;

/* What the device supplies.  priv is the pointer given at creation. */
struct hijack_channel_ops {
	/*
	 * The AOS has published packets.  Hard interrupt context, also on
	 * -rt, on the AOS CPU.  Must not sleep.
	 */
	void (*doorbell)(void *priv);
	/*
	 * doorbell() does no more than to wake somebody: it may come at once, in the
	 * AOS's system call (interrupts off, no interrupt context), which saves the
	 * interrupt.  Then it may still be on its way after attached(false), not
	 * after the last reference's free().
	 */
	bool wakes_only;
	/*
	 * An AOS has attached (true) or gone (false).  Process context, may
	 * sleep, may be called from an exiting task; never takes RTNL itself
	 * in a blocking way (the caller may be inside a device operation).
	 * After attached(false) returns no doorbell is on its way (but see above).
	 */
	void (*attached)(void *priv, bool on);
};

/**
 * hijack_channel_create() - make a channel that an AOS can attach to
 * @ns:    network namespace that, with @name, identifies it
 * @name:  interface name, at most 15 characters
 * @slots: power of two, RING_MIN_SLOTS..RING_MAX_SLOTS
 * @mtu:   largest packet, told to the AOS
 * @ops:   callbacks, must stay valid until hijack_channel_destroy() returns
 * @priv:  argument for them
 * Context: process.  Return: channel, or ERR_PTR(-EEXIST, -EINVAL, -ENOMEM).
 * All pages are zeroed; struct ring_host is filled in.
 */
struct hijack_channel *hijack_channel_create(struct net *ns, const char *name,
					     u32 slots, u32 mtu,
					     const struct hijack_channel_ops *ops,
					     void *priv);

/**
 * hijack_channel_destroy() - take the device's end away
 * Context: process.  After return no callback runs or will run.  An attached
 * AOS keeps its pages until it ends, and hears nothing more.
 */
void hijack_channel_destroy(struct hijack_channel *ch);

/**
 * hijack_channel_rename() - the interface has a new name or namespace
 * Context: process.  Return: 0 or -EEXIST.  An attached AOS stays attached.
 */
int hijack_channel_rename(struct hijack_channel *ch, struct net *ns,
			  const char *name);

/**
 * hijack_channel_part() - kernel address of a part of the shared memory
 * Any context.  Valid until hijack_channel_destroy().
 */
void *hijack_channel_part(struct hijack_channel *ch, enum ring_part part);

/**
 * hijack_channel_signal() - packets for the AOS have been published
 * Any context but NMI.  Cheap when no AOS is attached.  Never lost: an AOS
 * that attaches later looks at the ring once.
 */
void hijack_channel_signal(struct hijack_channel *ch);

/** hijack_channel_attached() - is an AOS running on the other end?  Any context. */
bool hijack_channel_attached(struct hijack_channel *ch);

/**
 * hijack_channel_throttled() - does the AOS take no packets for want of a budget?
 * Any context.  A hint: it may have changed by the time it is looked at.
 */
bool hijack_channel_throttled(struct hijack_channel *ch);

#endif
