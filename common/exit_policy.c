/*
 * exit_policy.c: see exit_policy.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/exit_policy.h"

#include "common/check_options.h"

/* misc_dynamic: exit code 2 + N means "up, with weight N". */
#define WEIGHT_CODE_BASE 2

static int unknown_code(const struct check_options *options)
{
	return options->unknown == CHECK_UNKNOWN_FAIL ? 1 : 0;
}

static int nagios_code(enum state state)
{
	static const int codes[STATE_MAX] = {
		[STATE_OK] = 0,
		[STATE_WARNING] = 1,
		[STATE_CRITICAL] = 2,
		[STATE_UNKNOWN] = 3,
	};

	return codes[state];
}

int exit_policy_code(const struct check_options *options, enum state state)
{
	if (options->exit == CHECK_EXIT_NAGIOS)
		return nagios_code(state);
	if (state == STATE_CRITICAL)
		return 1;
	if (state == STATE_UNKNOWN)
		return unknown_code(options);
	if (state == STATE_WARNING && options->exit == CHECK_EXIT_WEIGHT)
		return WEIGHT_CODE_BASE + (int)options->degraded_weight;
	return 0;
}

int exit_policy_usage_code(const struct check_options *options)
{
	return options->exit == CHECK_EXIT_NAGIOS ? 3 : 1;
}
