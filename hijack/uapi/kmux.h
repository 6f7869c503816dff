/* SPDX-License-Identifier: GPL-2.0-or-later WITH Linux-syscall-note */
/*
 * /dev/kmux: a filter between a process and Linux's system calls, and a log of
 * what it decided.
 *
 * open() makes a file that stands for no filter yet.
 *
 *   ATTACH  the calling process is under these rules, at once or from its next
 *           exec on; the file stands for them.  Needs CAP_SYS_ADMIN, or
 *           no_new_privs (prctl(2)), since a set-user-ID program that an
 *           unprivileged user takes calls from may be led astray.  EALREADY:
 *           it is under a filter (NARROW); EBUSY: the file has one, or, without
 *           KMUX_AT_EXEC, the process has other threads or shares its memory.
 *   NARROW  the calling thread, which is under a filter, takes more away from
 *           itself: of the old rule and the new the stricter counts.  The log
 *           stays where it is.  ESRCH: it is under none; ENOSPC: done too often.
 *   WATCH   the file stands for the filter that thread `arg` is under.  Needs
 *           CAP_SYS_ADMIN.  ESRCH: there is no such thread, or it is under none.
 *   STATUS  counters of the filter that the file stands for.
 *   read    takes records (struct kmux_record) from its log; 0 = none now.
 *
 * There is no way to lift a filter: it ends with the threads that are under it.
 */
#ifndef UAPI_KMUX_H
#define UAPI_KMUX_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define KMUX_REVISION		1
#define KMUX_CALLS		512	/* numbers from there on are refused: ENOSYS */
#define KMUX_MAX_THREADS	32768
#define KMUX_MAX_ERROR		4095	/* Linux's MAX_ERRNO */
#define KMUX_LOG_RECORDS	4096	/* not yet read; more are dropped, and counted */
#define KMUX_EXIT_KILLED	159	/* exit status: 128 + SIGSYS */

/* The larger, the stricter. */
enum kmux_action {
	KMUX_ALLOW,	/* Linux does it */
	KMUX_ERRNO,	/* not done; the caller sees `error` */
	KMUX_KILL	/* not done; the process ends with KMUX_EXIT_KILLED */
};

struct kmux_rule {
	__u8 action;	/* enum kmux_action */
	__u8 log;	/* 1: each such call is logged */
	__u16 error;	/* of KMUX_ERRNO: 1 to KMUX_MAX_ERROR; else 0 */
};

#define KMUX_INHERIT	1u	/* child processes too, not only threads */
#define KMUX_AT_EXEC	2u	/* from the next successful exec on */

/*
 * Rules for exit, exit_group, rt_sigreturn and restart_syscall must be
 * KMUX_ALLOW: they end or continue what Linux has begun.
 */
struct kmux_rules {
	__u32 size;		/* sizeof(struct kmux_rules) */
	__u32 revision;		/* KMUX_REVISION */
	__u32 flags;		/* KMUX_*; NARROW: 0 */
	__u32 threads;		/* at one time, 1 to KMUX_MAX_THREADS: beyond, clone()
				 * and fork() fail with EAGAIN; NARROW: 0 */
	struct kmux_rule rule[KMUX_CALLS];
};

struct kmux_record {
	__u64 sequence;		/* 1, 2, ... */
	__u64 time;		/* ns, CLOCK_MONOTONIC */
	__u64 ip;		/* behind the SYSCALL instruction */
	__u64 argument[6];	/* the registers: what they point to is not looked at */
	__s32 call;		/* as Linux takes it: the lower half of rax */
	__u32 thread;		/* both in the initial PID namespace */
	__u32 process;
	__u16 error;		/* of KMUX_ERRNO */
	__u8 action;		/* enum kmux_action: what was decided */
	__u8 reserved;
};

struct kmux_status {
	__u32 threads;		/* under the filter now */
	__u32 limit;
	__u64 refused;		/* calls with KMUX_ERRNO or KMUX_KILL, logged or not */
	__u64 logged;
	__u64 dropped;		/* to be logged, but the log was full */
};

#define KMUX_IOC	0xC6
#define KMUX_ATTACH	_IOW(KMUX_IOC, 1, struct kmux_rules)
#define KMUX_NARROW	_IOW(KMUX_IOC, 2, struct kmux_rules)
#define KMUX_WATCH	_IO(KMUX_IOC, 3)	/* arg: a thread's number */
#define KMUX_STATUS	_IOR(KMUX_IOC, 4, struct kmux_status)

#endif
