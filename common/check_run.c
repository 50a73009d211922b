/*
 * check_run.c: a probe in a thread, held to its deadline from outside. See check.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

#include "common/check.h"
#include "common/starvation.h"

/* Below this, lateness is the ordinary noise of a busy machine. */
#define STARVED_MIN_MS 50

/* Shared by both threads. When the probe outlives its deadline it is left to the process's end. */
struct run {
	const struct check *check;
	const void *config;
	struct deadline probe_deadline;
	struct progress *progress;

	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool has_ended;

	/* The probe's thread owns these until has_ended. */
	struct verdict verdict;
	struct error error;
	int result;
};

/* The first line of the maintenance file, as the cause; empty if it cannot be read. */
static void read_cause(const char *path, const struct stat *st, char *line, size_t size)
{
	cleanup_(close_cleanup) int fd = -1;
	ssize_t n = 0;

	if (S_ISREG(st->st_mode))
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0)
		n = read(fd, line, size - 1);
	line[n > 0 ? (size_t)n : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
}

/*
 * Looks for --maintenance-file. True: it exists, and *ret says so. The file may lie on a network
 * that hangs: then the service was not asked, and nothing is known of it. If it cannot be looked
 * at, *ret_error is the reason.
 */
static bool in_maintenance(const struct check_options *options, struct progress *progress,
			   struct verdict *ret, int *ret_error)
{
	const char *path = options->maintenance_file;
	struct verdict unknown = {0};
	char cause[128];
	struct stat st;

	if (!path)
		return false;
	progress_enter(progress, PHASE_JUDGE, "look for %s", path);
	verdict_set(&unknown, STATE_UNKNOWN, REASON_TIMEOUT, PHASE_JUDGE,
		    "--maintenance-file: looking for %s hangs; the service was not asked", path);
	progress_settle(progress, &unknown);
	*ret_error = lstat(path, &st) < 0 ? errno : 0;
	if (*ret_error == 0)
		read_cause(path, &st, cause, sizeof(cause));
	progress_settle(progress, NULL);
	progress_leave(progress, "%s", *ret_error ? strerror(*ret_error) : "maintenance");
	if (*ret_error == 0)
		verdict_set(ret, STATE_CRITICAL, REASON_MAINTENANCE, PHASE_JUDGE,
			    "in maintenance, as %s says%s%s", path, cause[0] ? ": " : "", cause);
	return *ret_error == 0;
}

static void *run_probe(void *user)
{
	struct run *run = user;
	const struct check_options *options = run->config;
	int error = ENOENT;

	if (!in_maintenance(options, run->progress, &run->verdict, &error))
		run->result = run->check->probe(run->config, run->probe_deadline, run->progress,
						&run->verdict, &run->error);
	if (error != 0 && error != ENOENT)
		verdict_add(&run->verdict, STATE_WARNING, REASON_MAINTENANCE, PHASE_JUDGE,
			    "--maintenance-file: cannot look for %s: %s", options->maintenance_file,
			    strerror(error));
	(void)pthread_mutex_lock(&run->lock);
	run->has_ended = true;
	(void)pthread_cond_signal(&run->ended);
	(void)pthread_mutex_unlock(&run->lock);
	return NULL;
}

static bool wait_for_end(struct run *run, struct deadline deadline)
{
	struct timespec until = deadline_timespec(deadline);
	bool ended;

	(void)pthread_mutex_lock(&run->lock);
	while (!run->has_ended &&
	       pthread_cond_timedwait(&run->ended, &run->lock, &until) != ETIMEDOUT)
		;
	ended = run->has_ended;
	(void)pthread_mutex_unlock(&run->lock);
	return ended;
}

static void timeout_verdict(struct progress *progress, struct verdict *verdict)
{
	struct step steps[PROGRESS_STEPS_MAX];
	bool open;
	size_t n = progress_read(progress, steps, &open);
	enum phase phase = n > 0 ? steps[n - 1].phase : PHASE_JUDGE;

	if (progress_settled(progress, verdict))
		return;
	verdict_set(verdict, STATE_CRITICAL, REASON_TIMEOUT, phase,
		    open ? "nothing came of %s \"%s\" within %lld ms"
			 : "nothing came after %s \"%s\" within %lld ms",
		    n > 0 ? phase_name(phase) : "the", n > 0 ? steps[n - 1].what : "start",
		    (long long)(progress_elapsed_us(progress) / 1000));
}

static int run_init(struct run *run)
{
	pthread_condattr_t attributes;
	int r = pthread_condattr_init(&attributes);

	if (r != 0)
		return -r;
	r = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	if (r == 0)
		r = pthread_cond_init(&run->ended, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	return r == 0 ? -pthread_mutex_init(&run->lock, NULL) : -r;
}

static void take_result(const struct run *run, struct verdict *ret)
{
	*ret = run->verdict;
	if (run->result < 0)
		verdict_set(ret, STATE_UNKNOWN, REASON_INTERNAL_ERROR, PHASE_JUDGE, "%s",
			    run->error.text);
}

/* Rule 7 of the design: a probe that was itself starved of CPU knows nothing about the service. */
static void judge_starvation(struct deadline deadline, int64_t waited_ms, struct verdict *verdict)
{
	int64_t starved_ms;

	if (verdict->state != STATE_CRITICAL || verdict->reason != REASON_TIMEOUT)
		return;
	starved_ms = starvation_ms(deadline);
	if (starved_ms > STARVED_MIN_MS && starved_ms > waited_ms / 2)
		verdict_set(verdict, STATE_UNKNOWN, REASON_STARVED, verdict->phase,
			    "the check itself got no CPU for %lld ms", (long long)starved_ms);
}

bool check_run(const struct check *check, const void *config, struct deadline deadline,
	       int64_t margin_ms, struct progress *progress, struct verdict *ret)
{
	struct run *run = calloc(1, sizeof(*run));
	int64_t wait_ms = deadline_left_ms(deadline);
	pthread_t thread;

	if (run) {
		run->check = check;
		run->config = config;
		run->progress = progress;
		run->probe_deadline.at_us = deadline.at_us - margin_ms * 1000;
	}
	if (!run || run_init(run) < 0 || pthread_create(&thread, NULL, run_probe, run) != 0) {
		verdict_set(ret, STATE_UNKNOWN, REASON_INTERNAL_ERROR, PHASE_JUDGE,
			    "cannot start the probe: out of memory or threads");
		free(run);
		return true;
	}
	if (!wait_for_end(run, deadline)) {
		timeout_verdict(progress, ret);
		judge_starvation(deadline, wait_ms, ret);
		(void)pthread_detach(thread);
		return false; /* the thread still uses run */
	}
	(void)pthread_join(thread, NULL);
	take_result(run, ret);
	judge_starvation(deadline, wait_ms, ret);
	(void)pthread_cond_destroy(&run->ended);
	(void)pthread_mutex_destroy(&run->lock);
	free(run);
	return true;
}
