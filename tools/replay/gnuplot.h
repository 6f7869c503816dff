/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPLAY_GNUPLOT_H
#define REPLAY_GNUPLOT_H

/**
 * gnuplot_run() - have gnuplot draw
 * @dir:    where it runs
 * @script: file there with its commands
 * Return: its exit status; 127: there is no gnuplot; 126: it was killed, or not started.
 */
int gnuplot_run(const char *dir, const char *script);

#endif
