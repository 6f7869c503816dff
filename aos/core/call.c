// SPDX-License-Identifier: GPL-2.0-or-later
/* What several system calls decode. */
#include "aos/call.h"
#include "x86_64/nospec.h"

int call_decode_frame(struct call *c, uint64_t slot, uint64_t i, uint32_t *frame)
{
	struct aos_cap *cap = cap_lookup(c->comp, slot, CAP_FRAMES);

	if (!cap)
		return -AOS_ENOENT;
	if (i >= cap->entry)
		return -AOS_EINVAL;
	*frame = cap->id + (uint32_t)nospec_index(i, cap->entry);
	return 0;
}

struct aos_thread *call_thread(struct aos *aos, const struct aos_cap *cap)
{
	struct aos_thread *t = &aos->threads[cap->id];

	if (t->generation != cap->entry)
		return NULL;
	return t->state == THREAD_FREE || t->state == THREAD_EXITED ? NULL : t;
}
