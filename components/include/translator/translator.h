/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A component's end of a translator channel (abi/translator.h): messages to
 * and from the Linux process that is bound to it, and sleeping until there is
 * something to do.
 *
 * The composition says that the component has one:
 *
 *	translators = ( { name = "ctl"; component = "ctl";
 *			  to_aos = 4096; from_aos = 4096; } );
 *
 * and thereby gives it the endpoint `ctl`, the doorbell `ctl_bell` and the
 * regions `ctl_host` and `ctl_ctrl`.  One thread uses a channel.
 *
 * The process is believed nothing: an index or a length that cannot be is
 * counted (`drop_translator_lie`), and what lies in its ring then is passed over.
 */
#ifndef TRANSLATOR_TRANSLATOR_H
#define TRANSLATOR_TRANSLATOR_H

#include "aos.h"
#include "abi/drop_log.h"
#include "abi/translator.h"

#pragma GCC visibility push(hidden)

/* Fields are the library's. */
struct translator {
	const uint8_t *host;		/* part HOST */
	uint8_t *ctrl;			/* part CTRL */
	uint32_t event, bell;		/* slots */
	uint32_t to_aos, from_aos;	/* bytes */
	uint32_t epoch;			/* of the indices */
	uint32_t prod, cons;
	uint32_t full_at;		/* the process's cons when there was no room */
	struct counter *lies;
	uint32_t log_prod;
	struct counter *untold;		/* the log was full */
};

/**
 * translator_open() - begin, also in a new life of the component
 * @host: AOS_REGION(NAME_host); @ctrl: AOS_REGION(NAME_ctrl)
 * @event: AOS_CAP(NAME); @bell: AOS_CAP(NAME_bell)
 * Return: 0; -AOS_EINVAL: that is no translator channel of this revision.
 */
int64_t translator_open(struct translator *t, const void *host, void *ctrl, uint32_t event,
			uint32_t bell);

/**
 * translator_bound() - is a process there?
 * A number above 0 that is another one for each process; 0: nobody.
 */
uint32_t translator_bound(struct translator *t);

/**
 * translator_recv() - the next message
 * @buf: room for @room bytes; TRANSLATOR_RECORD_MAX is enough for any
 * Return: its length; -AOS_EAGAIN: none; -AOS_ENOTCONN: nobody is there;
 * -AOS_EMSGSIZE: it is longer than @room, and stays the next.
 */
int64_t translator_recv(struct translator *t, void *buf, uint32_t room);

/**
 * translator_send() - a message of @len bytes, at most TRANSLATOR_RECORD_MAX
 * Return: 0; -AOS_EAGAIN: no room now; -AOS_ENOTCONN: nobody is there;
 * -AOS_EMSGSIZE: too long.
 */
int64_t translator_send(struct translator *t, const void *data, uint32_t len);

/*
 * Several at once, for the price of one look at what the process waits for.  What
 * the process sees of it comes with the second call of each pair; until then a new
 * life of the component finds all as it was.
 */

/** translator_next() - as translator_recv(), but its room is not given back yet. */
int64_t translator_next(struct translator *t, void *buf, uint32_t room);

/** translator_done() - the room of all that translator_next() gave is the process's. */
void translator_done(struct translator *t);

/** translator_add() - as translator_send(), but the process does not see it yet. */
int64_t translator_add(struct translator *t, const void *data, uint32_t len);

/** translator_publish() - the process sees all that translator_add() took. */
void translator_publish(struct translator *t);

/** translator_notify() - an event for the process, without a message. */
static inline void translator_notify(struct translator *t)
{
	aos_doorbell(t->bell);
}

/**
 * translator_wait() - sleep until there may be something to do
 * @want: TRANSLATOR_WANT_RECORD: a message; TRANSLATOR_WANT_ROOM: room, after
 *        translator_send() had none.  Whatever is wanted, an event of the process
 *        wakes as well, and that it comes or goes.
 * Return: events that came (>= 1); 0: it did not sleep; or a negated error.
 * May wake for nothing.
 */
int64_t translator_wait(struct translator *t, uint32_t want);

/** translator_tells() - does somebody want to know of each drop? */
bool translator_tells(const struct translator *t);

/**
 * translator_report() - tell of what this component has dropped, and counted
 * @told: place is of DROP_AT_COMPONENTS, why one that may be given there
 * @packet: told->len bytes, if it is one packet that is known; or NULL
 * Nothing is done while nobody wants to know; what finds no room counts as
 * `drops_untold`.
 */
void translator_report(struct translator *t, const struct drop_told *told, const void *packet);

#pragma GCC visibility pop

#endif
