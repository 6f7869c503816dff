// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The other transport: ordinary UDP sockets, one per source, so that an echo
 * service on any machine can be compared with the appliance. Each is connected
 * to its destination, which keeps strangers' datagrams out.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "kernel_stamps.h"
#include "receive_room.h"
#include "transport.h"

#define EVENTS_AT_A_TIME 64
#define BUFFER_WANTED (1 << 20)

/* A source as the session knows it, and the socket that stands for it. */
struct source_socket {
	struct endpoint from, to;
	int fd;
	struct kernel_stamps *stamps;
};

struct socket_transport {
	struct transport transport;	/* first: the two are cast */
	bool kernel_stamps;
	int epoll;
	struct source_socket *list;
	uint32_t count, room;
	uint32_t by_port[2][65536];	/* chain by port; entry number + 1 */
	uint32_t *next;
	struct epoll_event ready[EVENTS_AT_A_TIME];
	int ready_count, ready_at;
	uint64_t refused;
	uint8_t incoming[65536];
};

static struct socket_transport *transport_of(struct transport *t)
{
	return (struct socket_transport *)t;
}

static uint32_t *chain_of(struct socket_transport *s,
			  const struct endpoint *from)
{
	return &s->by_port[from->address.family == 6][from->port];
}

static struct source_socket *source_find(struct socket_transport *s,
					 const struct endpoint *from)
{
	for (uint32_t i = *chain_of(s, from); i; i = s->next[i - 1])
		if (endpoint_equal(&s->list[i - 1].from, from))
			return &s->list[i - 1];
	return NULL;
}

/*
 * The address is the host's choice, and so is the port if the wanted one is
 * taken: @from stays the name of this socket within the tool.
 */
static int socket_make(const struct endpoint *from, const struct endpoint *to)
{
	int family = to->address.family == 6 ? AF_INET6 : AF_INET;
	struct endpoint any = { { to->address.family, { 0 } }, from->port };
	struct sockaddr_storage address;
	int error, fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	socklen_t length = endpoint_sockaddr(&any, &address);

	if (fd < 0)
		return -errno;
	receive_room_ask(fd, BUFFER_WANTED);
	/* Refused: connect() then takes any free port. */
	if (bind(fd, (struct sockaddr *)&address, length) &&
	    errno != EADDRINUSE && errno != EACCES) {
		error = -errno;
		close(fd);
		return error;
	}
	length = endpoint_sockaddr(to, &address);
	if (connect(fd, (struct sockaddr *)&address, length)) {
		error = -errno;
		close(fd);
		return error;
	}
	return fd;
}

static bool list_grow(struct socket_transport *s)
{
	uint32_t room = s->room ? s->room * 2 : 64;
	void *list = realloc(s->list, room * sizeof(*s->list));
	void *next;

	if (list)
		s->list = list;
	next = realloc(s->next, room * sizeof(*s->next));
	if (next)
		s->next = next;
	if (!list || !next)
		return false;
	s->room = room;
	return true;
}

static int socket_open_source(struct transport *t, const struct endpoint *from,
			      const struct endpoint *to)
{
	struct socket_transport *s = transport_of(t);
	struct epoll_event event = { .events = EPOLLIN };
	struct kernel_stamps *stamps;
	int fd, error;

	if (source_find(s, from))
		return 0;
	if (s->count == s->room && !list_grow(s))
		return -ENOMEM;
	fd = socket_make(from, to);
	if (fd < 0)
		return fd;
	stamps = malloc(sizeof(*stamps));
	event.data.u32 = s->count;
	if (!stamps || epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event)) {
		error = stamps ? -errno : -ENOMEM;
		free(stamps);
		close(fd);
		return error;
	}
	kernel_stamps_init(stamps, fd, s->kernel_stamps);
	s->list[s->count] = (struct source_socket) { *from, *to, fd, stamps };
	s->next[s->count] = *chain_of(s, from);
	*chain_of(s, from) = ++s->count;
	return 0;
}

static int socket_prepare(struct transport *t, uint8_t family)
{
	(void)t;
	(void)family;
	return 0;
}

