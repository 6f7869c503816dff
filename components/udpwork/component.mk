# SPDX-License-Identifier: GPL-2.0-or-later
# udpapp with a service that computes: for tests of the scheduler.
udpwork_foreign := $(here)/udpapp/main.c $(here)/udpapp/echo.c
udpwork_cflags := -iquote $(here)/udpapp
