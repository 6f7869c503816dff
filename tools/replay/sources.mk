# SPDX-License-Identifier: GPL-2.0-or-later
#
# Everything but main.c: one list for the tool and for its unit tests.

REPLAY_SOURCES := address.c capture.c counters.c flow.c frame.c histogram.c \
	icmp.c link.c match.c neighbour.c options.c packet.c reassembly.c \
	report.c report_json.c schedule.c session.c side.c socket.c source.c \
	wire.c
