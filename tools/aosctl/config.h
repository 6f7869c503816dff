/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * appliance.conf, parsed and validated.  Pure: reads a stream and the set of
 * online CPUs, touches nothing else, so unit tests and a fuzzer drive it.
 * Every value remembers its line, for checks that come later (check.c).
 */
#ifndef AOSCTL_CONFIG_H
#define AOSCTL_CONFIG_H

#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "abi/bootinfo.h"
#include "abi/ring.h"
#include "cosnet/uapi/cosnet.h"
#include "uapi/hijack.h"

#define CONFIG_VERSION		1
#define CONFIG_INTERFACES	BOOTINFO_CHANNELS
#define CONFIG_STEERING		16u
#define CONFIG_HOST_ADDRESSES	4u
#define CONFIG_SHARED		8u
#define CONFIG_MTU_MIN		576	/* IPv4; 1280 with an IPv6 address */
#define CONFIG_MTU_MIN_IPV6	1280
/* A reply is written in one buffer, its headers in the headroom. */
#define CONFIG_MTU_MAX		((int)(RING_BUF_SIZE - RING_TX_HEADROOM))

struct report;

struct config_path {
	int line;
	char path[PATH_MAX];	/* absolute, or relative to the caller's directory
				 * as appliance.conf itself was; "" if not given */
};

struct config_prefix {
	int line;
	uint8_t family;		/* 4 or 6 */
	uint8_t len;
	uint8_t addr[16];	/* network order; IPv4 uses the first four */
};

enum config_full { CONFIG_FULL_DROP, CONFIG_FULL_STOP };

/* What carries its packets: cosnet's rings, or a process beside a TUN device (proxy.h). */
enum config_io { CONFIG_IO_COSNET, CONFIG_IO_PROXY };

/* How what the AOS sends goes on: as all that Linux forwards, or past that (answers.h). */
enum config_answers { CONFIG_ANSWERS_LINUX, CONFIG_ANSWERS_DIRECT };

enum config_mode { CONFIG_MODE_ROUTE, CONFIG_MODE_REDIRECT, CONFIG_MODE_XDP };

/* A flow that goes to the AOS.  What is zero or "" does not matter to the rule. */
struct config_steering {
	int line;
	int mode;		/* enum config_mode */
	struct config_prefix prefix;	/* of the destination */
	int down;		/* enum cosnet_down: what when there is no AOS */
	/* Not with mode "route": */
	char from[ABI_NAME_LEN];	/* interface on which it comes in */
	int protocol;		/* IPPROTO_ */
	int first, last;	/* destination ports, with UDP and TCP only */
	int vlan;		/* 0: without tag */
	/* Only in a file of rules (config_parse_rules); else the group it is in. */
	char to[ABI_NAME_LEN];
};

struct config_rules {
	int line;
	unsigned int n;
	struct config_steering rule[CONFIG_STEERING];
};

struct config_interface {
	int line;
	char name[ABI_NAME_LEN];
	int io;			/* enum config_io */
	int mtu;
	int slots;		/* with io "proxy": TUNNEL_SLOTS */
	int full;		/* enum config_full: what when the AOS does not keep up */
	int answers;		/* enum config_answers */
	unsigned int naddresses, nhost, nsteering;
	struct config_prefix addresses[BOOTINFO_ADDRESSES];	/* the AOS's */
	struct config_prefix host[CONFIG_HOST_ADDRESSES];	/* Linux's own */
	struct config_steering steering[CONFIG_STEERING];
};

struct config_service {
	int line;
	char name[ABI_NAME_LEN];
	int port;
};

/* A file that components see, in a region of kind "host". */
struct config_shared {
	int line;
	char region[ABI_NAME_LEN];
	struct config_path file;
};

struct config_aos {
	int line;
	char name[HIJACK_NAME_LEN];
	int cpu;		/* resolved: never negative */
	int policy;		/* SCHED_FIFO, SCHED_RR or SCHED_OTHER */
	int priority;		/* 0 with SCHED_OTHER */
	int poll_us;
	int frames;
	unsigned int nshared;
	struct config_shared shared[CONFIG_SHARED];
};

struct config_host {
	int line;
	bool forwarding;
	char group[32];		/* that may look, and talk to components; "": see access.h */
};

struct config {
	int line;
	int version;
	struct config_path image, composition, modules;
	struct config_aos aos;
	struct config_host host;
	unsigned int ninterfaces, nservices;
	struct config_interface interfaces[CONFIG_INTERFACES];
	struct config_service services[BOOTINFO_SERVICES];
};

/*
 * Reads a configuration whose file is report->file.  All troubles go to
 * report; returns 0, or -1 if there was an error.
 */
int config_parse(struct config *config, FILE *in, const cpu_set_t *online,
		 struct report *report);

/*
 * The same for a file of rules alone, `rules = ( { to = "cos0"; ... } );`, which
 * are added to a running appliance.  What must hold between them and the rules
 * that are there is not looked at.
 */
int config_parse_rules(struct config_rules *rules, FILE *in, struct report *report);

/* "route", "udp", "drop", ...; of values that config_parse() accepted. */
const char *config_mode_word(int mode);
const char *config_protocol_word(int protocol);
const char *config_down_word(int down);

/* Their values, or -1. */
int config_mode_value(const char *word);
int config_protocol_value(const char *word);
int config_down_value(const char *word);

/* The configuration in canonical words: equal text, equal appliance. */
void config_print(const struct config *config, FILE *out);

/* Is it a name for an instance or an interface? */
bool config_name_valid(const char *name);

#endif
