// SPDX-License-Identifier: GPL-2.0-or-later
/* IP addresses of both families, and an address with a port. */
#ifndef REPLAY_ADDRESS_H
#define REPLAY_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define ADDRESS_TEXT 64

struct address {
	uint8_t family;		/* 4, 6, or 0: none given */
	uint8_t bytes[16];	/* the first four for IPv4, the rest zero */
};

struct endpoint {
	struct address address;
	uint16_t port;
};

/* 4 or 16. */
size_t address_size(const struct address *a);

bool address_equal(const struct address *a, const struct address *b);
bool endpoint_equal(const struct endpoint *a, const struct endpoint *b);

/* "10.0.2.2" or "fd00::2"; false if the text is neither. */
bool address_parse(const char *text, struct address *out);

/* "A", "A:PORT", "V6" or "[V6]:PORT"; without a port, out->port is @port. */
bool endpoint_parse(const char *text, uint16_t port, struct endpoint *out);

/* Six colon-separated bytes. */
bool mac_parse(const char *text, uint8_t out[6]);

/* The address @n further on, counted in the last 32 bits. */
struct address address_plus(const struct address *base, uint32_t n);

/* How far @a lies behind @base, or -1 if it is no address_plus() of it. */
int64_t address_distance(const struct address *base, const struct address *a);

/* Both write at most ADDRESS_TEXT bytes and return @text. */
const char *address_format(const struct address *a, char text[ADDRESS_TEXT]);
const char *endpoint_format(const struct endpoint *e, char text[ADDRESS_TEXT]);

/* For the socket calls; returns the length used. */
socklen_t endpoint_sockaddr(const struct endpoint *e,
			    struct sockaddr_storage *out);

#endif
