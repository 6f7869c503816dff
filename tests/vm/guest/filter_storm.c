// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filter_storm SECONDS PROCESSES - so many processes under filters, and as many
 * under none, all on the move between CPUs, forking, making threads, executing,
 * and killed at random.  Each looks at every step whether what it is under is
 * what it should be.  Prints what was wrong, and "steps N deaths N".
 *
 * filter_storm under|beside ROUNDS: one of them, after its exec.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <time.h>

#include "filter.h"

#define ROUNDS	30	/* of one program, before it executes itself again */

static struct shared {
	uint64_t steps, deaths, wrong;
} *shared;

static unsigned int seed;

static void wrong(const char *what)
{
	char line[100];
	int n = snprintf(line, sizeof(line), "wrong: %s, errno %d\n", what, errno);

	(void)!write(1, line, (size_t)n);
	if (shared)
		__atomic_add_fetch(&shared->wrong, 1, __ATOMIC_RELAXED);
	_exit(1);
}

static void look(bool under)
{
	if (under ? !is_refused() : !is_allowed())
		wrong(under ? "under no filter" : "under a filter");
	if (syscall(SYS_getppid) <= 0 && getpid() != 1)
		if (errno == REFUSED_ERROR)
			wrong("an allowed call was refused");
	if (shared)
		__atomic_add_fetch(&shared->steps, 1, __ATOMIC_RELAXED);
}

/* A CPU that is offline is refused, and does not matter. */
static void move(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((int)(rand_r(&seed) % (unsigned int)sysconf(_SC_NPROCESSORS_CONF)), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void *thread_looks(void *under)
{
	for (int i = 0; i < 10; i++) {
		move();
		look(under);
	}
	return NULL;
}

static void step(bool under)
{
	pthread_t thread;
	pid_t pid;

	move();
	look(under);
	switch (rand_r(&seed) % 8) {
	case 0:
		pid = fork();
		if (!pid) {
			seed += (unsigned int)getpid();
			for (int i = 0; i < 10; i++) {
				move();
				look(under);
			}
			_exit(0);
		}
		waitpid(pid, NULL, 0);
		break;
	case 1:
		if (!pthread_create(&thread, NULL, thread_looks, under ? &seed : NULL))
			pthread_join(thread, NULL);
		break;
	case 2:
		usleep(rand_r(&seed) % 2000);
		break;
	}
}

static int live(bool under, int rounds)
{
	char text[16], word[8];

	seed = (unsigned int)getpid() * 7 + (unsigned int)time(NULL);
	for (int i = 0; i < ROUNDS; i++)
		step(under);
	snprintf(text, sizeof(text), "%d", rounds - 1);
	strcpy(word, under ? "under" : "beside");
	if (rounds > 0)
		execl("/proc/self/exe", "filter_storm", word, text, NULL);
	return 0;
}

static pid_t start(bool under)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	signal(SIGTERM, SIG_DFL);
	if (under && attach_refusing(KMUX_INHERIT) < 0)
		wrong("cannot attach");
	_exit(live(under, 1000000));
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Whole families: each process leads a group of its own. */
static pid_t start_family(bool under)
{
	pid_t pid = start(under);

	setpgid(pid, pid);
	return pid;
}

static void storm(double seconds, int n)
{
	double end = now() + seconds;
	pid_t pid[2 * n];
	int i, status;

	for (i = 0; i < 2 * n; i++)
		pid[i] = start_family(i % 2);
	while (now() < end && !shared->wrong) {
		usleep(rand_r(&seed) % 40000);
		i = (int)(rand_r(&seed) % (unsigned int)(2 * n));
		kill(-pid[i], SIGKILL);
		waitpid(pid[i], &status, 0);
		shared->deaths++;
		pid[i] = start_family(i % 2);
	}
	for (i = 0; i < 2 * n; i++) {
		kill(-pid[i], SIGKILL);
		waitpid(pid[i], &status, 0);
	}
}

int main(int argc, char **argv)
{
	if (argc == 3 && (!strcmp(argv[1], "under") || !strcmp(argv[1], "beside")))
		return live(argv[1][0] == 'u', atoi(argv[2]));
	if (argc != 3)
		return 2;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	storm(atof(argv[1]), atoi(argv[2]));
	printf("steps %lu deaths %lu\n", shared->steps, shared->deaths);
	return shared->wrong ? 1 : 0;
}
