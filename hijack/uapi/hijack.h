/* SPDX-License-Identifier: GPL-2.0-or-later WITH Linux-syscall-note */
/*
 * /dev/hijack: how a Linux process becomes an AOS, and how others watch it.
 *
 * open() for writing needs CAP_SYS_ADMIN.  A file opened for reading alone needs what its
 * mode says (0600, unless somebody changes it), and can look: STATUS, ATTACH, mmap and
 * read; the rest is refused with EBADF.  One file stands for at most one instance:
 *
 *   SETUP   copies image and bootinfo into the kernel, allocates all memory,
 *           finds the channels; nothing runs yet.
 *   ENTER   the calling thread becomes the AOS; returns when it stops:
 *           the AOS's exit status (>= 0), or a negative errno.
 *   STATUS  what an instance is doing (any file; by name).
 *   STOP    asks an instance to end (any file; by name); ENTER returns
 *           HIJACK_EXIT_STOPPED there.
 *   mmap    offset 0, up to HIJACK_SHOWN_PAGES pages, read-only, shared:
 *           the counter pages (abi/counters.h), and behind HIJACK_COUNTER_PAGES
 *           of them the histograms (abi/histogram.h), of the instance this file
 *           set up, or of the one it chose with ATTACH.
 *   read    the log of that instance, text, from its start; 0 = no more yet.
 *
 * Structures have a fixed size, `size` says which; padding and unknown flags
 * must be zero.
 */
#ifndef UAPI_HIJACK_H
#define UAPI_HIJACK_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define HIJACK_REVISION		2
#define HIJACK_NAME_LEN		16
#define HIJACK_COUNTER_PAGES	24
#define HIJACK_SHOWN_PAGES	(5 * HIJACK_COUNTER_PAGES)
#define HIJACK_MIN_FRAMES	256
#define HIJACK_MAX_FRAMES	(1u << 18)	/* 1 GiB */
/* Pages of the host process that one instance may hold, 16 MiB.  They count
 * against RLIMIT_MEMLOCK as well, for those whom that binds. */
#define HIJACK_MAX_PINS		4096u
#define HIJACK_MAX_POLL_US	1000000u

struct hijack_setup {
	__u32 size;		/* sizeof(struct hijack_setup) */
	__u32 revision;		/* HIJACK_REVISION */
	__u32 flags;		/* 0 */
	__u32 cpu;		/* the AOS CPU */
	__u32 frames;		/* 4 KiB frames to give to the AOS */
	__u32 image_size;
	__u64 image;		/* user pointer: abi/image.h */
	__u64 bootinfo;		/* user pointer: struct bootinfo, host fields zero;
				 * channel[].name says which cosnet interfaces, looked
				 * up in the caller's network namespace */
	char name[HIJACK_NAME_LEN];	/* of the instance; unique */
	__u32 poll_us;		/* how long an idle AOS looks for an event, while no other
				 * thread wants its CPU, before it sleeps; at most
				 * HIJACK_MAX_POLL_US; 0: it sleeps at once */
	__u32 reserved;		/* 0 */
};

enum hijack_state {
	HIJACK_STATE_SET_UP,	/* SETUP done, ENTER not yet */
	HIJACK_STATE_RUNNING,
	HIJACK_STATE_ENDED
};

struct hijack_status {
	__u32 size;		/* sizeof(struct hijack_status) */
	__u32 flags;		/* 0 */
	char name[HIJACK_NAME_LEN];	/* in: which instance; empty = the only one */
	__u32 state;		/* enum hijack_state */
	__u32 cpu;
	__s32 pid;		/* of the AOS thread, 0 if none */
	__u32 frames;		/* given */
	__u32 frames_used;	/* by the AOS at this moment */
	__u32 components;
	__u32 threads;
	__s32 exit_status;	/* when ENDED */
	__u64 syscalls;		/* AOS system calls off the fast path */
	__u64 faults;		/* component faults */
	__u64 upcalls;		/* events that reached the AOS */
	__u64 idles;		/* times it had nothing to do */
	__u64 polls;		/* of these: an event came before it slept */
	__u64 doorbells;
	__u64 entries;		/* times its entry points were loaded */
};

struct hijack_name {
	char name[HIJACK_NAME_LEN];
};

#define HIJACK_EXIT_STOPPED	256	/* ENTER's result after STOP */

#define HIJACK_IOC	0xC5
#define HIJACK_SETUP	_IOW(HIJACK_IOC, 1, struct hijack_setup)
#define HIJACK_ENTER	_IO(HIJACK_IOC, 0x10)	/* arg: this file's descriptor number */
#define HIJACK_STATUS	_IOWR(HIJACK_IOC, 0x11, struct hijack_status)
#define HIJACK_STOP	_IOW(HIJACK_IOC, 0x12, struct hijack_name)
#define HIJACK_ATTACH	_IOW(HIJACK_IOC, 0x13, struct hijack_name)
/* Used by the AOS itself, from its idle thread; -EPERM for anyone else. */
#define HIJACK_IDLE	_IO(HIJACK_IOC, 0x14)
#define HIJACK_LEAVE	_IO(HIJACK_IOC, 0x15)
#define HIJACK_PIN	_IO(HIJACK_IOC, 0x16)

#endif
