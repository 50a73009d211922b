/*
 * report.c: see report.h. One function per format; what they print is an interface.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/report.h"

#include <jansson.h>
#include <math.h>

#include "common/escape.h"
#include "common/json.h"

static double ms(int64_t us)
{
	return (double)us / 1e3;
}

static double seconds(int64_t us)
{
	return (double)us / 1e6;
}

void report_line(const struct report *report, char *buffer, size_t size)
{
	const struct verdict *verdict = report->verdict;

	escape_format(buffer, size, "%s %s %s: %s [%s/%s] (%.1f ms)", state_name(verdict->state),
		      report->service, report->target, verdict->text, reason_name(verdict->reason),
		      phase_name(verdict->phase), ms(report->duration_us));
}

static void print_steps(const struct report *report, FILE *out)
{
	for (size_t i = 0; i < report->n_steps; i++) {
		const struct step *step = &report->steps[i];

		(void)fprintf(out, "  +%8.1f ms  %8.1f ms  %-8s %s%s%s\n", ms(step->start_us),
			      ms(step->duration_us), phase_name(step->phase), step->what,
			      step->outcome[0] ? ": " : "", step->outcome);
	}
}

static void print_facts(const struct report *report, FILE *out)
{
	for (size_t i = 0; i < report->verdict->n_facts; i++)
		(void)fprintf(out, "  %s: %s\n", report->verdict->facts[i].key,
			      report->verdict->facts[i].value);
}

void report_text(const struct report *report, FILE *out)
{
	char line[REPORT_LINE_MAX];

	report_line(report, line, sizeof(line));
	(void)fprintf(out, "%s\n", line);
	if (report->verbose) {
		print_steps(report, out);
		print_facts(report, out);
	}
}

static const char *unit_suffix(enum unit unit)
{
	return unit == UNIT_SECONDS ? "_seconds" : unit == UNIT_DAYS ? "_days" : "";
}

static json_t *steps_to_json(const struct report *report)
{
	json_t *steps = json_array();

	for (size_t i = 0; i < report->n_steps; i++) {
		const struct step *step = &report->steps[i];

		(void)json_array_append_new(steps, json_pack("{s:s, s:s, s:s, s:f, s:f}", "phase",
							     phase_name(step->phase), "what",
							     step->what, "outcome", step->outcome,
							     "start_ms", ms(step->start_us),
							     "duration_ms", ms(step->duration_us)));
	}
	return steps;
}

static json_t *facts_to_json(const struct verdict *verdict)
{
	json_t *facts = json_object();

	for (size_t i = 0; i < verdict->n_facts; i++)
		(void)json_object_set_new(facts, verdict->facts[i].key,
					  json_string(verdict->facts[i].value));
	return facts;
}

static json_t *metrics_to_json(const struct verdict *verdict)
{
	json_t *metrics = json_object();

	for (size_t i = 0; i < verdict->n_metrics; i++) {
		const struct metric *metric = &verdict->metrics[i];
		char name[64];

		(void)snprintf(name, sizeof(name), "%s%s", metric->name, unit_suffix(metric->unit));
		(void)json_object_set_new(metrics, name, json_real(metric->value));
	}
	return metrics;
}

void report_json(const struct report *report, FILE *out)
{
	const struct verdict *verdict = report->verdict;
	cleanup_(json_cleanup) json_t *root = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:f, s:o, s:o, s:o}", "check",
		report->program, "service", report->service, "target", report->target, "state",
		state_name(verdict->state), "reason", reason_name(verdict->reason), "phase",
		phase_name(verdict->phase), "text", verdict->text, "exit_code", report->exit_code,
		"duration_ms", ms(report->duration_us), "facts", facts_to_json(verdict), "metrics",
		metrics_to_json(verdict), "steps", steps_to_json(report));

	/* A check's members keep this order: people read it too. */
	if (root)
		(void)json_dumpf(root, out, JSON_REAL_PRECISION(6));
	(void)fputc('\n', out);
}

/* The plugin output ends at '|', where the performance data begin. */
static void print_without_bars(const char *text, FILE *out)
{
	for (; *text; text++)
		(void)fputc(*text == '|' ? '/' : *text, out);
}

void report_nagios(const struct report *report, FILE *out)
{
	const struct verdict *verdict = report->verdict;
	char line[REPORT_LINE_MAX];

	escape_format(line, sizeof(line), "%s %s - %s [%s/%s]", report->service,
		      state_name(verdict->state), verdict->text, reason_name(verdict->reason),
		      phase_name(verdict->phase));
	print_without_bars(line, out);
	(void)fprintf(out, " | time=%.6fs;;;0;%.3f", seconds(report->duration_us),
		      (double)report->timeout_ms / 1e3);
	for (size_t i = 0; i < verdict->n_metrics; i++) {
		const struct metric *metric = &verdict->metrics[i];

		(void)fprintf(out, " %s=%.6g%s", metric->name, metric->value,
			      metric->unit == UNIT_SECONDS ? "s" : "");
	}
	(void)fputc('\n', out);
	for (size_t i = 0; report->verbose && i < report->n_steps; i++) {
		const struct step *step = &report->steps[i];

		escape_format(line, sizeof(line), "%.1f ms %s %s: %s", ms(step->duration_us),
			      phase_name(step->phase), step->what, step->outcome);
		print_without_bars(line, out);
		(void)fputc('\n', out);
	}
}

/* Label values escape backslash, quote and newline (the last cannot stand in a report). */
static void print_label(const char *name, const char *value, FILE *out)
{
	(void)fprintf(out, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			(void)fputc('\\', out);
		(void)fputc(*value, out);
	}
	(void)fputc('"', out);
}

static void print_sample(const struct report *report, const char *name, const char *help,
			 double value, FILE *out)
{
	(void)fprintf(out, "# HELP keepwell_%s %s\n# TYPE keepwell_%s gauge\nkeepwell_%s{", name,
		      help, name, name);
	print_label("service", report->service, out);
	(void)fputc(',', out);
	print_label("target", report->target, out);
	(void)fprintf(out, "} %.9g\n", value);
}

void report_prometheus(const struct report *report, FILE *out)
{
	const struct verdict *verdict = report->verdict;

	print_sample(report, "check_up", "1 unless the verdict is CRITICAL.",
		     verdict->state == STATE_CRITICAL ? 0 : 1, out);
	print_sample(report, "check_duration_seconds", "How long the check took.",
		     seconds(report->duration_us), out);
	(void)fputs("# HELP keepwell_check_verdict_info The verdict's state, reason and phase.\n"
		    "# TYPE keepwell_check_verdict_info gauge\nkeepwell_check_verdict_info{",
		    out);
	print_label("service", report->service, out);
	(void)fputc(',', out);
	print_label("target", report->target, out);
	(void)fprintf(out, ",state=\"%s\",reason=\"%s\",phase=\"%s\"} 1\n",
		      state_name(verdict->state), reason_name(verdict->reason),
		      phase_name(verdict->phase));
	for (size_t i = 0; i < verdict->n_metrics; i++) {
		const struct metric *metric = &verdict->metrics[i];
		char name[64];

		(void)snprintf(name, sizeof(name), "%s%s", metric->name, unit_suffix(metric->unit));
		print_sample(report, name, "See the manual page of the check.", metric->value, out);
	}
}
