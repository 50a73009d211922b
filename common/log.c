/*
 * log.c: see log.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <syslog.h>
#if HAVE_LIBSYSTEMD
#include <dlfcn.h>
#include <systemd/sd-journal.h>
#endif

static int priority_of(const struct verdict *verdict)
{
	if (verdict->reason == REASON_MAINTENANCE)
		return LOG_NOTICE;
	switch (verdict->state) {
	case STATE_OK:
		return LOG_NOTICE;
	case STATE_WARNING:
	case STATE_UNKNOWN:
		return LOG_WARNING;
	default:
		return LOG_ERR;
	}
}

#if HAVE_LIBSYSTEMD
#define JOURNAL_FIELDS 9

typedef __typeof__(sd_journal_sendv) journal_sendv;

/*
 * libsystemd is loaded only when a line is to be written: with the seven libraries behind it, it
 * would add a sixth to the time of every run.
 */
static journal_sendv *load_journal(void)
{
	void *library;

	if (access("/run/systemd/journal/socket", W_OK) < 0)
		return NULL;
	library = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);
	return library ? (journal_sendv *)dlsym(library, "sd_journal_sendv") : NULL;
}

/* False where no journal listens: then syslog is tried. */
static bool log_to_journal(const struct report *report, int priority, const char *line)
{
	const struct verdict *verdict = report->verdict;
	journal_sendv *sendv = load_journal();
	char fields[JOURNAL_FIELDS][REPORT_LINE_MAX + 32];
	struct iovec parts[JOURNAL_FIELDS];
	int n = 0;

	if (!sendv)
		return false;
#define FIELD(...) (void)snprintf(fields[n++], sizeof(fields[0]), __VA_ARGS__)
	FIELD("MESSAGE=%s", line);
	FIELD("PRIORITY=%d", priority);
	FIELD("SYSLOG_IDENTIFIER=%s", report->program);
	FIELD("KEEPWELL_SERVICE=%s", report->service);
	FIELD("KEEPWELL_TARGET=%s", report->target);
	FIELD("KEEPWELL_STATE=%s", state_name(verdict->state));
	FIELD("KEEPWELL_REASON=%s", reason_name(verdict->reason));
	FIELD("KEEPWELL_PHASE=%s", phase_name(verdict->phase));
	FIELD("KEEPWELL_DURATION_MS=%lld", (long long)(report->duration_us / 1000));
#undef FIELD
	for (int i = 0; i < n; i++)
		parts[i] = (struct iovec){fields[i], strlen(fields[i])};
	return sendv(parts, n) >= 0;
}
#else
static bool log_to_journal(const struct report *report, int priority, const char *line)
{
	(void)report;
	(void)priority;
	(void)line;
	return false;
}
#endif

void log_report(const struct report *report)
{
	int priority = priority_of(report->verdict);
	char line[REPORT_LINE_MAX];

	report_line(report, line, sizeof(line));
	if (log_to_journal(report, priority, line))
		return;
	openlog(report->program, LOG_PID | LOG_NDELAY, LOG_DAEMON);
	syslog(priority, "%s", line);
	closelog();
}

/* FNV-1a over the whole command line: two checks of one service have different memories. */
static uint64_t hash_arguments(int argc, char *const argv[])
{
	uint64_t hash = 0xcbf29ce484222325U;

	for (int i = 1; i < argc; i++)
		for (const char *c = argv[i];; c++) {
			hash = (hash ^ (unsigned char)*c) * 0x100000001b3U;
			if (!*c)
				break;
		}
	return hash;
}

/* Opens a directory that only this user can write to; -1 if it is another. */
static int open_directory(const char *path)
{
	cleanup_(close_cleanup) int fd = -1;
	struct stat st;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	if (st.st_uid != geteuid() || st.st_mode & 022)
		return -1;
	return TAKE_FD(fd);
}

static int open_memory_in(const char *directory, const char *name)
{
	cleanup_(close_cleanup) int dir = open_directory(directory);
	cleanup_(close_cleanup) int fd = -1;
	struct stat st;

	if (dir < 0)
		return -1;
	fd = openat(dir, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid())
		return -1;
	return TAKE_FD(fd);
}

/*
 * On tmpfs: a full disk is just what must still be logged. /run/keepwell belongs to the user
 * keepwell (tmpfiles.d); root makes a place where nobody else can be first.
 */
static int open_memory(const char *name)
{
	const char *given = getenv("RUNTIME_DIRECTORY");
	char own[64];
	int fd = -1;

	if (given) {
		(void)mkdir(given, 0700);
		fd = open_memory_in(given, name);
	}
	if (fd < 0)
		fd = open_memory_in("/run/keepwell", name);
	if (fd >= 0)
		return fd;
	(void)snprintf(own, sizeof(own), "%s/keepwell-%lu", geteuid() == 0 ? "/run" : "/dev/shm",
		       (unsigned long)geteuid());
	(void)mkdir(own, 0700);
	return open_memory_in(own, name);
}

/* One fixed record, written whole, so that nothing of a longer one stays. */
struct memory {
	char result[63]; /* "STATE reason" */
	char is_logged;
};

static bool remember(int fd, struct memory *memory, bool is_logged)
{
	memory->is_logged = is_logged ? 'y' : 'n';
	return pwrite(fd, memory, sizeof(*memory), 0) == (ssize_t)sizeof(*memory);
}

bool log_on_change(const struct report *report, int argc, char *const argv[],
		   void (*sink)(const struct report *))
{
	cleanup_(close_cleanup) int fd = -1;
	char name[96];
	struct memory last = {0};
	struct memory now = {0};
	bool due;

	(void)snprintf(name, sizeof(name), "%s.%016llx.last", report->program,
		       (unsigned long long)hash_arguments(argc, argv));
	fd = open_memory(name);
	/* Another run of this check is at it: keepalived 2.1.3 to 2.3.2 overlap slow ones. */
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0)
		return false;
	if (read(fd, &last, sizeof(last)) < 0)
		return false;
	last.result[sizeof(last.result) - 1] = '\0';
	(void)snprintf(now.result, sizeof(now.result), "%s %s", state_name(report->verdict->state),
		       reason_name(report->verdict->reason));
	if (strcmp(last.result, now.result) == 0 && last.is_logged == 'y')
		return false;
	due = last.result[0] != '\0' || report->verdict->state != STATE_OK;
	/* First "not yet logged": what cannot be remembered would be logged every second. */
	if (!remember(fd, &now, !due))
		return false;
	if (due) {
		sink(report);
		(void)remember(fd, &now, true);
	}
	return due;
}
