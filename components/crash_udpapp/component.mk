# SPDX-License-Identifier: GPL-2.0-or-later
crash_udpapp_cflags := -I $(here)/udpapp
crash_udpapp_foreign := $(filter-out %/main.c,$(wildcard $(here)/udpapp/*.c))
