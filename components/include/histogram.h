/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The writer's end of a histogram (abi/histogram.h).  One thread at a time writes
 * one: a component that several threads visit at once needs one for each.
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include "abi/histogram.h"

/* What a histogram is of, and when and by which clock it begins. */
struct histogram_label {
	const char *name;
	enum histogram_kind kind;
	uint64_t now;		/* TSC */
	uint64_t khz;
};

/**
 * histogram_claim() - the histogram of that name, new or not
 * @area: HISTOGRAMS_MAX histograms, zero where none has begun
 * Return: NULL: they all have other names.  One that a former life left in the middle
 * of a change is whole again.
 */
struct histogram *histogram_claim(struct histogram *area, const struct histogram_label *label);

/* One instruction; and what is written around it stays on its side. */
static inline void histogram_turn(struct histogram *h)
{
	__asm__ volatile("addl $1, %0" : "+m"(h->epoch) : : "cc", "memory");
}

/**
 * histogram_record() - count a duration; waits for nobody
 * @from, @to: TSC; clocks of two CPUs may differ: not before @from is at once
 */
static inline void histogram_record(struct histogram *h, uint64_t from, uint64_t to)
{
	uint64_t ticks = to > from ? to - from : 0;

	histogram_turn(h);
	h->bucket[histogram_bucket(ticks)]++;
	h->n++;
	h->sum += ticks;
	if (ticks < h->min)
		h->min = ticks;
	if (ticks > h->max)
		h->max = ticks;
	histogram_turn(h);
}

#endif
