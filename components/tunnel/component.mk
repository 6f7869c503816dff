# SPDX-License-Identifier: GPL-2.0-or-later
# vnic, with another end of its ring.
tunnel_lto := y
tunnel_cflags := -I $(here)/vnic
tunnel_foreign := $(wildcard $(here)/vnic/*.c)
