// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vectors_hog CPU SECONDS - a Linux process that keeps values in all vector
 * and x87 registers while others have its CPU.  Prints how often it looked,
 * and how often they had changed.
 */
#include <sys/syscall.h>
#include <time.h>

#include "instance.h"
#include "vectors.h"

#define SPINS 20000

int main(int argc, char **argv)
{
	static struct vectors in, out;
	unsigned long rounds = 0, lost = 0;
	time_t end;

	if (argc != 3 || pin((unsigned int)atoi(argv[1])))
		return 2;
	end = time(NULL) + atoi(argv[2]);
	while (time(NULL) < end) {
		vectors_pattern(&in, (unsigned int)(rounds + (unsigned int)getpid()));
		vectors_call(&in, &out, SPINS, rounds % 4 ? SYS_getpid : SYS_sched_yield, 0, 0, 0);
		lost += !vectors_same(&in, &out);
		rounds++;
	}
	printf("rounds %lu\nlost %lu\n", rounds, lost);
	return lost != 0;
}
