/*
 * check_main.c: main() of every check. See check.h.
 *
 * The exit code is known before anything is printed, and from then on a timer ends the process: a
 * full pipe or a hung journal cannot hold the check past its deadline.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "common/check.h"
#include "common/escape.h"
#include "common/exit_policy.h"
#include "common/log.h"
#include "common/report.h"

/* Kept back from the probe for judging, and again for printing and logging. */
#define MARGIN_MS 10L

static volatile sig_atomic_t known_exit_code;

static void on_alarm(int signal_number)
{
	(void)signal_number;
	_exit(known_exit_code);
}

/* Ends the process with the exit code when the deadline passes, whatever it is doing. */
static void exit_at(struct deadline deadline, int exit_code)
{
	int64_t left_us = deadline.at_us - monotonic_us();
	struct sigaction action = {.sa_handler = on_alarm};
	struct itimerval timer = {0};
	sigset_t alarms;

	if (left_us < 1000)
		left_us = 1000;
	known_exit_code = exit_code;
	timer.it_value.tv_sec = (time_t)(left_us / 1000000);
	timer.it_value.tv_usec = (suseconds_t)(left_us % 1000000);
	(void)sigemptyset(&alarms);
	(void)sigaddset(&alarms, SIGALRM);
	(void)sigaction(SIGALRM, &action, NULL);
	(void)pthread_sigmask(SIG_UNBLOCK, &alarms, NULL);
	(void)setitimer(ITIMER_REAL, &timer, NULL);
}

/* A socket that gets descriptor 1 would receive our report: fill the gaps below 3. */
static void fill_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		(void)close(fd);
}

/* keepalived starts scripts with umask 0177 and SIGPIPE at its default. A core would hold secrets.
 */
static void normalize_process(void)
{
	static const struct rlimit no_core;

	fill_standard_descriptors();
	(void)umask(077);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)setrlimit(RLIMIT_CORE, &no_core);
}

static int print_help(const struct check *check)
{
	(void)printf("Usage: %s [OPTION]...\n%s\n", check->program, check->summary);
	options_print_help(check->groups, stdout);
	(void)printf("\nDurations are 800ms, 2s or 1m; a bare number is seconds.\n"
		     "See %s(8) and keepwell-verdicts(7).\n",
		     check->program);
	return fflush(stdout) == 0 ? 0 : 1;
}

static int print_version(const struct check *check)
{
	(void)printf("%s (%s) %s\n", check->program, PACKAGE_NAME, PACKAGE_VERSION);
	return fflush(stdout) == 0 ? 0 : 1;
}

static int print_explanation(const struct check *check, const void *config)
{
	const struct check_options *options = config;

	(void)printf("%s would ask %s %s and end within %lld ms.\n\n", check->program,
		     check->service, check->target(config), (long long)options->timeout_ms);
	check->explain(config, stdout);
	(void)printf("\nExit codes:");
	for (enum state state = STATE_OK; state < STATE_MAX; state++)
		(void)printf(" %s %d,", state_name(state), exit_policy_code(options, state));
	(void)printf(" wrong usage %d.\n", exit_policy_usage_code(options));
	return fflush(stdout) == 0 ? 0 : 1;
}

static void print_report(const struct check_options *options, const struct report *report)
{
	static void (*const printers[])(const struct report *, FILE *) = {
		[CHECK_FORMAT_TEXT] = report_text,
		[CHECK_FORMAT_JSON] = report_json,
		[CHECK_FORMAT_NAGIOS] = report_nagios,
		[CHECK_FORMAT_PROMETHEUS] = report_prometheus,
	};

	printers[options->format](report, stdout);
	if (fflush(stdout) != 0 || ferror(stdout))
		(void)fprintf(stderr, "%s: cannot write to standard output: %s\n", report->program,
			      strerror(errno));
}

