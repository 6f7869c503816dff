# SPDX-License-Identifier: GPL-2.0-or-later
# One list for the tool and its tests; main.c is the tool's alone.
COSLINK_SOURCES := admission.c admission_text.c bind.c builtin.c callers.c check.c composition.c diag.c duration.c elffile.c graph.c \
		   image.c layout.c link.c object.c places.c pool.c relocate.c report.c response.c roles.c \
		   schema.c settings.c stubs.c timing.c translators.c verdict.c
COSLINK_LIBS := -lbfd -lconfig
