/*
 * options.c: see options.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>

#include "common/url.h"

#define OPTIONS_MAX    96
#define DURATION_FORMS "800ms, 2s or 1m; a bare number is seconds"

/* One option of one configuration. */
struct slot {
	const struct option_spec *spec;
	void *at;
};

static bool slot_find(const struct option_group *groups, void *config, const char *name,
		      struct slot *ret)
{
	for (; groups->table; groups++)
		for (size_t i = 0; i < groups->table->count; i++) {
			const struct option_spec *spec = &groups->table->specs[i];

			if (strcmp(spec->name, name) != 0)
				continue;
			*ret = (struct slot){spec, (char *)config + groups->offset + spec->offset};
			return true;
		}
	return false;
}

int duration_parse(const char *text, int64_t *ret_ms)
{
	static const struct {
		const char *suffix;
		double ms;
	} units[] = {
		{"ms", 1}, {"s", 1e3}, {"", 1e3}, {"m", 60e3}, {"h", 3600e3}, {"d", 86400e3},
	};
	char *end;
	double number;

	/* strtod() would also take signs, spaces, "inf", exponents and hexadecimal numbers. */
	if (!isdigit((unsigned char)text[0]))
		return -EINVAL;
	number = strtod(text, &end);
	if (end != text + strspn(text, "0123456789."))
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (strcmp(end, units[i].suffix) == 0 && number * units[i].ms < 1e15) {
			*ret_ms = llround(number * units[i].ms);
			return 0;
		}
	return -EINVAL;
}

static int set_duration(const struct slot *slot, const char *value, struct error *error)
{
	const struct option_spec *spec = slot->spec;
	int64_t ms;

	if (duration_parse(value, &ms) < 0)
		return error_set(error, EINVAL, "%s: \"%s\" is not a duration (%s)", spec->name,
				 value, DURATION_FORMS);
	if (ms < spec->min || ms > spec->max)
		return error_set(error, EINVAL, "%s: \"%s\" is not between %gs and %gs (%s)",
				 spec->name, value, (double)spec->min / 1e3,
				 (double)spec->max / 1e3, DURATION_FORMS);
	memcpy(slot->at, &ms, sizeof(ms));
	return 0;
}

static int set_integer(const struct slot *slot, const char *value, struct error *error)
{
	const struct option_spec *spec = slot->spec;
	int64_t number;
	char *end;

	errno = 0;
	number = strtoll(value, &end, 10);
	if (!isdigit((unsigned char)value[0]) || *end != '\0' || errno != 0 || number < spec->min ||
	    number > spec->max)
		return error_set(error, EINVAL,
				 "%s: \"%s\" is not a whole number from %lld to %lld", spec->name,
				 value, (long long)spec->min, (long long)spec->max);
	memcpy(slot->at, &number, sizeof(number));
	return 0;
}

static int set_choice(const struct slot *slot, const char *value, struct error *error)
{
	char known[256] = "";
	size_t used = 0;

	for (int i = 0; slot->spec->choices[i]; i++) {
		if (strcmp(slot->spec->choices[i], value) == 0) {
			memcpy(slot->at, &i, sizeof(i));
			return 0;
		}
		used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s",
					 i > 0 ? ", " : "", slot->spec->choices[i]);
	}
	return error_set(error, EINVAL, "%s: \"%s\" is not one of %s", slot->spec->name, value,
			 known);
}

static int set_flag(const struct slot *slot, const char *value, struct error *error)
{
	static const char *const words[] = {"no", "yes", "false", "true", "0", "1"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(value, words[i]) == 0) {
			bool on = i % 2 == 1;

			memcpy(slot->at, &on, sizeof(on));
			return 0;
		}
	return error_set(error, EINVAL, "%s: \"%s\" is neither yes nor no", slot->spec->name,
			 value);
}

