// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * histograms LOOKS	copy every histogram of the only AOS so often while it works, and
 *			compare each copy with itself and with the one before
 *
 * Prints how often a copy was begun anew; fails with what is wrong.
 */
#include <sys/mman.h>
#include <time.h>

#include "abi/histogram.h"
#include "instance.h"

#define PATIENCE	1000u	/* times a millisecond: a writer may have lost its CPU */

static struct histogram before[HIJACK_COUNTER_PAGES * HISTOGRAMS_MAX];
static unsigned long again;

static void wrong(const struct histogram *h, const char *what)
{
	printf("%.32s: %s\n", h->name, what);
	exit(1);
}

static void copy(struct histogram *to, const volatile struct histogram *from)
{
	for (unsigned int i = 0; i < PATIENCE; i++) {
		if (histogram_read(to, from, 1))
			return;
		again++;
		if (i > 10)
			nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	}
	wrong(to, "never at rest");
}

static void compare(const struct histogram *h, const struct histogram *old)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < HISTOGRAM_BUCKETS; i++) {
		n += h->bucket[i];
		if (h->bucket[i] < old->bucket[i])
			wrong(h, "a bucket went down");
	}
	if (n != h->n)
		wrong(h, "torn");
	if (n && (histogram_bucket(h->min) > histogram_bucket(h->max) || h->sum < h->max))
		wrong(h, "its ends are wrong");
}

static void look(const volatile struct histogram *all)
{
	struct histogram one;

	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		if (all[i].magic != HISTOGRAM_MAGIC)
			continue;
		copy(&one, &all[i]);
		compare(&one, &before[i]);
		before[i] = one;
	}
}

int main(int argc, char **argv)
{
	size_t bytes = (size_t)HIJACK_SHOWN_PAGES * ABI_PAGE_SIZE;
	struct hijack_name name = { "" };
	int fd = device_open(), looks = argc > 1 ? atoi(argv[1]) : 1;
	uint64_t n = 0;
	char *pages;

	if (ioctl(fd, HIJACK_ATTACH, &name)) {
		perror("attach");
		return 1;
	}
	pages = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
	if (pages == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	for (int i = 0; i < looks; i++)
		look((const volatile void *)(pages + histogram_frame(0) * ABI_PAGE_SIZE));
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		n += before[i].n;
	printf("%d looks, %lu begun anew, %llu entries\n", looks, again, (unsigned long long)n);
	return !n;
}
