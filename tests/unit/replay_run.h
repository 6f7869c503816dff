// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole runs for tests: a command line, a small capture for every one that it
 * names (60 datagrams in 118 ms: both families, all sizes, many alike), and
 * all that comes of it.
 */
#ifndef REPLAY_RUN_H
#define REPLAY_RUN_H

#include <signal.h>

#include "replay_peer.h"
#include "report.h"

struct run {
	struct options options;
	struct job job;
	struct results results;
	bool passed;
	char report[65536], json[65536];
	char *csv;		/* NULL unless --csv or --plot is given */
	size_t csv_size;
	char plot[512];		/* what drawing complained about */
};

struct run *run_new(void);

/* @stop ends it, NULL: nothing does. */
void run_go(struct run *r, const char *line,
	    const volatile sig_atomic_t *stop);
void run_end(struct run *r);

/* One run over the wire to a peer with these faults. */
struct run *wire_run(struct replay_peer peer, const char *more);

#endif
