/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the host tells the AOS about this start: written once by aosctl from
 * appliance.conf, checked and completed by hijack, mapped read-only at
 * BOOTINFO_VADDR in every component.  No address, size or port is compiled
 * into a component; it is here.
 */
#ifndef ABI_BOOTINFO_H
#define ABI_BOOTINFO_H

#include "types.h"

#define BOOTINFO_MAGIC		0x4f464e49u	/* "INFO" */
#define BOOTINFO_REVISION	2u
#define BOOTINFO_VADDR		0x100000000000ull

#define BOOTINFO_CHANNELS	8u	/* of both kinds together */
#define BOOTINFO_ADDRESSES	16u
#define BOOTINFO_SERVICES	16u

/*
 * A channel.  Its name and kind, and a translator's sizes, come from the image
 * by aosctl; what a cosnet interface is like hijack fills in.
 */
struct bootinfo_channel {
	char name[ABI_NAME_LEN];	/* of packets: the interface, e.g. "cos0" */
	uint32_t kind;			/* enum image_channel_kind (abi/image.h) */
	uint32_t slots;			/* of packets: power of two; see abi/tunnel.h, too */
	uint32_t mtu;
	uint32_t to_aos;		/* of a translator: bytes of its rings */
	uint32_t from_aos;
	uint32_t pad;
};
ABI_SIZE(struct bootinfo_channel, 40);

/* An address the AOS answers on.  Filled by aosctl. */
struct bootinfo_address {
	uint8_t family;			/* 4 or 6 */
	uint8_t prefix_len;
	uint8_t pad[2];
	uint32_t channel;		/* index into channel[] */
	uint8_t addr[16];		/* network order; IPv4 uses the first four */
};
ABI_SIZE(struct bootinfo_address, 24);

/* A service of udpapp and its UDP port.  Filled by aosctl. */
struct bootinfo_service {
	char name[ABI_NAME_LEN];	/* e.g. "echo", "kv" */
	uint16_t port;			/* host order */
	uint16_t pad[3];
};
ABI_SIZE(struct bootinfo_service, 24);

struct bootinfo {
	uint32_t magic;
	uint32_t revision;
	uint32_t nchannels;
	uint32_t naddresses;
	uint32_t nservices;
	uint32_t frames;		/* frames given to the AOS; by hijack */
	uint64_t tsc_khz;		/* by hijack */
	uint64_t image_vaddr;		/* boot image, mapped in the loader; by the AOS */
	uint64_t image_size;		/* bytes; by hijack */
	uint64_t random;		/* per-start random number; by hijack */
	struct bootinfo_channel channel[BOOTINFO_CHANNELS];
	struct bootinfo_address address[BOOTINFO_ADDRESSES];
	struct bootinfo_service service[BOOTINFO_SERVICES];
};
ABI_SIZE(struct bootinfo, 56 + 40 * 8 + 24 * (16 + 16));

#endif
