// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Only for STATIC=1. Debian's libpcap.a can record from D-Bus and so refers to
 * libdbus, whose static form needs a static libsystemd, which does not exist.
 * replay only reads files: these functions are named but never reached.
 */
#include <stdlib.h>

#define NEVER_CALLED(name) \
	void name(void); \
	void name(void) { abort(); }

NEVER_CALLED(dbus_bus_add_match)
NEVER_CALLED(dbus_bus_get)
NEVER_CALLED(dbus_bus_register)
NEVER_CALLED(dbus_connection_flush)
NEVER_CALLED(dbus_connection_open)
NEVER_CALLED(dbus_connection_pop_message)
NEVER_CALLED(dbus_connection_read_write)
NEVER_CALLED(dbus_connection_send)
NEVER_CALLED(dbus_connection_set_max_received_size)
NEVER_CALLED(dbus_connection_unref)
NEVER_CALLED(dbus_error_free)
NEVER_CALLED(dbus_error_is_set)
NEVER_CALLED(dbus_free)
NEVER_CALLED(dbus_message_demarshal)
NEVER_CALLED(dbus_message_is_signal)
NEVER_CALLED(dbus_message_marshal)
NEVER_CALLED(dbus_message_unref)
