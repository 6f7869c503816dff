/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_LINKS_H
#define AOSCTL_LINKS_H

#include <linux/if_ether.h>
#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "state.h"

/*
 * Creates all cosnet interfaces of the configuration and brings them up, each
 * recorded first.  0, or -1 and says why.
 */
int links_create(struct state *state, const struct config *config);

/* Addresses and MTU of an interface that is there, and up with it.  0, or -1 and says why. */
int links_configure(const struct config_interface *interface);

/* -1, and says so, if there is an interface of that name already; else 0. */
int links_refuse_existing(const struct config_interface *interface);

/*
 * A cosnet interface: without AOS it is dormant but keeps its carrier, or loses that.
 * 0 or -1.
 */
int links_keep_carrier(const char *name, bool keep);

/* Deletes one, if it is there.  0 or -1. */
int links_delete(const char *name);

bool links_exist(const char *name);

/* The address of an Ethernet interface; false: it is none, or not there. */
bool links_address(const char *name, uint8_t address[ETH_ALEN]);

#endif
