// SPDX-License-Identifier: GPL-2.0-or-later
/* IP addresses of both families: text, arithmetic, socket calls. */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

size_t address_size(const struct address *a)
{
	return a->family == 4 ? 4 : 16;
}

bool address_equal(const struct address *a, const struct address *b)
{
	return a->family == b->family &&
	       memcmp(a->bytes, b->bytes, address_size(a)) == 0;
}

bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && address_equal(&a->address, &b->address);
}

bool address_parse(const char *text, struct address *out)
{
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, text, out->bytes) == 1)
		out->family = 4;
	else if (inet_pton(AF_INET6, text, out->bytes) == 1)
		out->family = 6;
	return out->family != 0;
}

static bool port_parse(const char *text, uint16_t *port)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value == 0 || value > 65535)
		return false;
	*port = (uint16_t)value;
	return true;
}

bool endpoint_parse(const char *text, uint16_t port, struct endpoint *out)
{
	char copy[ADDRESS_TEXT];
	char *address = copy, *tail;

	if (snprintf(copy, sizeof(copy), "%s", text) >= (int)sizeof(copy))
		return false;
	out->port = port;
	if (address_parse(copy, &out->address))
		return true;
	tail = strrchr(copy, ':');
	if (!tail || !port_parse(tail + 1, &out->port))
		return false;
	*tail = '\0';
	if (*copy == '[') {
		if (tail == copy + 1 || tail[-1] != ']')
			return false;
		tail[-1] = '\0';
		address++;
	}
	/* "fd00::1:99" was taken as an address above; a port needs brackets. */
	return address_parse(address, &out->address) &&
	       (out->address.family == 4) == (*copy != '[');
}

bool mac_parse(const char *text, uint8_t out[6])
{
	unsigned int b[6];
	int used = 0;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", b, b + 1, b + 2, b + 3,
		   b + 4, b + 5, &used) != 6 || text[used])
		return false;
	for (int i = 0; i < 6; i++)
		out[i] = (uint8_t)b[i];
	return true;
}

struct address address_plus(const struct address *base, uint32_t n)
{
	struct address sum = *base;
	uint8_t *low = sum.bytes + address_size(base) - 4;

	put32(low, get32(low) + n);
	return sum;
}

int64_t address_distance(const struct address *base, const struct address *a)
{
	size_t high = address_size(base) - 4;

	if (base->family != a->family || memcmp(base->bytes, a->bytes, high))
		return -1;
	return (int64_t)get32(a->bytes + high) -
	       (int64_t)get32(base->bytes + high);
}

const char *address_format(const struct address *a, char text[ADDRESS_TEXT])
{
	if (!a->family ||
	    !inet_ntop(a->family == 4 ? AF_INET : AF_INET6, a->bytes, text,
		       ADDRESS_TEXT))
		snprintf(text, ADDRESS_TEXT, "none");
	return text;
}

const char *endpoint_format(const struct endpoint *e, char text[ADDRESS_TEXT])
{
	char address[ADDRESS_TEXT];

	address_format(&e->address, address);
	/* An IPv6 address takes 45 characters, so nothing is ever cut. */
	snprintf(text, ADDRESS_TEXT,
		 e->address.family == 6 ? "[%.45s]:%u" : "%.45s:%u", address,
		 (unsigned int)e->port);
	return text;
}

socklen_t endpoint_sockaddr(const struct endpoint *e,
			    struct sockaddr_storage *out)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
	struct sockaddr_in *four = (struct sockaddr_in *)out;

	memset(out, 0, sizeof(*out));
	if (e->address.family == 6) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(e->port);
		memcpy(&six->sin6_addr, e->address.bytes, 16);
		return sizeof(*six);
	}
	four->sin_family = AF_INET;
	four->sin_port = htons(e->port);
	memcpy(&four->sin_addr, e->address.bytes, 4);
	return sizeof(*four);
}
