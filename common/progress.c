/*
 * progress.c: see progress.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/progress.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>

#include "common/deadline.h"
#include "common/escape.h"

struct progress {
	pthread_mutex_t lock;
	int64_t began_us; /* constant */
	struct step steps[PROGRESS_STEPS_MAX];
	size_t n_steps;
	bool open;
	struct verdict settled;
	bool is_settled;
};

int progress_new(struct progress **ret)
{
	struct progress *progress = calloc(1, sizeof(*progress));

	if (!progress)
		return -ENOMEM;
	(void)pthread_mutex_init(&progress->lock, NULL);
	progress->began_us = monotonic_us();
	*ret = progress;
	return 0;
}

struct progress *progress_free(struct progress *progress)
{
	if (progress) {
		(void)pthread_mutex_destroy(&progress->lock);
		free(progress);
	}
	return NULL;
}

void progress_cleanup(struct progress **progress)
{
	*progress = progress_free(*progress);
}

int64_t progress_elapsed_us(const struct progress *progress)
{
	return monotonic_us() - progress->began_us;
}

static void close_step(struct progress *progress, int64_t now_us)
{
	struct step *step;

	if (!progress->open)
		return;
	step = &progress->steps[progress->n_steps - 1];
	step->duration_us = now_us - step->start_us;
	progress->open = false;
}

void progress_enter(struct progress *progress, enum phase phase, const char *format, ...)
{
	int64_t now_us = progress_elapsed_us(progress);
	struct step step = {.phase = phase, .start_us = now_us};
	va_list args;

	va_start(args, format);
	escape_vformat(step.what, sizeof(step.what), format, args);
	va_end(args);

	(void)pthread_mutex_lock(&progress->lock);
	close_step(progress, now_us);
	if (progress->n_steps < PROGRESS_STEPS_MAX)
		progress->n_steps++;
	progress->steps[progress->n_steps - 1] = step;
	progress->open = true;
	(void)pthread_mutex_unlock(&progress->lock);
}

void progress_leave(struct progress *progress, const char *format, ...)
{
	char outcome[sizeof(progress->steps[0].outcome)];
	va_list args;

	va_start(args, format);
	escape_vformat(outcome, sizeof(outcome), format, args);
	va_end(args);

	(void)pthread_mutex_lock(&progress->lock);
	if (progress->open)
		memcpy(progress->steps[progress->n_steps - 1].outcome, outcome, sizeof(outcome));
	close_step(progress, progress_elapsed_us(progress));
	(void)pthread_mutex_unlock(&progress->lock);
}

size_t progress_read(struct progress *progress, struct step ret_steps[static PROGRESS_STEPS_MAX],
		     bool *ret_open)
{
	size_t n;

	(void)pthread_mutex_lock(&progress->lock);
	n = progress->n_steps;
	memcpy(ret_steps, progress->steps, n * sizeof(*ret_steps));
	*ret_open = progress->open;
	(void)pthread_mutex_unlock(&progress->lock);
	if (*ret_open)
		ret_steps[n - 1].duration_us =
			progress_elapsed_us(progress) - ret_steps[n - 1].start_us;
	return n;
}

void progress_settle(struct progress *progress, const struct verdict *verdict)
{
	(void)pthread_mutex_lock(&progress->lock);
	progress->is_settled = verdict != NULL;
	if (verdict)
		progress->settled = *verdict;
	(void)pthread_mutex_unlock(&progress->lock);
}

bool progress_settled(struct progress *progress, struct verdict *ret)
{
	bool settled;

	(void)pthread_mutex_lock(&progress->lock);
	settled = progress->is_settled;
	if (settled)
		*ret = progress->settled;
	(void)pthread_mutex_unlock(&progress->lock);
	return settled;
}
