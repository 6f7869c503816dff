// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of printf() that log lines need.  Pure: no system call, no state.
 * An unknown conversion is copied as it stands, so a mistake can be seen.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aos.h"

#define DIGITS_MAX 20u		/* of 2^64 - 1 in decimal */

struct out {
	char *buf;
	size_t size, len;
};

/* One conversion: %[0][width][l|ll|z]letter */
struct spec {
	bool zeros, wide;
	unsigned int width;
	char letter;
};

static void put(struct out *o, char c)
{
	if (o->len + 1 < o->size)
		o->buf[o->len++] = c;
}

static void pad(struct out *o, char c, unsigned int width, size_t used)
{
	for (size_t i = used; i < width; i++)
		put(o, c);
}

static void put_string(struct out *o, const char *s, unsigned int width)
{
	if (!s)
		s = "(null)";
	pad(o, ' ', width, strnlen(s, width));
	while (*s)
		put(o, *s++);
}

static void put_number(struct out *o, const struct spec *spec, uint64_t n, unsigned int base,
		       bool negative)
{
	char digits[DIGITS_MAX];
	unsigned int i = 0;

	do {
		digits[i++] = "0123456789abcdef"[n % base];
		n /= base;
	} while (n);
	if (negative && spec->zeros)
		put(o, '-');
	pad(o, spec->zeros ? '0' : ' ', spec->width, i + negative);
	if (negative && !spec->zeros)
		put(o, '-');
	while (i)
		put(o, digits[--i]);
}

static void put_signed(struct out *o, const struct spec *spec, int64_t n)
{
	put_number(o, spec, n < 0 ? -(uint64_t)n : (uint64_t)n, 10, n < 0);
}

static const char *parse(const char *p, struct spec *spec)
{
	*spec = (struct spec){ .zeros = *p == '0' };
	for (; *p >= '0' && *p <= '9'; p++)
		spec->width = (spec->width * 10 + (unsigned int)(*p - '0')) % AOS_LOG_MAX;
	for (; *p == 'l' || *p == 'z'; p++)
		spec->wide = true;
	spec->letter = *p;
	return *p ? p + 1 : p;
}

/* false: no conversion of ours, nothing taken from the arguments. */
static bool convert(struct out *o, const struct spec *spec, va_list *ap)
{
	switch (spec->letter) {
	case 's':
		put_string(o, va_arg(*ap, const char *), spec->width);
		return true;
	case 'c':
		put(o, (char)va_arg(*ap, int));
		return true;
	case 'd':
	case 'i':
		put_signed(o, spec, spec->wide ? va_arg(*ap, int64_t) : va_arg(*ap, int));
		return true;
	case 'u':
	case 'x':
		put_number(o, spec, spec->wide ? va_arg(*ap, uint64_t) : va_arg(*ap, unsigned int),
			   spec->letter == 'u' ? 10 : 16, false);
		return true;
	case 'p':
		put(o, '0');
		put(o, 'x');
		put_number(o, spec, (uint64_t)(uintptr_t)va_arg(*ap, void *), 16, false);
		return true;
	case '%':
		put(o, '%');
		return true;
	default:
		return false;
	}
}

size_t aos_vformat(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out o = { buf, size, 0 };
	va_list ap;

	va_copy(ap, args);
	while (*fmt) {
		const char *start = fmt++;
		struct spec spec;

		if (*start != '%') {
			put(&o, *start);
			continue;
		}
		fmt = parse(fmt, &spec);
		if (!convert(&o, &spec, &ap))
			while (start < fmt)
				put(&o, *start++);
	}
	va_end(ap);
	if (size)
		buf[o.len] = '\0';
	return o.len;
}

size_t aos_format(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	size_t len;

	va_start(ap, fmt);
	len = aos_vformat(buf, size, fmt, ap);
	va_end(ap);
	return len;
}
