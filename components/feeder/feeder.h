/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FEEDER_FEEDER_H
#define FEEDER_FEEDER_H

/**
 * feeder_run() - sends all its datagrams through the data path, and tells in the log how long
 * they took.
 * The regions of the ring are this component's alone: no cosnet is at the other end.
 */
void feeder_run(void);

#endif