static int set_text(const struct slot *slot, const char *value, struct error *error)
{
	const char *name = slot->spec->name;
	char *copy;
	char *old;

	if (value[0] == '\0')
		return error_set(error, EINVAL, "%s: the value is empty", name);
	for (const char *c = value; *c; c++)
		if (iscntrl((unsigned char)*c))
			return error_set(error, EINVAL,
					 "%s: control characters are not allowed in \"%s\"", name,
					 value);
	copy = strdup(value);
	if (!copy)
		return error_set(error, ENOMEM, "%s: out of memory", name);
	memcpy(&old, slot->at, sizeof(old));
	free(old);
	memcpy(slot->at, &copy, sizeof(copy));
	return 0;
}

static int set_url(const struct slot *slot, const char *value, struct error *error)
{
	struct error why;
	struct url url;

	if (url_parse(value, &url, &why) < 0)
		return error_set(error, EINVAL, "%s: %s", slot->spec->name, why.text);
	return set_text(slot, value, error);
}

static int slot_set(const struct slot *slot, const char *value, struct error *error)
{
	switch (slot->spec->type) {
	case OPTION_FLAG:
		return set_flag(slot, value, error);
	case OPTION_STRING:
	case OPTION_PATH:
		return set_text(slot, value, error);
	case OPTION_URL:
		return set_url(slot, value, error);
	case OPTION_DURATION:
		return set_duration(slot, value, error);
	case OPTION_INTEGER:
		return set_integer(slot, value, error);
	case OPTION_CHOICE:
		return set_choice(slot, value, error);
	}
	return -EINVAL;
}

int options_set(const struct option_group *groups, void *config, const char *name,
		const char *value, struct error *error)
{
	struct slot slot;

	if (!slot_find(groups, config, name, &slot))
		return error_set(error, ENOENT, "there is no option \"%s\"", name);
	return slot_set(&slot, value, error);
}

static int slot_init(const struct slot *slot, struct error *error)
{
	const int64_t none = -1;

	if (slot->spec->type == OPTION_DURATION || slot->spec->type == OPTION_INTEGER)
		memcpy(slot->at, &none, sizeof(none));
	else if (slot->spec->type == OPTION_STRING || slot->spec->type == OPTION_PATH ||
		 slot->spec->type == OPTION_URL)
		memset(slot->at, 0, sizeof(char *));
	else
		memset(slot->at, 0, slot->spec->type == OPTION_FLAG ? sizeof(bool) : sizeof(int));
	return slot->spec->fallback ? slot_set(slot, slot->spec->fallback, error) : 0;
}

int options_init(const struct option_group *groups, void *config, struct error *error)
{
	for (const struct option_group *group = groups; group->table; group++)
		for (size_t i = 0; i < group->table->count; i++) {
			const struct option_spec *spec = &group->table->specs[i];
			struct slot slot = {spec, (char *)config + group->offset + spec->offset};
			int r = slot_init(&slot, error);

			if (r < 0)
				return r;
		}
	return 0;
}

void options_done(const struct option_group *groups, void *config)
{
	for (; groups->table; groups++)
		for (size_t i = 0; i < groups->table->count; i++) {
			const struct option_spec *spec = &groups->table->specs[i];
			void *at = (char *)config + groups->offset + spec->offset;
			char *text;

			if (spec->type != OPTION_STRING && spec->type != OPTION_PATH &&
			    spec->type != OPTION_URL)
				continue;
			memcpy(&text, at, sizeof(text));
			free(text);
			memset(at, 0, sizeof(text));
		}
}

/* What getopt_long() wants, made from the groups. */
struct getopt_view {
	struct option longs[OPTIONS_MAX + 1];
	const struct option_spec *specs[OPTIONS_MAX];
	char letters[2 * OPTIONS_MAX + 3];
};

static void getopt_view_make(const struct option_group *groups, struct getopt_view *ret)
{
	size_t n = 0;
	size_t used = 2;

	memset(ret, 0, sizeof(*ret));
	memcpy(ret->letters, "+:", 2); /* no permutation; ':' for a missing argument */
	for (; groups->table; groups++)
		for (size_t i = 0; i < groups->table->count && n < OPTIONS_MAX; i++, n++) {
			const struct option_spec *spec = &groups->table->specs[i];

			ret->specs[n] = spec;
			ret->longs[n].name = spec->name;
			ret->longs[n].has_arg = spec->argument ? required_argument : no_argument;
			ret->longs[n].val = spec->letter ? spec->letter : 256 + (int)n;
			if (!spec->letter)
				continue;
			ret->letters[used++] = spec->letter;
			if (spec->argument)
				ret->letters[used++] = ':';
		}
}

