// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libtranslator.  What the component writes is read once and checked by
 * abi/translator.h; the process's own indices are kept here, and its side of
 * the shared memory is only written.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "abi/drop_log.h"
#include "abi/translator.h"
#include "hijack/uapi/translator.h"
#include "translator.h"

_Static_assert(TRANSLATOR_MESSAGE_MAX == TRANSLATOR_RECORD_MAX, "the longest message");
_Static_assert(TRANSLATOR_MESSAGE == TRANSLATOR_WANT_RECORD &&
	       TRANSLATOR_ROOM == TRANSLATOR_WANT_ROOM, "what is waited for");

struct translator {
	int fd;
	const uint8_t *theirs;		/* mapped at TRANSLATOR_MAP_READ */
	uint8_t *ours;			/* mapped at TRANSLATOR_MAP_WRITE; NULL: not bound */
	uint32_t to_aos, from_aos;	/* bytes */
	uint32_t epoch;			/* of this binding */
	uint32_t prod, cons;
	uint32_t full_at;		/* the component's cons when there was no room */
	uint32_t log_prod;
	uint64_t lies;
};

static const struct translator_host *host_of(const struct translator *t)
{
	return (const struct translator_host *)t->theirs;
}

static const uint8_t *ctrl_of(const struct translator *t)
{
	return t->theirs + ABI_PAGE_SIZE;
}

static const struct translator_side *component_of(const struct translator *t)
{
	return (const struct translator_side *)ctrl_of(t);
}

static struct translator_side *own(const struct translator *t)
{
	return (struct translator_side *)t->ours;
}

static size_t bytes_theirs(const struct translator *t)
{
	return ABI_PAGE_SIZE +
	       translator_part_bytes(RING_PART_CTRL, t->to_aos, t->from_aos);
}

static size_t bytes_ours(const struct translator *t)
{
	return translator_part_bytes(RING_PART_HOST, t->to_aos, t->from_aos) -
	       TRANSLATOR_PROCESS_OFF;
}

static int failed(int error)
{
	errno = error;
	return -1;
}

/* ---- open and close ---- */

struct translator *translator_open(int flags)
{
	struct translator *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->fd = open("/dev/translator", O_RDWR | (flags & (O_NONBLOCK | O_CLOEXEC)));
	if (t->fd >= 0)
		return t;
	free(t);
	return NULL;
}

static int map(struct translator *t)
{
	void *theirs, *ours;

	theirs = mmap(NULL, bytes_theirs(t), PROT_READ, MAP_SHARED, t->fd, TRANSLATOR_MAP_READ);
	if (theirs == MAP_FAILED)
		return -1;
	ours = mmap(NULL, bytes_ours(t), PROT_READ | PROT_WRITE, MAP_SHARED, t->fd,
		    TRANSLATOR_MAP_WRITE);
	if (ours == MAP_FAILED) {
		munmap(theirs, bytes_theirs(t));
		return -1;
	}
	t->theirs = theirs;
	t->ours = ours;
	return 0;
}

int translator_bind(struct translator *t, const char *instance, const char *channel)
{
	struct translator_bind bind = { .size = sizeof(bind), .revision = TRANSLATOR_REVISION };

	if (!instance)
		instance = "";
	if (strlen(instance) >= sizeof(bind.instance) || strlen(channel) >= sizeof(bind.channel))
		return failed(ENAMETOOLONG);
	strcpy(bind.instance, instance);
	strcpy(bind.channel, channel);
	if (ioctl(t->fd, TRANSLATOR_BIND, &bind))
		return -1;
	t->to_aos = bind.to_aos;
	t->from_aos = bind.from_aos;
	if (map(t))
		return -1;
	t->epoch = __atomic_load_n(&host_of(t)->epoch, __ATOMIC_ACQUIRE);
	return 0;
}

void translator_close(struct translator *t)
{
	int error = errno;

	if (!t)
		return;
	if (t->ours) {
		munmap(t->ours, bytes_ours(t));
		munmap((void *)(uintptr_t)t->theirs, bytes_theirs(t));
	}
	close(t->fd);
	free(t);
	errno = error;
}

/* ---- the component's indices ---- */

/* Until the component has seen this binding they count as 0. */
static uint32_t index_of(const struct translator *t, const uint32_t *index)
{
	if (__atomic_load_n(&component_of(t)->epoch, __ATOMIC_ACQUIRE) != t->epoch)
		return 0;
	return __atomic_load_n(index, __ATOMIC_ACQUIRE);
}

static uint32_t component_prod(const struct translator *t)
{
	return index_of(t, &component_of(t)->prod);
}

static uint32_t component_cons(const struct translator *t)
{
	return index_of(t, &component_of(t)->cons);
}

/* An index has been published: does the component sleep for that? */
static void tell(struct translator *t, uint32_t what)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_load_n(&component_of(t)->want, __ATOMIC_RELAXED) & what)
		translator_notify(t);
}

static int lied(struct translator *t)
{
	t->lies++;
	return failed(EPROTO);
}

/* ---- messages ---- */

int translator_add(struct translator *t, const void *data, size_t len)
{
	int32_t result;

	if (!t->ours)
		return failed(ENOTCONN);
	if (len > TRANSLATOR_RECORD_MAX)
		return failed(EMSGSIZE);
	t->full_at = component_cons(t);
	result = translator_put(t->ours + TRANSLATOR_TO_AOS_OFF - TRANSLATOR_PROCESS_OFF,
				t->to_aos, &t->prod, t->full_at, data, (uint32_t)len);
	if (result == TRANSLATOR_FULL)
		return failed(EAGAIN);
	return result == TRANSLATOR_LIE ? lied(t) : 0;
}

