// SPDX-License-Identifier: GPL-2.0-or-later
/* What one run over a file needs besides its result: capture_file.c, capture.c. */
#ifndef REPLAY_CAPTURE_READER_H
#define REPLAY_CAPTURE_READER_H

#include <pcap/pcap.h>

#include "capture.h"
#include "reassembly.h"

struct capture_reader {
	struct capture *c;
	const struct capture_limits *limits;
	struct reassembly *reassembly;
	int link;
	bool out_of_memory;
};

/* Takes one packet, number @packet of the file. */
void capture_packet(struct capture_reader *r, const struct pcap_pkthdr *header,
		    const uint8_t *data, uint64_t packet);

#endif
