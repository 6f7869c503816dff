// SPDX-License-Identifier: GPL-2.0-or-later
/* 64-bit x86 instructions, as far as the expensive ones go. */
#include "decode.h"

#include <stdbool.h>

struct prefixes {
	bool lock, repeat;
};

/* Steps over legacy prefixes and REX. */
static size_t prefixes_skip(const uint8_t *code, size_t size, struct prefixes *p)
{
	size_t at = 0;

	for (; at < size; at++) {
		switch (code[at]) {
		case 0xf0:
			p->lock = true;
			break;
		case 0xf2: case 0xf3:
			p->repeat = true;
			break;
		case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65:
		case 0x66: case 0x67:
			break;
		default:
			return at + (code[at] >> 4 == 4);
		}
	}
	return at;
}

static unsigned int field(uint8_t modrm)
{
	return modrm >> 3 & 7;
}

static bool in_memory(uint8_t modrm)
{
	return modrm >> 6 != 3;
}

/* 0F 01: system instructions, told apart by what follows. */
static enum event group_01(uint8_t modrm)
{
	if (modrm == 0xf8)
		return EVENT_SWAPGS;
	if (modrm == 0xf9)
		return EVENT_READING;
	return field(modrm) == 7 && in_memory(modrm) ? EVENT_INVLPG : EVENT_NONE;
}

/* @code begins behind 0F. */
static enum event two_bytes(const uint8_t *code, size_t size)
{
	uint8_t next = size > 1 ? code[1] : 0;

	switch (code[0]) {
	case 0x00:
		return field(next) == 5 ? EVENT_BARRIER : EVENT_NONE;
	case 0x01:
		return group_01(next);
	case 0x05: case 0x34:
		return EVENT_SYSCALL;
	case 0x07: case 0x35:
		return EVENT_RETURN;
	case 0x22:
		return field(next) == 3 ? EVENT_CR3 : EVENT_NONE;
	case 0x30:
		return EVENT_WRMSR;
	case 0x31:
		return EVENT_READING;
	case 0x38:
		return next == 0x82 ? EVENT_INVLPG : EVENT_NONE;
	case 0xa2:
		return EVENT_BARRIER;
	case 0xae:
		return !in_memory(next) && (field(next) == 5 || field(next) == 6) ?
			EVENT_BARRIER : EVENT_NONE;
	}
	return EVENT_NONE;
}

enum event event_of(const uint8_t *code, size_t size)
{
	struct prefixes p = { false, false };
	size_t at = prefixes_skip(code, size, &p);

	if (p.lock)
		return EVENT_LOCKED;
	if (at >= size)
		return EVENT_NONE;
	switch (code[at]) {
	case 0x0f:
		return at + 1 < size ? two_bytes(code + at + 1, size - at - 1) : EVENT_NONE;
	case 0x86: case 0x87:
		return at + 1 < size && in_memory(code[at + 1]) ? EVENT_LOCKED : EVENT_NONE;
	case 0xa4: case 0xa5:
		return p.repeat ? EVENT_COPY : EVENT_NONE;
	case 0xcc: case 0xcd:
		return EVENT_SYSCALL;
	case 0xcf:
		return EVENT_RETURN;
	}
	return EVENT_NONE;
}
