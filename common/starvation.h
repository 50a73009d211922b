/*
 * starvation.h: whether this process got the CPU that it asked for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stdint.h>

#include "common/deadline.h"

/*
 * Milliseconds for which this process wanted the CPU and did not get it: how late it is after its
 * deadline, or for how long the worst-off of its threads was ready to run and did not
 * (/proc/self/task/TID/schedstat, second field, Linux 2.6.23; 0 where the kernel does not count).
 */
int64_t starvation_ms(struct deadline deadline);
