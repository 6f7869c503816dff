// SPDX-License-Identifier: GPL-2.0-or-later
/* gnuplot - another program draws; also for tests/bench. */
#include <sys/wait.h>
#include <unistd.h>

#include "gnuplot.h"

int gnuplot_run(const char *dir, const char *script)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		if (!chdir(dir))
			execlp("gnuplot", "gnuplot", "-d", script, NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 126;
	return WEXITSTATUS(status);
}
