/*
 * progress.h: where a probe is, written by its thread and read by the one that holds the deadline.
 *
 * A probe is a row of steps, each in a phase. Entering a step ends the one before. When the
 * deadline passes, the open step says where the probe stuck; with -v every step becomes a row of
 * the report.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stdint.h>

#include "common/verdict.h"

#define PROGRESS_STEPS_MAX 32

struct step {
	enum phase phase;
	int64_t start_us;    /* since the probe began */
	int64_t duration_us; /* up to now for an open step */
	char what[96];	     /* "GET /ping" */
	char outcome[128];   /* "204 InfluxDB 1.8.10", empty while open */
};

struct progress;

/* -ENOMEM or 0. The clock of the steps starts here. */
int progress_new(struct progress **ret) must_check_;
struct progress *progress_free(struct progress *progress);
void progress_cleanup(struct progress **progress);

/* Ends the open step, if any, and opens another one. Beyond PROGRESS_STEPS_MAX the last is reused.
 */
void progress_enter(struct progress *progress, enum phase phase, const char *format, ...)
	format_(3, 4);

/* Ends the open step and says how it went. */
void progress_leave(struct progress *progress, const char *format, ...) format_(2, 3);

/* Copies all steps to ret_steps, gives their number; *ret_open says whether the last one is open.
 */
size_t progress_read(struct progress *progress, struct step ret_steps[static PROGRESS_STEPS_MAX],
		     bool *ret_open);

/*
 * Says what the verdict is if the probe gets no further: the steps that follow cannot worsen it by
 * their silence. NULL takes that back. progress_settled() gives false if nothing stands.
 */
void progress_settle(struct progress *progress, const struct verdict *verdict);
bool progress_settled(struct progress *progress, struct verdict *ret) must_check_;

/* Microseconds since progress_new(). */
int64_t progress_elapsed_us(const struct progress *progress);
