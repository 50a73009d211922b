/*
 * deadline.h: one monotonic, absolute moment, passed down to everything that can block.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stdint.h>
#include <time.h>

struct deadline {
	int64_t at_us; /* on CLOCK_MONOTONIC */
};

/* Microseconds on CLOCK_MONOTONIC. */
int64_t monotonic_us(void);

/* Milliseconds since the epoch on CLOCK_REALTIME: for timestamps, never for waiting. */
int64_t realtime_ms(void);

struct deadline deadline_after_ms(int64_t timeout_ms);

/* The earlier of deadline and timeout_ms from now. */
struct deadline deadline_within_ms(struct deadline deadline, int64_t timeout_ms);

/* Milliseconds left, rounded up, 0 if it has passed. */
int64_t deadline_left_ms(struct deadline deadline);

/* For pthread_cond_timedwait() on CLOCK_MONOTONIC. */
struct timespec deadline_timespec(struct deadline deadline);
