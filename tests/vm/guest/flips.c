// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flips CPU N SEED IMAGE - N times, an AOS from an image with a few bits
 * flipped and its checksum put right: whatever it is then, and whatever it
 * does within a moment, is the AOS's own harm.  Prints how they ended.
 */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "instance.h"
#include "sealed.h"

#define MOMENT_MS 250

enum end { REFUSED = 1, ENDED };

static struct request request;

/* Half of them in the header and the tables, which is where it hurts. */
static void flip(void)
{
	struct image_header *h = (struct image_header *)request.image;
	uint32_t tables = h->strings.off + h->strings.count, flips = 1 + (uint32_t)rand() % 4;

	while (flips--) {
		uint32_t room = rand() & 1 ? tables : request.setup.image_size;

		request.image[(uint32_t)rand() % room] ^= (uint8_t)(1u << rand() % 8);
	}
	sealed_image(h, request.setup.image_size);
}

static int live(unsigned int cpu)
{
	int fd = device_open();

	if (ioctl(fd, HIJACK_SETUP, &request.setup))
		return REFUSED;
	pin(cpu);
	ioctl(fd, HIJACK_ENTER, fd);
	return ENDED;
}

static int wait_moment(pid_t child)
{
	const struct timespec tick = { .tv_nsec = 10 * 1000 * 1000 };
	int status = 0, ticks = MOMENT_MS / 10;

	while (!waitpid(child, &status, WNOHANG)) {
		if (!ticks--)
			kill(child, SIGKILL);
		nanosleep(&tick, NULL);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

int main(int argc, char **argv)
{
	static uint8_t original[IMAGE_ROOM];
	int n, count[3] = { 0 };

	if (argc != 5)
		return 2;
	request_init(&request, "flips", argv[4]);
	request.setup.cpu = (uint32_t)atoi(argv[1]);
	srand((unsigned int)atoi(argv[3]));
	memcpy(original, request.image, sizeof(original));
	for (n = atoi(argv[2]); n > 0; n--) {
		pid_t child;

		memcpy(request.image, original, sizeof(original));
		flip();
		child = fork();
		if (!child)
			_exit(live(request.setup.cpu));
		count[wait_moment(child)]++;
	}
	printf("%d refused, %d ended by themselves, %d had to be killed\n",
	       count[REFUSED], count[ENDED], count[0]);
	return 0;
}
