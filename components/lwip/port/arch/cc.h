/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lwIP's view of the compiler and of the component it runs in. */
#ifndef PORT_ARCH_CC_H
#define PORT_ARCH_CC_H

#include <stdint.h>

#define LWIP_NO_CTYPE_H		1
#define LWIP_NO_INTTYPES_H	1
#define LWIP_NO_UNISTD_H	1
#define LWIP_NO_LIMITS_H	1
#define SSIZE_MAX		INT64_MAX

/* One instruction each, instead of a call. */
#define LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS
#define lwip_htons(x)		__builtin_bswap16(x)
#define lwip_htonl(x)		__builtin_bswap32(x)

/* Formats of messages that are compiled out. */
#define X8_F	"x"
#define U16_F	"u"
#define S16_F	"d"
#define X16_F	"x"
#define U32_F	"u"
#define S32_F	"d"
#define X32_F	"x"
#define SZT_F	"lu"

#define LWIP_PLATFORM_DIAG(x)	do { } while (0)
/* Does not return: the component faults and is started anew. */
#define LWIP_PLATFORM_ASSERT(x)	port_assert(x, __FILE__, __LINE__)
#define LWIP_RAND()		port_random()

_Noreturn void port_assert(const char *what, const char *file, int line);
uint32_t port_random(void);

#endif
