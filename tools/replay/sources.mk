# SPDX-License-Identifier: GPL-2.0-or-later
#
# Everything but main.c: one list for the tool and for its unit tests.

REPLAY_SOURCES := address.c box_stamps.c capture.c capture_file.c counters.c flow.c \
	frame.c gnuplot.c histogram.c host_time.c icmp.c job.c journal.c kernel_stamps.c \
	link.c match.c neighbour.c options.c options_link.c options_results.c \
	options_traffic.c packet.c plan.c plot.c reassembly.c receive_room.c report.c \
	report_json.c report_stream.c report_times.c results_file.c schedule.c session.c \
	session_ready.c session_send.c session_take.c side.c socket.c source.c \
	way.c wire.c wire_in.c worst.c
REPLAY_LIBS := -lpcap -ljansson -lm
