/*
 * starvation.c: see starvation.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/starvation.h"

#include <dirent.h>

#include "common/attributes.h"

static void closedir_cleanup(DIR **directory)
{
	if (*directory)
		(void)closedir(*directory);
}

static int64_t thread_delay_ms(const char *thread)
{
	char path[64];
	char text[96] = "";
	char *delay;
	cleanup_(fclose_cleanup) FILE *file = NULL;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%.20s/schedstat", thread);
	file = fopen(path, "re");
	if (!file || !fgets(text, sizeof(text), file))
		return 0;
	delay = strchr(text, ' '); /* "run-time run-delay slices", in ns */
	return delay ? strtoll(delay, NULL, 10) / 1000000 : 0;
}

int64_t starvation_ms(struct deadline deadline)
{
	cleanup_(closedir_cleanup) DIR *directory = opendir("/proc/self/task");
	const struct dirent *entry;
	int64_t worst = (monotonic_us() - deadline.at_us) / 1000;

	while (directory && (entry = readdir(directory))) {
		int64_t delay = thread_delay_ms(entry->d_name);

		if (delay > worst)
			worst = delay;
	}
	return worst;
}