static const struct option_spec *spec_by_value(const struct getopt_view *view, int value)
{
	for (size_t i = 0; view->specs[i]; i++)
		if (view->longs[i].val == value)
			return view->specs[i];
	return NULL;
}

/* "--exi=nagios" is no good, even though getopt_long() takes it for --exit. */
static bool is_abbreviated(const char *word, const struct option_spec *spec)
{
	size_t length = strlen(spec->name);

	if (strncmp(word, "--", 2) != 0)
		return false;
	return strncmp(word + 2, spec->name, length) != 0 ||
	       (word[2 + length] != '\0' && word[2 + length] != '=');
}

static int parse_one(const struct option_group *groups, void *config,
		     const struct getopt_view *view, int value, const char *word,
		     struct error *error)
{
	const struct option_spec *spec =
		spec_by_value(view, value == ':' || value == '?' ? optopt : value);
	int length = (int)strcspn(word, "=");
	bool is_long = strncmp(word, "--", 2) == 0;
	struct error why;
	int r;

	if (value == ':' && spec)
		return error_set(error, EINVAL, "--%s needs a value: %s", spec->name,
				 spec->argument);
	if (value == '?' && is_long && spec)
		return error_set(error, EINVAL, "--%s takes no value", spec->name);
	if (value == '?' && !is_long)
		return error_set(error, EINVAL, "there is no option -%c", optopt);
	if (!spec || is_abbreviated(word, spec))
		return error_set(error, EINVAL, "there is no option %.*s", length, word);
	r = options_set(groups, config, spec->name, optarg ? optarg : "yes", &why);
	return r < 0 ? error_set(error, -r, "--%s", why.text) : 0;
}

static int next_index(void)
{
	return optind > 0 ? optind : 1;
}

int options_parse(const struct option_group *groups, void *config, int argc, char *argv[],
		  struct error *error)
{
	struct getopt_view view;
	struct error ignored;
	int result = 0;

	getopt_view_make(groups, &view);
	opterr = 0;
	optind = 0; /* glibc forgets the last command line */
	while (next_index() < argc) {
		const char *word = argv[next_index()];
		int value = getopt_long(argc, argv, view.letters, view.longs, NULL);
		int r;

		if (value == -1 && optind < argc)
			r = error_set(result ? &ignored : error, EINVAL,
				      "\"%s\" is not expected: there are only options",
				      argv[optind++]);
		else if (value == -1)
			break;
		else
			r = parse_one(groups, config, &view, value, word,
				      result ? &ignored : error);
		if (result == 0)
			result = r;
	}
	return result;
}

static void print_help_row(const struct option_spec *spec, FILE *out)
{
	char left[64];
	char letter[8] = "    ";

	if (spec->letter)
		(void)snprintf(letter, sizeof(letter), "-%c, ", spec->letter);
	(void)snprintf(left, sizeof(left), "%s--%s%s%s", letter, spec->name,
		       spec->argument ? "=" : "", spec->argument ? spec->argument : "");
	(void)fprintf(out, "  %-34s%s%s", left,
		      strlen(left) > 33 ? "\n                                    " : "",
		      spec->help);
	if (spec->fallback)
		(void)fprintf(out, " [%s]", spec->fallback);
	(void)fputc('\n', out);
	if (spec->type == OPTION_CHOICE) {
		(void)fprintf(out, "%36s", "");
		for (size_t i = 0; spec->choices[i]; i++)
			(void)fprintf(out, "%s%s", i > 0 ? " | " : "", spec->choices[i]);
		(void)fputc('\n', out);
	}
}

void options_print_help(const struct option_group *groups, FILE *out)
{
	const char *section = NULL;

	for (; groups->table; groups++)
		for (size_t i = 0; i < groups->table->count; i++) {
			const struct option_spec *spec = &groups->table->specs[i];

			if (!section || strcmp(section, spec->section) != 0)
				(void)fprintf(out, "\n%s:\n", spec->section);
			section = spec->section;
			print_help_row(spec, out);
		}
}
