// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * capture - packets at the rings' Linux side, as packet sockets see them: what Linux has
 * handed to the device, and what the device hands to Linux.
 *
 * A packet socket does not see frames of native XDP, which never are packets of Linux; nor
 * what came when its buffer was full.  Both are counted, and said at the end.
 *
 * Packets to the AOS are held back for a moment: the trace points tell which were
 * dropped, by whom and why. Of others it is said what their headers promise.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture.h"
#include "drops.h"
#include "ethtool.h"
#include "held.h"
#include "pcapng.h"
#include "process.h"
#include "reasons.h"
#include "running.h"
#include "world.h"

#define LONGEST		65536
#define ROOM		(16 << 20)	/* for packets that wait, bytes */
#define LOOK_AGAIN	1.0		/* seconds: is the AOS still up? */
#define SWEEP		50		/* milliseconds */
#define PATIENCE	0.5		/* seconds until who was to drop it has done so */

struct ear {
	const struct explain_link *link;
	unsigned int ifindex;
	int fd;
	uint64_t came, lost;
	uint64_t frames;	/* counters of the device when we began */
	uint64_t drops;
};

struct recording {
	const struct capture_options *options;
	struct explain_world world;
	struct state state;
	struct ear ear[CONFIG_INTERFACES];
	FILE *out;
	unsigned long taken;
	struct held_queue held;
	double looked;
};

static volatile sig_atomic_t stopped;

static void on_signal(int signal)
{
	(void)signal;
	stopped = 1;
}

/* ---- counters of the device ---- */

static void read_counters(const char *link, uint64_t *frames, uint64_t *drops)
{
	static struct ethtool_counters own;

	*frames = *drops = 0;
	if (ethtool_counters(link, &own))
		return;
	for (unsigned int i = 0; i < own.n; i++)
		if (!strcmp(own.name[i], "to_aos_frames"))
			*frames = own.value[i];
		else if (!strncmp(own.name[i], "drop_", 5))
			*drops += own.value[i];
}

/* ---- what is said of a packet ---- */

/* Who counts what is dropped there. */
static const char *owner_of(const struct held *held, const struct explain_link *link)
{
	if (held->place & DROP_AT_LWIP)
		return "lwip";
	if (held->place & DROP_AT_COMPONENTS && !held->process)
		return *link->component ? link->component : "vnic";
	return link->name;
}

static void say_dropped(const struct ear *ear, const struct held *held, char *text, size_t room)
{
	snprintf(text, room, "to the AOS: dropped (%s.%s): %s",
		 owner_of(held, ear->link), drop_counter_name(held->why),
		 reasons_explain(held->why));
}

static void say_expected(const struct recording *r, const struct ear *ear,
			 const struct pcapng_packet *packet, char *text, size_t room)
{
	struct explanation e;
	struct probe probe;

	probe_packet(&probe, packet->bytes, packet->size);
	explain_arrived(&r->world, ear->link, &probe, &e);
	if (e.reason)
		snprintf(text, room, "to the AOS: by its headers %s (%s.%s), but nobody told of it",
			 explain_fate_word(e.fate), e.owner, drop_counter_name(e.reason));
	else
		snprintf(text, room, "to the AOS: %s%s%s", explain_fate_word(e.fate),
			 e.service ? " by service " : "", e.service ? e.service->name : "");
}

static int write_held(struct recording *r, struct held *held)
{
	const struct ear *ear = &r->ear[held->packet.interface];
	char comment[256];

	if (!held->packet.out)
		snprintf(comment, sizeof(comment), "from the AOS");
	else if (held->why)
		say_dropped(ear, held, comment, sizeof(comment));
	else
		say_expected(r, ear, &held->packet, comment, sizeof(comment));
	held->packet.comment = comment;
	if (pcapng_write(r->out, &held->packet) || fflush(r->out))
		return say_error("%s: cannot be written: %s", r->options->file, strerror(errno));
	return 0;
}