static void log_if_asked(const struct check_options *options, const struct report *report, int argc,
			 char *argv[])
{
	if (options->log == CHECK_LOG_ALWAYS)
		log_report(report);
	else if (options->log == CHECK_LOG_CHANGE && !isatty(STDOUT_FILENO))
		(void)log_on_change(report, argc, argv, log_report);
}

static int usage_error(const struct check *check, const void *config, const struct error *error,
		       int argc, char *argv[])
{
	const struct check_options *options = config;
	struct verdict verdict = {0};
	struct report report = {
		.program = check->program,
		.service = check->service,
		.target = "-",
		.verdict = &verdict,
		.exit_code = exit_policy_usage_code(options),
	};

	verdict_set(&verdict, STATE_UNKNOWN, REASON_USAGE, PHASE_JUDGE, "%s", error->text);
	exit_at(deadline_after_ms(1000), report.exit_code);
	(void)fprintf(stderr, "%s: %s\nTry '%s --help' for the options.\n", check->program,
		      error->text, check->program);
	if (options->exit == CHECK_EXIT_NAGIOS || options->format != CHECK_FORMAT_TEXT)
		print_report(options, &report);
	log_if_asked(options, &report, argc, argv);
	return report.exit_code;
}

/* Runs the probe, prints and logs. Does not return if the probe's thread is still running. */
static int run_and_report(const struct check *check, const void *config, int argc, char *argv[])
{
	const struct check_options *options = config;
	struct deadline deadline = deadline_after_ms(options->timeout_ms);
	int64_t margin_ms =
		options->timeout_ms >= 10 * MARGIN_MS ? MARGIN_MS : options->timeout_ms / 10;
	struct deadline run_deadline = {deadline.at_us - margin_ms * 1000};
	cleanup_(progress_cleanup) struct progress *progress = NULL;
	struct step steps[PROGRESS_STEPS_MAX];
	struct verdict verdict = {0};
	char target[320];
	bool ended = true;
	bool open;
	struct report report = {
		.program = check->program,
		.service = check->service,
		.target = target,
		.verdict = &verdict,
		.steps = steps,
		.timeout_ms = options->timeout_ms,
		.verbose = options->verbose,
	};

	escape_format(target, sizeof(target), "%s", check->target(config));
	if (progress_new(&progress) < 0)
		verdict_set(&verdict, STATE_UNKNOWN, REASON_INTERNAL_ERROR, PHASE_JUDGE,
			    "out of memory");
	else
		ended = check_run(check, config, run_deadline, margin_ms, progress, &verdict);
	report.exit_code = exit_policy_code(options, verdict.state);
	exit_at(deadline, report.exit_code);
	if (progress) {
		report.n_steps = progress_read(progress, steps, &open);
		report.duration_us = progress_elapsed_us(progress);
	}
	print_report(options, &report);
	log_if_asked(options, &report, argc, argv);
	if (!ended)
		_exit(report.exit_code);
	return report.exit_code;
}

static int run_configured(const struct check *check, void *config, int argc, char *argv[])
{
	const struct check_options *options = config;
	struct error error;
	int r = options_parse(check->groups, config, argc, argv, &error);

	if (r == 0 && options->help)
		return print_help(check);
	if (r == 0 && options->version)
		return print_version(check);
	if (r == 0)
		r = check->validate(config, &error);
	if (r < 0)
		return usage_error(check, config, &error, argc, argv);
	if (options->explain)
		return print_explanation(check, config);
	return run_and_report(check, config, argc, argv);
}

int check_main(const struct check *check, int argc, char *argv[])
{
	void *config;
	struct error error;
	int result;

	normalize_process();
	config = calloc(1, check->config_size);
	if (!config || options_init(check->groups, config, &error) < 0) {
		(void)fprintf(stderr, "%s: out of memory\n", check->program);
		free(config);
		return 1;
	}
	result = run_configured(check, config, argc, argv);
	options_done(check->groups, config);
	free(config);
	return result;
}
