/*
 * deadline.c: see deadline.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/deadline.h"

int64_t monotonic_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t realtime_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct deadline deadline_after_ms(int64_t timeout_ms)
{
	return (struct deadline){.at_us = monotonic_us() + timeout_ms * 1000};
}

struct deadline deadline_within_ms(struct deadline deadline, int64_t timeout_ms)
{
	struct deadline other = deadline_after_ms(timeout_ms);

	return other.at_us < deadline.at_us ? other : deadline;
}

int64_t deadline_left_ms(struct deadline deadline)
{
	int64_t left_us = deadline.at_us - monotonic_us();

	return left_us > 0 ? (left_us + 999) / 1000 : 0;
}

struct timespec deadline_timespec(struct deadline deadline)
{
	return (struct timespec){
		.tv_sec = (time_t)(deadline.at_us / 1000000),
		.tv_nsec = (long)(deadline.at_us % 1000000 * 1000),
	};
}
