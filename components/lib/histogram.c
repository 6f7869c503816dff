// SPDX-License-Identifier: GPL-2.0-or-later
/* Beginning and going on with histograms: see histogram.h.  Makes no system call. */
#include "histogram.h"
#include "string.h"

static void begin(struct histogram *h, const struct histogram_label *label)
{
	*h = (struct histogram){ .revision = HISTOGRAM_REVISION, .since = label->now,
				 .khz = label->khz, .kind = (uint32_t)label->kind,
				 .min = UINT64_MAX };
	memcpy(h->name, label->name, strnlen(label->name, HISTOGRAM_NAME_LEN - 1));
	/* A reader that sees the magic also sees the rest. */
	__atomic_store_n(&h->magic, HISTOGRAM_MAGIC, __ATOMIC_RELEASE);
}

/* The last life ended between two of its words: the buckets are what counts. */
static void mend(struct histogram *h)
{
	uint64_t n = 0;

	if (!(h->epoch & 1))
		return;
	for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		n += h->bucket[i];
	h->n = n;
	histogram_turn(h);
}

struct histogram *histogram_claim(struct histogram *area, const struct histogram_label *label)
{
	for (struct histogram *h = area; h < area + HISTOGRAMS_MAX; h++) {
		if (h->magic != HISTOGRAM_MAGIC) {
			begin(h, label);
			return h;
		}
		if (strncmp(h->name, label->name, HISTOGRAM_NAME_LEN - 1) == 0) {
			mend(h);
			return h;
		}
	}
	return NULL;
}
