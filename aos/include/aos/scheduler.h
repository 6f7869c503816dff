/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between the kernel's files: who is scheduled by whom, who pays, who is told. */
#ifndef AOS_SCHEDULER_H
#define AOS_SCHEDULER_H

#include "aos/kernel.h"

/* levels.c: threads and those who pay for them, up to the root */
struct aos_thread *levels_payer(const struct aos_thread *t);
bool levels_pays(const struct aos_thread *payer, const struct aos_thread *t);
bool levels_under(const struct aos_thread *t, const struct aos_scheduler *s);
bool levels_funded(const struct aos_thread *t);
bool levels_must_stop(const struct aos *aos);
bool levels_goes_before(const struct aos_thread *a, const struct aos_thread *b);
struct aos_scheduler *levels_equal(const struct aos_thread *a, const struct aos_thread *b);
struct aos_scheduler *levels_section(const struct aos *aos, const struct aos_thread *t);
struct aos_scheduler *levels_section_shields(const struct aos *aos, const struct aos_thread *t);
bool levels_section_on_way(const struct aos_thread *t, const struct aos_scheduler *s);

/* scheduler.c */
struct aos_scheduler *scheduler_at(struct aos *aos, const struct aos_endpoint *ep);
int scheduler_make(struct aos *aos, struct aos_endpoint *ep, struct aos_comp *comp);
int scheduler_assign(struct aos *aos, struct aos_comp *comp, struct aos_scheduler *s);
bool scheduler_wanted(const struct aos_scheduler *s);
bool scheduler_busy(struct aos *aos, const struct aos_thread *t);
void scheduler_call(struct aos *aos, struct aos_scheduler *s);
void scheduler_run(struct aos *aos, struct aos_scheduler *s);
void scheduler_decide(struct aos *aos, struct aos_scheduler *s);
struct aos_thread *scheduler_resumes(struct aos_thread *to, struct aos_scheduler **wake);
void scheduler_lost(struct aos *aos, struct aos_thread *t);
void scheduler_left(struct aos *aos, const struct aos_thread *t);
int64_t scheduler_rest(struct aos *aos, struct aos_scheduler *s);
void scheduler_thread_gone(struct aos *aos, const struct aos_thread *t);
void scheduler_notice(struct aos *aos, struct aos_thread *t, uint32_t notice);
void scheduler_notice_budget(struct aos *aos, struct aos_thread *t);
struct aos_thread *scheduler_take_notice(struct aos *aos, struct aos_scheduler *s,
					 uint64_t *notice);

#endif
