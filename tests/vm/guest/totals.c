// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * totals [NAME] - keep the counter pages of that AOS, or of the only one, mapped; at
 * SIGTERM print what they say, as `aosctl stats --raw` does.  They outlive the AOS.
 * Prints "holds" when it has them.
 */
#include <signal.h>
#include <sys/mman.h>

#include "abi/counters.h"
#include "instance.h"

static void print(const volatile struct counters *page)
{
	for (unsigned int i = 0; i < page->n && i < COUNTERS_MAX; i++)
		printf("%.*s.%.*s %llu\n", ABI_NAME_LEN, (const char *)page->component,
		       COUNTER_NAME_LEN, (const char *)page->counter[i].name,
		       (unsigned long long)page->counter[i].value);
}

/* The mapping alone is left. */
static const char *map(const char *name)
{
	int fd = device_open();
	struct hijack_name arg = { "" };
	const char *pages;

	strncpy(arg.name, name, sizeof(arg.name) - 1);
	if (ioctl(fd, HIJACK_ATTACH, &arg))
		return NULL;
	pages = mmap(NULL, (size_t)HIJACK_COUNTER_PAGES * ABI_PAGE_SIZE, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	return pages == MAP_FAILED ? NULL : pages;
}

int main(int argc, char **argv)
{
	const char *pages = map(argc > 1 ? argv[1] : "");
	sigset_t end;
	int signal;

	if (!pages) {
		perror("totals");
		return 1;
	}
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	puts("holds");
	fflush(stdout);
	sigwait(&end, &signal);
	for (unsigned int i = 0; i < HIJACK_COUNTER_PAGES; i++) {
		const volatile struct counters *page = (const volatile void *)(pages + i * ABI_PAGE_SIZE);

		if (page->magic == COUNTERS_MAGIC)
			print(page);
	}
	return 0;
}
