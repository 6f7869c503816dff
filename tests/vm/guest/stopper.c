// SPDX-License-Identifier: GPL-2.0-or-later
/* stopper NAME - ask an instance to end. */
#include "instance.h"

int main(int argc, char **argv)
{
	struct hijack_name name = { { 0 } };

	if (argc != 2)
		return 2;
	strncpy(name.name, argv[1], sizeof(name.name) - 1);
	if (ioctl(device_open(), HIJACK_STOP, &name)) {
		perror("STOP");
		return 1;
	}
	return 0;
}
