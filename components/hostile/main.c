// SPDX-License-Identifier: GPL-2.0-or-later
/* The hostile component: one function, many attacks. */
#include "attacks.h"

int64_t attack_dispatch(uint64_t n, uint64_t x)
{
#define HOSTILE_FUNCTION(name, end) [HOSTILE_##name] = attack_##name,
	static int64_t (*const attacks[])(uint64_t x) = { HOSTILE_ATTACKS(HOSTILE_FUNCTION) };
#undef HOSTILE_FUNCTION

	return n < HOSTILE_COUNT ? attacks[n](x) : -AOS_EINVAL;
}
AOS_EXPORT(hostile_attack);
