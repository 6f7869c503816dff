/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libtranslator: a Linux process talks with a component of an AOS, over a
 * translator channel (/dev/translator).  See translator(3).
 *
 * Functions that return int give 0 or more, or -1 with errno set.  A handle is
 * one thread's.  Nothing here blocks but translator_wait() and a blocking translator_take().
 */
#ifndef LIBTRANSLATOR_H
#define LIBTRANSLATOR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of the longest message. */
#define TRANSLATOR_MESSAGE_MAX	4092

/* What translator_wait() and translator_arm() wait for. */
#define TRANSLATOR_MESSAGE	1	/* a message to receive */
#define TRANSLATOR_ROOM		2	/* room to send, after EAGAIN */
#define TRANSLATOR_EVENT	4	/* an event that came without a message */

struct translator;

/**
 * translator_open() - open /dev/translator
 * @flags: O_NONBLOCK, O_CLOEXEC or 0
 * Return: a handle, or NULL with errno: ENOENT: hijack.ko is not loaded; EACCES: not in
 * the node's group; ENOMEM.
 */
struct translator *translator_open(int flags);

/**
 * translator_bind() - take the process's end of a channel
 * @instance: name of the AOS; NULL or "": the only one
 * @channel: its name in the composition
 * Errors: ENODEV: no such AOS is up; ENOENT: it has no such channel; EBUSY: another
 * process has it; EISCONN: bound already; EPROTO: another revision; ENAMETOOLONG; ENOMEM.
 */
int translator_bind(struct translator *t, const char *instance, const char *channel);

/**
 * translator_send() - a message of @len bytes, up to TRANSLATOR_MESSAGE_MAX
 * Errors: EAGAIN: no room now: translator_wait(TRANSLATOR_ROOM); EMSGSIZE: too long;
 * ENOTCONN: not bound; EPROTO: what the component says of the ring cannot be (counted).
 */
int translator_send(struct translator *t, const void *data, size_t len);

/**
 * translator_recv() - the next message
 * @buf: room for @size bytes
 * Return: its length.  Errors: EAGAIN: none now; EMSGSIZE: longer than @size, and stays the
 * next; ENOTCONN; EPROTO: what is in the ring cannot be: it was passed over (counted).
 * Messages of an AOS that has ended can still be received.
 */
int translator_recv(struct translator *t, void *buf, size_t size);

/*
 * Several at once, for the price of one look at what the component waits for.
 * What the component sees of it comes with the second call of each pair.
 */

/** translator_add() - as translator_send(), but the component does not see it yet. */
int translator_add(struct translator *t, const void *data, size_t len);

/** translator_publish() - the component sees all that translator_add() took. */
void translator_publish(struct translator *t);

/** translator_next() - as translator_recv(), but its room is not given back yet. */
int translator_next(struct translator *t, void *buf, size_t size);

/** translator_done() - the room of all that translator_next() gave is the component's. */
void translator_done(struct translator *t);

/**
 * translator_resume() - in a child of the process that bound the channel: go on from
 * what was published, also by a child before this one.  The channel stays bound as long
 * as one of them lives; one at a time uses it.
 * Errors: ENOTCONN: it was not bound; ENOMEM.
 */
int translator_resume(struct translator *t);

/* Bytes added and taken so far, modulo 2^32, the messages' 4 bytes of length included. */
struct translator_place {
	uint32_t prod, cons;
};

/** translator_place() - where the handle is, published or not. */
struct translator_place translator_place(const struct translator *t);

/**
 * translator_unread() - how many messages lie there that the component has not taken
 * Errors: EPROTO: what the component says of the ring cannot be (counted).
 */
int translator_unread(struct translator *t);

/**
 * translator_wait() - sleep until there may be something
 * @what: TRANSLATOR_MESSAGE, TRANSLATOR_ROOM, TRANSLATOR_EVENT, or several
 * @timeout_ms: as of poll(2); -1: for ever
 * Return: 1: look; 0: the time is over.  Errors: ENODEV: the AOS has ended; EINTR.
 * May return 1 for nothing.  Events stay for translator_take() if TRANSLATOR_EVENT is
 * in @what, and are dropped otherwise.
 */
int translator_wait(struct translator *t, int what, int timeout_ms);

/**
 * translator_arm() - before sleeping in poll(2) or epoll(7) of one's own
 * @what: TRANSLATOR_MESSAGE, TRANSLATOR_ROOM or both
 * Return: 1: there is something already, do not sleep; 0: translator_fd() becomes
 * readable when there is.  Call translator_disarm() after it.
 */
int translator_arm(struct translator *t, int what);

/** translator_disarm() - awake again; takes the events. */
void translator_disarm(struct translator *t);

/** translator_notify() - an event for the component.  Errors: EPIPE: the AOS has ended. */
int translator_notify(struct translator *t);

/**
 * translator_take() - how many events the component has sent since the last time, >= 1
 * Blocks until there is one, unless the handle was opened with O_NONBLOCK.
 * Errors: EAGAIN, EINTR, ENODEV: the AOS has ended.
 */
int64_t translator_take(struct translator *t);

/** translator_fd() - for poll(2): readable when there are events, hang-up without AOS. */
int translator_fd(const struct translator *t);

/**
 * translator_report() - tell who traces drops (hijack:translator_drop) of one's own
 * @why: enum drop of abi/drop.h, one that may be given at DROP_AT_TRANSLATOR
 * @n: packets or messages; @packet: @len bytes of it, if it is one; or NULL
 * Return: 1: told; 0: nobody wants to know.  Errors: ENOTCONN: not bound; ENOBUFS: Linux
 * has not read yet what was told before, and this it will not hear of.
 */
int translator_report(struct translator *t, int why, uint32_t n, const void *packet, size_t len);

/** translator_lies() - times the component said what cannot be. */
uint64_t translator_lies(const struct translator *t);

/** translator_close() - let the channel go; NULL is allowed.  errno stays. */
void translator_close(struct translator *t);

#ifdef __cplusplus
}
#endif

#endif
