// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which reply answers which datagram. Payloads carry no mark of ours, so a
 * reply is known by its flow (our source), its length and its content; among
 * equal ones the oldest is answered first.
 *
 * Every reply is exactly one of enum match_result. Every datagram sent ends as
 * exactly one of verified, late, lost, or abandoned when the run is cut short.
 */
#ifndef REPLAY_MATCH_H
#define REPLAY_MATCH_H

#include <stdbool.h>
#include <stdint.h>

enum match_result {
	MATCH_VERIFIED,		/* answers a datagram, byte for byte */
	MATCH_LATE,		/* the same, after the timeout */
	MATCH_DUPLICATE,	/* answers one that was answered before */
	MATCH_CORRUPT,		/* on a flow with open datagrams, like none */
	MATCH_UNEXPECTED,	/* nothing on that flow is open */
	MATCH_RESULTS
};

#define MATCH_LOSSES_KEPT 10

/* One datagram as sent. @payload must stay valid. */
struct match_datagram {
	uint64_t index;		/* the caller's number for it */
	uint64_t packet;	/* in the capture, from 1 */
	uint64_t due, stamp;	/* when it should have left, and did */
	uint64_t kernel;	/* when it left by the kernel; 0: not known */
	uint64_t gap;		/* since any datagram left before it, ns */
	uint32_t in_flight;	/* others that were open then */
	bool measured;		/* not of the warm-up */
	const uint8_t *payload;
	uint32_t length, hash, flow;
};

struct match_loss {
	struct match_datagram datagram;
	bool corrupt_seen;	/* an altered reply of its size came */
};

struct match_totals {
	uint64_t sent, results[MATCH_RESULTS], lost, abandoned, reordered;
	uint64_t ambiguous;	/* that could answer another, equal one as well */
	struct match_loss losses[MATCH_LOSSES_KEPT];
	uint64_t loss_count;	/* of losses[] */
};

struct match;

/* NULL if there is no memory. */
struct match *match_new(uint32_t flows, uint64_t timeout_ns);
void match_free(struct match *m);

/* Notes a datagram; call in order of sending. 0, or -1: no memory. */
int match_sent(struct match *m, const struct match_datagram *d);

/* The number that match_sent() gives the next datagram, for match_stamp(). */
uint64_t match_next(const struct match *m);

/* Notes when datagram number @sequence left, by the kernel. */
void match_stamp(struct match *m, uint64_t sequence, uint64_t kernel);

/*
 * Takes a reply that came at @now. On MATCH_VERIFIED and MATCH_LATE @which is
 * the datagram it answers. On MATCH_CORRUPT it is the oldest open one of that
 * flow and size if there is one soon to be found; else its payload is NULL.
 */
enum match_result match_reply(struct match *m, uint32_t flow,
			      const uint8_t *payload, uint32_t length,
			      uint64_t now, struct match_datagram *which);

/* Gives up datagrams that have waited longer than the timeout. */
void match_expire(struct match *m, uint64_t now);

/* The run is cut short: what still waits is neither answered nor lost. */
void match_abandon(struct match *m);

/* Gives up all that are open, and completes the totals. */
void match_finish(struct match *m);

/* Datagrams neither answered nor given up, and their bytes. */
uint64_t match_open(const struct match *m);
uint64_t match_open_bytes(const struct match *m);

const struct match_totals *match_totals(const struct match *m);

#endif