static int socket_send(struct transport *t, const struct endpoint *from,
		       const struct endpoint *to, const void *payload,
		       size_t size, uint64_t tag, uint64_t *stamp)
{
	struct socket_transport *s = transport_of(t);
	struct source_socket *source = source_find(s, from);
	ssize_t n;

	if (!source || !endpoint_equal(&source->to, to))
		return -EINVAL;
	*stamp = clock_ns();
	n = send(source->fd, payload, size, 0);
	/* Reports an earlier datagram; this one has not been sent yet. */
	if (n < 0 && errno == ECONNREFUSED) {
		s->refused++;
		kernel_stamps_failed(source->stamps);
		n = send(source->fd, payload, size, 0);
	}
	if (n < 0) {
		int error = -errno;

		kernel_stamps_failed(source->stamps);
		return error;
	}
	kernel_stamps_sent(source->stamps, tag);
	return 0;
}

/* The next socket with something to read, or NULL. */
static struct source_socket *source_ready(struct socket_transport *s)
{
	if (s->ready_at == s->ready_count) {
		s->ready_at = 0;
		s->ready_count = epoll_wait(s->epoll, s->ready,
					    EVENTS_AT_A_TIME, 0);
		if (s->ready_count < 0)
			s->ready_count = 0;
	}
	if (s->ready_at == s->ready_count)
		return NULL;
	return &s->list[s->ready[s->ready_at].data.u32];
}

static int socket_receive(struct transport *t, struct message *m)
{
	struct socket_transport *s = transport_of(t);
	struct source_socket *source;

	while ((source = source_ready(s)) != NULL) {
		ssize_t n;

		/* First these: the reply's way is split with their help. */
		if (kernel_stamps_take(source->stamps, m))
			return 1;
		n = kernel_stamps_receive(source->stamps, s->incoming,
					  sizeof(s->incoming), m);
		if (n < 0) {
			s->refused += errno == ECONNREFUSED;
			s->ready_at++;
			continue;
		}
		m->kind = MESSAGE_UDP;
		m->from = source->to;
		m->to = source->from;
		m->payload = s->incoming;
		m->length = (size_t)n;
		return 1;
	}
	return 0;
}

static int socket_descriptor(struct transport *t)
{
	return transport_of(t)->epoll;
}

static size_t socket_counters(struct transport *t,
			      struct transport_counter *out, size_t room)
{
	struct socket_transport *s = transport_of(t);
	uint64_t drops = 0;

	if (room < 2)
		return 0;
	for (uint32_t i = 0; i < s->count; i++)
		drops += receive_room_drops(s->list[i].fd);
	out[0] = (struct transport_counter) { "sends_refused_nobody_listens",
					      s->refused };
	out[1] = (struct transport_counter) { COUNTER_DROPS, drops };
	return 2;
}

static void socket_close(struct transport *t)
{
	struct socket_transport *s = transport_of(t);

	for (uint32_t i = 0; i < s->count; i++) {
		close(s->list[i].fd);
		free(s->list[i].stamps);
	}
	if (s->epoll >= 0)
		close(s->epoll);
	free(s->list);
	free(s->next);
	free(s);
}

static const struct transport_ops socket_ops = {
	.prepare = socket_prepare,
	.open_source = socket_open_source,
	.send = socket_send,
	.receive = socket_receive,
	.descriptor = socket_descriptor,
	.counters = socket_counters,
	.close = socket_close,
};

/* One descriptor per flow: ask for as many as this user may have. */
static void descriptors_raise(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

struct transport *socket_open(bool kernel_stamps, char *error,
			      size_t error_size)
{
	struct socket_transport *s = calloc(1, sizeof(*s));

	if (!s) {
		snprintf(error, error_size, "out of memory for sockets");
		return NULL;
	}
	descriptors_raise();
	s->transport.ops = &socket_ops;
	s->kernel_stamps = kernel_stamps;
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->epoll < 0) {
		snprintf(error, error_size, "epoll: %s", strerror(errno));
		socket_close(&s->transport);
		return NULL;
	}
	return &s->transport;
}