void translator_publish(struct translator *t)
{
	__atomic_store_n(&own(t)->prod, t->prod, __ATOMIC_RELEASE);
	tell(t, TRANSLATOR_WANT_RECORD);
}

int translator_send(struct translator *t, const void *data, size_t len)
{
	int result = translator_add(t, data, len);

	if (!result)
		translator_publish(t);
	return result;
}

int translator_next(struct translator *t, void *buf, size_t size)
{
	uint32_t room = size < TRANSLATOR_RECORD_MAX ? (uint32_t)size : TRANSLATOR_RECORD_MAX;
	int32_t n;

	if (!t->ours)
		return failed(ENOTCONN);
	n = translator_get(ctrl_of(t) + TRANSLATOR_FROM_AOS_OFF, t->from_aos, &t->cons,
			   component_prod(t), buf, room);
	if (n == TRANSLATOR_EMPTY)
		return failed(EAGAIN);
	if (n == TRANSLATOR_LONG)
		return failed(EMSGSIZE);
	if (n != TRANSLATOR_LIE)
		return n;
	__atomic_store_n(&own(t)->cons, t->cons, __ATOMIC_RELEASE);
	return lied(t);
}

void translator_done(struct translator *t)
{
	__atomic_store_n(&own(t)->cons, t->cons, __ATOMIC_RELEASE);
	tell(t, TRANSLATOR_WANT_ROOM);
}

int translator_recv(struct translator *t, void *buf, size_t size)
{
	int n = translator_next(t, buf, size);

	if (n >= 0)
		translator_done(t);
	return n;
}

/* ---- one process after another ---- */

int translator_resume(struct translator *t)
{
	if (!t->ours)
		return failed(ENOTCONN);
	if (map(t))		/* a mapping is not inherited */
		return -1;
	t->prod = own(t)->prod;
	t->cons = own(t)->cons;
	t->log_prod = own(t)->log_prod;
	return 0;
}

struct translator_place translator_place(const struct translator *t)
{
	return (struct translator_place){ t->prod, t->cons };
}

/* What lies there is our own; where the component is, is not. */
int translator_unread(struct translator *t)
{
	const uint8_t *ring = t->ours + TRANSLATOR_TO_AOS_OFF - TRANSLATOR_PROCESS_OFF;
	uint32_t at = component_cons(t), len;
	int n = 0;

	if (t->prod - at > t->to_aos)
		return lied(t);
	for (; at != t->prod; n++) {
		translator_copy_out(ring, t->to_aos, at, &len, TRANSLATOR_RECORD_HEAD);
		if (len > TRANSLATOR_RECORD_MAX || len + TRANSLATOR_RECORD_HEAD > t->prod - at)
			return lied(t);
		at += TRANSLATOR_RECORD_HEAD + len;
	}
	return n;
}

/* ---- drops ---- */

int translator_report(struct translator *t, int why, uint32_t n, const void *packet, size_t len)
{
	const struct drop_told told = { .n = n, .len = (uint32_t)len, .why = (uint16_t)why,
					.place = DROP_AT_TRANSLATOR };
	uint32_t cons;

	if (!t->ours)
		return failed(ENOTCONN);
	if (!__atomic_load_n(&host_of(t)->tell, __ATOMIC_RELAXED))
		return 0;
	cons = __atomic_load_n(&host_of(t)->log_cons[TRANSLATOR_PROCESS], __ATOMIC_ACQUIRE);
	if (!drop_log_put(t->ours + TRANSLATOR_TO_AOS_OFF - TRANSLATOR_PROCESS_OFF + t->to_aos,
			  &t->log_prod, cons, &told, packet))
		return failed(ENOBUFS);
	__atomic_store_n(&own(t)->log_prod, t->log_prod, __ATOMIC_RELEASE);
	return 1;
}

/* ---- events ---- */

int translator_notify(struct translator *t)
{
	const uint64_t one = 1;

	return write(t->fd, &one, sizeof(one)) < 0 ? -1 : 0;
}

int64_t translator_take(struct translator *t)
{
	uint64_t n;

	return read(t->fd, &n, sizeof(n)) < 0 ? -1 : (int64_t)n;
}

int translator_fd(const struct translator *t)
{
	return t->fd;
}

uint64_t translator_lies(const struct translator *t)
{
	return t->lies;
}

/* ---- sleeping ---- */

static int there_is(const struct translator *t, int what)
{
	return (what & TRANSLATOR_MESSAGE && component_prod(t) != t->cons) ||
	       (what & TRANSLATOR_ROOM && component_cons(t) != t->full_at);
}

int translator_arm(struct translator *t, int what)
{
	if (!t->ours)
		return failed(ENOTCONN);
	__atomic_store_n(&own(t)->want, (uint32_t)what & 3, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return there_is(t, what);
}

static int poll_once(const struct translator *t, int timeout_ms)
{
	struct pollfd p = { .fd = t->fd, .events = POLLIN };
	int n = poll(&p, 1, timeout_ms);

	if (n > 0 && p.revents & POLLHUP && !(p.revents & POLLIN))
		return failed(ENODEV);
	return n;
}

static void awake(struct translator *t)
{
	__atomic_store_n(&own(t)->want, 0, __ATOMIC_RELAXED);
}

/* A read that finds no event must not block. */
static void drop_events(struct translator *t)
{
	if (poll_once(t, 0) > 0)
		translator_take(t);
}

void translator_disarm(struct translator *t)
{
	awake(t);
	drop_events(t);
}

int translator_wait(struct translator *t, int what, int timeout_ms)
{
	int n = translator_arm(t, what);

	if (!n)
		n = poll_once(t, timeout_ms);
	else if (n < 0)
		return n;
	awake(t);
	if (n > 0 && !(what & TRANSLATOR_EVENT))
		drop_events(t);
	return n > 0 ? 1 : n;
}
