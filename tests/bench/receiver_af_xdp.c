// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * AF_XDP: the program xsk.bpf.o (beside this one) on the card, native if its driver can,
 * and a socket on queue 0.  Frames come through a ring in memory that is shared with Linux.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "datagram.h"
#include "receiver.h"

#define FRAME	2048u
#define FRAMES	512u	/* a power of two: all of them fit into the fill ring */
#define UDP_LENGTH	38	/* where it is: behind Ethernet, IPv4 without options, two ports */
#define UDP_HEADER	8
#define ETHERNET_HEADER	14

/* Linux's and our index, and descriptors, of one ring. */
struct xsk_ring {
	uint32_t *producer, *consumer;
	void *entries;
};

static int fd;
static char *frames;
static struct xsk_ring fill, rx, tx, completion;

static int ring_map(struct xsk_ring *ring, const struct xdp_ring_offset *at, size_t entry,
		    off_t which)
{
	char *memory = mmap(NULL, at->desc + FRAMES * entry, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_POPULATE, fd, which);

	if (memory == MAP_FAILED)
		return -1;
	ring->producer = (uint32_t *)(memory + at->producer);
	ring->consumer = (uint32_t *)(memory + at->consumer);
	ring->entries = memory + at->desc;
	return 0;
}

static int option(int name, const void *value, socklen_t size)
{
	return setsockopt(fd, SOL_XDP, name, value, size);
}

static int rings_make(void)
{
	struct xdp_mmap_offsets at;
	socklen_t size = sizeof(at);
	uint32_t count = FRAMES;
	struct xdp_umem_reg memory = { .len = FRAME * FRAMES, .chunk_size = FRAME };

	frames = mmap(NULL, memory.len, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (frames == MAP_FAILED)
		return -1;
	memory.addr = (uintptr_t)frames;
	if (option(XDP_UMEM_REG, &memory, sizeof(memory)) ||
	    option(XDP_UMEM_FILL_RING, &count, sizeof(count)) ||
	    option(XDP_UMEM_COMPLETION_RING, &count, sizeof(count)) ||
	    option(XDP_RX_RING, &count, sizeof(count)) ||
	    option(XDP_TX_RING, &count, sizeof(count)) ||
	    getsockopt(fd, SOL_XDP, XDP_MMAP_OFFSETS, &at, &size))
		return -1;
	if (ring_map(&fill, &at.fr, sizeof(uint64_t), XDP_UMEM_PGOFF_FILL_RING) ||
	    ring_map(&completion, &at.cr, sizeof(uint64_t), XDP_UMEM_PGOFF_COMPLETION_RING) ||
	    ring_map(&tx, &at.tx, sizeof(struct xdp_desc), XDP_PGOFF_TX_RING))
		return -1;
	return ring_map(&rx, &at.rx, sizeof(struct xdp_desc), XDP_PGOFF_RX_RING);
}

/* The frame is Linux's again. */
static void frame_return(uint64_t address)
{
	uint32_t at = *fill.producer;

	((uint64_t *)fill.entries)[at % FRAMES] = address;
	__atomic_store_n(fill.producer, at + 1, __ATOMIC_RELEASE);
}

static int program_attach(int ifindex)
{
	struct bpf_object *object = bpf_object__open_file("/add/bin/xsk.bpf.o", NULL);
	struct bpf_program *program;
	int sockets, key = 0;

	if (!object || bpf_object__load(object))
		return -1;
	program = bpf_object__find_program_by_name(object, "to_socket");
	sockets = bpf_object__find_map_fd_by_name(object, "sockets");
	if (!program || bpf_map_update_elem(sockets, &key, &fd, BPF_ANY))
		return -1;
	return bpf_xdp_attach(ifindex, bpf_program__fd(program), 0, NULL);
}

/* The program stays when this one ends: who started it takes it away. */
static int af_xdp_open(const char *device)
{
	struct sockaddr_xdp address = { .sxdp_family = AF_XDP,
					.sxdp_ifindex = if_nametoindex(device) };

	fd = socket(AF_XDP, SOCK_RAW, 0);
	if (!address.sxdp_ifindex || fd < 0 || rings_make())
		return -1;
	for (uint64_t i = 0; i < FRAMES; i++)
		frame_return(i * FRAME);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return -1;
	return program_attach((int)address.sxdp_ifindex);
}

/* The shortest frames are filled up: only UDP's own length tells. */
static int payload_size(const struct xdp_desc *frame)
{
	uint16_t length;

	memcpy(&length, frames + frame->addr + UDP_LENGTH, sizeof(length));
	return ntohs(length) - UDP_HEADER;
}

static int frame_take(struct xdp_desc *frame)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint32_t at = *rx.consumer;

	while (at == __atomic_load_n(rx.producer, __ATOMIC_ACQUIRE))
		if (poll(&p, 1, -1) < 0)
			return -1;
	*frame = ((struct xdp_desc *)rx.entries)[at % FRAMES];
	__atomic_store_n(rx.consumer, at + 1, __ATOMIC_RELEASE);
	return 0;
}

static int af_xdp_receive(void)
{
	struct xdp_desc frame;
	int size;

	if (frame_take(&frame))
		return -1;
	size = payload_size(&frame);
	frame_return(frame.addr & ~(uint64_t)(FRAME - 1));
	return size;
}

/* Frames that are sent are Linux's again. */
static void sent_return(void)
{
	uint32_t at = *completion.consumer;

	while (at != __atomic_load_n(completion.producer, __ATOMIC_ACQUIRE)) {
		uint64_t address = ((uint64_t *)completion.entries)[at++ % FRAMES];

		frame_return(address & ~(uint64_t)(FRAME - 1));
		__atomic_store_n(completion.consumer, at, __ATOMIC_RELEASE);
	}
}

/* There are no more frames than the ring has places. Linux sends what it finds, when called. */
int receiver_af_xdp_echo(void)
{
	uint32_t at = *tx.producer;
	struct xdp_desc frame;
	unsigned char *ethernet;

	if (frame_take(&frame))
		return -1;
	ethernet = (unsigned char *)frames + frame.addr;
	bytes_swap(ethernet, ethernet + 6, 6);
	datagram_turn(ethernet + ETHERNET_HEADER);
	((struct xdp_desc *)tx.entries)[at % FRAMES] = frame;
	__atomic_store_n(tx.producer, at + 1, __ATOMIC_RELEASE);
	if (sendto(fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 && errno != EAGAIN && errno != EBUSY &&
	    errno != ENOBUFS)
		return -1;
	sent_return();
	return 0;
}

const struct receiver receiver_af_xdp = { "af_xdp", af_xdp_open, af_xdp_receive };