/* Those that came before then. */
static int write_all(struct recording *r, double before)
{
	struct held *held;
	int err = 0;

	while (!err && (held = held_take(&r->held, before))) {
		err = write_held(r, held);
		free(held);
	}
	return err;
}

/* ---- taking one ---- */

static void take_time(struct msghdr *message, struct timespec *time)
{
	clock_gettime(CLOCK_REALTIME, time);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
			memcpy(time, CMSG_DATA(c), sizeof(*time));
}

/* 1: taken; 0: there is none; -1, and has said why */
static int take(struct recording *r, struct ear *ear)
{
	static uint8_t bytes[LONGEST];
	char control[128];
	struct sockaddr_ll from = { 0 };
	struct iovec part = { bytes, sizeof(bytes) };
	struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof(from),
				  .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(ear->fd, &message, MSG_DONTWAIT | MSG_TRUNC);
	struct pcapng_packet packet = { .interface = (uint32_t)(ear - r->ear), .bytes = bytes };

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0)
		return say_error("%s: %s", ear->link->name, strerror(errno));
	packet.out = from.sll_pkttype == PACKET_OUTGOING;
	packet.length = (uint32_t)n;
	packet.size = n > LONGEST ? LONGEST : (uint32_t)n;
	take_time(&message, &packet.time);
	ear->came++;
	r->taken++;
	if (!held_add(&r->held, &packet, ear->ifindex, process_clock()))
		return say_error("no memory for packets");
	return 1;
}

static bool is_done(const struct recording *r)
{
	return stopped || (r->options->count && r->taken >= r->options->count);
}

static void on_drop(void *arg, const struct dropped *drop)
{
	held_dropped(arg, drop);
}

/* A drop is told of after its packet has come: what was told before we took is about those. */
static int take_all(struct recording *r)
{
	int n = 0;

	drops_mark();
	for (unsigned int i = 0; i < r->world.nlinks && n >= 0; i++)
		while (!is_done(r) && (n = take(r, &r->ear[i])) > 0)
			;
	drops_sweep(on_drop, &r->held);
	return n < 0 ? -1 : 0;
}

static int listen_on(struct recording *r)
{
	struct pollfd files[CONFIG_INTERFACES];
	int err = 0;

	for (unsigned int i = 0; i < r->world.nlinks; i++)
		files[i] = (struct pollfd){ r->ear[i].fd, POLLIN, 0 };
	while (!err && !is_done(r)) {
		double now = process_clock();

		poll(files, r->world.nlinks, SWEEP);
		if (now - r->looked > LOOK_AGAIN) {
			world_collect(&r->world, &r->state);
			r->looked = now;
		}
		err = take_all(r);
		if (!err)
			err = write_all(r, now - PATIENCE);
	}
	return err;
}

/* What is held back still: its drops may be on their way. */
static int settle(struct recording *r)
{
	double end = process_clock() + PATIENCE;

	while (r->held.first && process_clock() < end) {
		process_pause();
		drops_mark();
		drops_sweep(on_drop, &r->held);
	}
	return write_all(r, end);
}

/* ---- sockets ---- */

static int compile(const struct capture_options *options, struct bpf_program *filter)
{
	pcap_t *dead = pcap_open_dead(DLT_RAW, LONGEST);
	char text[4096] = "";
	int err = 0;

	for (int i = 0; i < options->nwords; i++)
		if (strlen(text) + strlen(options->words[i]) + 2 < sizeof(text))
			strcat(strcat(text, i ? " " : ""), options->words[i]);
	if (!dead || pcap_compile(dead, filter, text, 1, PCAP_NETMASK_UNKNOWN))
		err = say_error("filter \"%s\": %s: see pcap-filter(7)", text,
				dead ? pcap_geterr(dead) : "no memory");
	if (dead)
		pcap_close(dead);
	return err;
}

