/* SPDX-License-Identifier: GPL-2.0-or-later WITH Linux-syscall-note */
/*
 * /dev/translator: a Linux process and a component of an AOS.
 *
 * Who may open it is said by the node's owner, group and mode.  One file is
 * bound to at most one translator channel, and a channel to one file:
 *
 *   BIND    to a channel, by instance and name.  It lasts until the file's last
 *           descriptor is closed and its last mapping gone.
 *           -ENODEV: there is no such AOS, or it has ended: bind again when it
 *           is up.  -ENOENT: the AOS has no translator channel of that name.
 *           -EBUSY: another file holds it.  -EISCONN: this file is bound.
 *   read    8 bytes: how many events the component has sent since the last
 *           read, or since BIND (>= 1).  Blocks until there is one (-EAGAIN with
 *           O_NONBLOCK).  -ENODEV: the AOS has ended, and all its events are read.
 *   write   8 bytes, the number 1: one event for the component.  Events that it
 *           has not seen yet count as one.  Never blocks.  -EPIPE: the AOS has
 *           ended (no SIGPIPE).
 *   poll    readable: there is an event; writable: the AOS lives; hang-up: it
 *           has ended.  Before BIND: an error, for ever (bind, then poll).
 *   mmap    shared, of abi/translator.h:
 *           at TRANSLATOR_MAP_READ, for reading only: a page with struct
 *	     translator_host, then part CTRL;
 *           at TRANSLATOR_MAP_WRITE: part HOST from the process's side on.
 *           Pages stay until they are unmapped, also without the AOS.
 *
 * Before BIND all but BIND and poll is -ENOTCONN.
 */
#ifndef UAPI_TRANSLATOR_H
#define UAPI_TRANSLATOR_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define TRANSLATOR_NAME_LEN	16

/* Structure of fixed size; flags and pad must be zero. */
struct translator_bind {
	__u32 size;		/* sizeof(struct translator_bind) */
	__u32 revision;		/* TRANSLATOR_REVISION (abi/translator.h) */
	__u32 flags;		/* 0 */
	__u32 pad;
	char instance[TRANSLATOR_NAME_LEN];	/* empty: the only one */
	char channel[TRANSLATOR_NAME_LEN];
	__u32 to_aos;		/* out: bytes of that ring */
	__u32 from_aos;		/* out */
};

#define TRANSLATOR_IOC		0xC7
#define TRANSLATOR_BIND		_IOWR(TRANSLATOR_IOC, 1, struct translator_bind)

#define TRANSLATOR_MAP_READ	0
#define TRANSLATOR_MAP_WRITE	0x10000000

#endif
