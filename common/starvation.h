/*
 * starvation.h: whether this process got the CPU that it asked for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stdint.h>

/*
 * Milliseconds for which the worst-off thread of this process was ready to run and did not, since
 * it began (/proc/self/task/TID/schedstat, second field, Linux 2.6.23). 0 where the kernel does not
 * count it.
 */
int64_t starvation_ms(void);