/* The filter runs in the kernel: what it refuses takes no room. */
static int open_ear(struct ear *ear, const struct bpf_program *filter)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET,
				       .sll_protocol = htons(ETH_P_ALL),
				       .sll_ifindex = (int)if_nametoindex(ear->link->name) };
	int room = ROOM, on = 1;

	ear->ifindex = (unsigned int)address.sll_ifindex;

	/* Bound last: until then nothing comes that has not passed the filter. */
	ear->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (ear->fd < 0)
		return say_error("packet socket: %s: run with sudo", strerror(errno));
	if (setsockopt(ear->fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    setsockopt(ear->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) ||
	    setsockopt(ear->fd, SOL_SOCKET, SO_ATTACH_FILTER, filter, sizeof(*filter)) ||
	    bind(ear->fd, (struct sockaddr *)&address, sizeof(address)))
		return say_error("%s: %s", ear->link->name, strerror(errno));
	read_counters(ear->link->name, &ear->frames, &ear->drops);
	return 0;
}

static int open_ears(struct recording *r, const struct bpf_program *filter)
{
	for (unsigned int i = 0; i < r->world.nlinks; i++) {
		r->ear[i].link = &r->world.link[i];
		if (open_ear(&r->ear[i], filter) ||
		    pcapng_interface(r->out, r->ear[i].link->name))
			return -1;
	}
	return r->world.nlinks ? 0 : say_error("%s has no interfaces", r->state.name);
}

/* ---- its end ---- */

static int close_ear(struct recording *r, struct ear *ear)
{
	struct tpacket_stats stats = { 0 };
	socklen_t size = sizeof(stats);
	uint64_t frames, drops;
	char comment[256];

	getsockopt(ear->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size);
	close(ear->fd);
	ear->lost = stats.tp_drops;
	read_counters(ear->link->name, &frames, &drops);
	snprintf(comment, sizeof(comment), "%llu recorded, %llu lost since they came too fast, "
		 "%llu not seen since they came by native XDP, %llu dropped by the device meanwhile "
		 "(aosctl stats --explain)", (unsigned long long)ear->came,
		 (unsigned long long)ear->lost,
		 (unsigned long long)(frames > ear->frames ? frames - ear->frames : 0),
		 (unsigned long long)(drops > ear->drops ? drops - ear->drops : 0));
	fprintf(stderr, "%s: %s\n", ear->link->name, comment);
	return pcapng_statistics(r->out, (uint32_t)(ear - r->ear), stats.tp_packets, ear->lost,
				 comment);
}

static int record(struct recording *r)
{
	struct bpf_program filter;
	int err;

	if (compile(r->options, &filter))
		return -1;
	err = pcapng_begin(r->out, "aosctl capture");
	if (!err)
		err = drops_open(r->state.name);
	if (!err)
		err = open_ears(r, &filter);
	pcap_freecode(&filter);
	if (!err) {
		fprintf(stderr, "recording\n");
		err = listen_on(r);
	}
	if (!err)
		err = settle(r);
	if (drops_lost())
		say_warning("%llu drops were told of too fast: some packets lack theirs",
			    (unsigned long long)drops_lost());
	if (r->held.strange)
		fprintf(stderr, "%lu drops of packets that are not recorded\n", r->held.strange);
	drops_close();
	for (unsigned int i = 0; i < r->world.nlinks; i++)
		if (r->ear[i].fd > 0)
			err |= close_ear(r, &r->ear[i]);
	return err;
}

int capture(const struct capture_options *options)
{
	const struct sigaction action = { .sa_handler = on_signal };
	static struct recording r;
	int err = running_load(&r.state, options->name);

	if (err)
		return err;
	r.options = options;
	held_init(&r.held);
	world_collect(&r.world, &r.state);
	r.out = strcmp(options->file, "-") ? fopen(options->file, "we") : stdout;
	if (!r.out)
		return say_error("%s: %s", options->file, strerror(errno));
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	err = record(&r);
	if (fclose(r.out) && !err)
		err = say_error("%s: cannot be written: %s", options->file, strerror(errno));
	return err;
}
