// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * entries - print the entry MSRs of every online CPU, as /dev/cpu/N/msr has
 * them: read on that CPU, in an interrupt.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

static const struct {
	const char *name;
	uint32_t number;
} msrs[] = {
	{ "LSTAR", 0xc0000082 }, { "CSTAR", 0xc0000083 }, { "STAR", 0xc0000081 },
	{ "SFMASK", 0xc0000084 }, { "SYSENTER_CS", 0x174 }, { "SYSENTER_ESP", 0x175 },
	{ "SYSENTER_EIP", 0x176 },
};

static void print_cpu(long cpu, int fd)
{
	for (size_t i = 0; i < sizeof(msrs) / sizeof(msrs[0]); i++) {
		uint64_t value;

		if (pread(fd, &value, 8, msrs[i].number) == 8)
			printf("cpu %ld %s %llx\n", cpu, msrs[i].name,
			       (unsigned long long)value);
		else
			printf("cpu %ld %s unreadable\n", cpu, msrs[i].name);
	}
}

int main(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	for (long cpu = 0; cpu < cpus; cpu++) {
		char path[64];
		int fd;

		snprintf(path, sizeof(path), "/dev/cpu/%ld/msr", cpu);
		fd = open(path, O_RDONLY);
		if (fd < 0)
			continue;
		print_cpu(cpu, fd);
		close(fd);
	}
	return 0;
}
