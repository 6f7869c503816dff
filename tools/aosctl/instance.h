/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /dev/hijack from outside: watching and stopping an instance.  Functions
 * that say so print what is wrong; the others return -errno.
 */
#ifndef AOSCTL_INSTANCE_H
#define AOSCTL_INSTANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "abi/counters.h"
#include "uapi/hijack.h"

#define INSTANCE_DEVICE "/dev/hijack"

/* Why opening the device failed, with the remedy. */
const char *instance_open_trouble(int err);

/* Opens the device, or -1 and says why not.  To look only: no rights but the file's. */
int instance_open(void);
int instance_open_to_look(void);

/* name: of the instance, "" for the only one. */
int instance_status(int fd, const char *name, struct hijack_status *status);
int instance_stop(int fd, const char *name);

/* After this the file's counters and log are those of the instance. */
int instance_attach(int fd, const char *name);

/* The counter pages and behind them the histograms, read-only, or NULL; hostile content. */
const volatile struct counters *instance_map_counters(int fd);
void instance_unmap_counters(const volatile struct counters *pages);

/*
 * Copies what the log holds and has not been read through this file.  Bytes
 * read, or -errno.
 */
long instance_copy_log(int fd, FILE *out);

/* Prints a piece of log, '?' for control characters and what is not ASCII. */
void instance_print_log(char *text, size_t size, FILE *out);

/* Did the loader say that all components stand? */
bool instance_booted(const volatile struct counters *pages);

#endif
