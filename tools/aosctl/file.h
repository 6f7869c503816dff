/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small files read and written whole. */
#ifndef AOSCTL_FILE_H
#define AOSCTL_FILE_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads a text file's first room - 1 bytes, without its last newline. */
int file_read_line(const char *path, char *text, size_t room);

/* Reads a number; -errno, or -EINVAL if there is none. */
int file_read_number(const char *path, uint64_t *number);

/* Writes text; 0 or -errno. */
int file_write(const char *path, const char *text);

/*
 * Reads a whole file of at most `most` bytes into memory the caller frees.
 * 0, or -errno; -EFBIG if it is larger.
 */
int file_read_all(const char *path, size_t most, uint8_t **bytes, size_t *size);

bool file_exists(const char *path);

/* "0-3,7" into a set; a bad text gives an empty set. */
void file_cpu_list(const char *text, cpu_set_t *set);
/* The CPUs that are online; only CPU 0 if the kernel does not say. */
void file_online_cpus(cpu_set_t *set);

#endif
