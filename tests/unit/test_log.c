/*
 * test_log.c: when a line is worth logging, and where that is remembered.
 *
 * open() and mkdir() are wrapped, so that the places outside RUNTIME_DIRECTORY, which would be used
 * when that one fails, lie in the test's directory too.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include "common/log.h"

static struct unit_directory directory;

static const char *elsewhere(const char *path, char buffer[static 192])
{
	if (strncmp(path, "/run/keepwell", 13) != 0 && strncmp(path, "/dev/shm/keepwell", 17) != 0)
		return path;
	(void)snprintf(buffer, 192, "%s/elsewhere%s", directory.path, strrchr(path, '/'));
	return buffer;
}

int __real_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode);

int __wrap_mkdir(const char *path, mode_t mode)
{
	char buffer[192];

	return __real_mkdir(elsewhere(path, buffer), mode);
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);

int __wrap_open(const char *path, int flags, ...)
{
	char buffer[192];
	va_list args;
	unsigned int mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, unsigned int) : 0;
	va_end(args);
	return __real_open(elsewhere(path, buffer), flags, mode);
}

static const char *path_of(const char *name)
{
	static char path[192];

	(void)snprintf(path, sizeof(path), "%s/%s", directory.path, name);
	return path;
}

static int setup(void **state)
{
	(void)state;
	unit_directory_make(&directory);
	return setenv("RUNTIME_DIRECTORY", path_of("run"), 1);
}

static int teardown(void **state)
{
	(void)state;
	unit_directory_remove(&directory);
	return unsetenv("RUNTIME_DIRECTORY");
}

static int sunk;

static void sink(const struct report *report)
{
	assert_non_null(report);
	sunk++;
}

static char program[] = "chk_unit";
static char first[] = "--url=http://a";
static char second[] = "--url=http://b";
static char *const one[] = {program, first};
static char *const other[] = {program, second};

static bool change_of(char *const argv[], int argc, enum state state, enum reason reason)
{
	struct verdict verdict = {.state = state, .reason = reason};
	const struct report report = {
		.program = "chk_unit", .service = "unit", .target = "t", .verdict = &verdict};

	bool logged;

	sunk = 0;
	logged = log_on_change(&report, argc, argv, sink);
	assert_int_equal(sunk, logged ? 1 : 0);
	return logged;
}

static bool change(enum state state, enum reason reason)
{
	return change_of(one, 2, state, reason);
}

static void test_first_ok_is_silent(void **state)
{
	(void)state;
	assert_false(change(STATE_OK, REASON_OK));
	assert_false(change(STATE_OK, REASON_OK));
	assert_true(change(STATE_CRITICAL, REASON_TIMEOUT));
}

static void test_first_failure_is_logged(void **unused)
{
	(void)unused;
	assert_true(change(STATE_CRITICAL, REASON_TIMEOUT));
	for (int i = 0; i < 5; i++)
		assert_false(change(STATE_CRITICAL, REASON_TIMEOUT));
}

static void test_every_change_is_logged(void **unused)
{
	static const struct {
		enum state state;
		enum reason reason;
	} row[] = {
		{STATE_WARNING, REASON_STALE},
		{STATE_WARNING, REASON_DIVERGED},
		{STATE_OK, REASON_OK},
		{STATE_UNKNOWN, REASON_RESOLVE_FAILED},
		{STATE_CRITICAL, REASON_TIMEOUT},
		{STATE_OK, REASON_PEER_UNREACHABLE},
		{STATE_OK, REASON_OK},
	};

	(void)unused;
	for (size_t i = 0; i < ARRAY_SIZE(row); i++) {
		assert_true(change(row[i].state, row[i].reason));
		assert_false(change(row[i].state, row[i].reason));
	}
}

static void test_command_lines_are_independent(void **state)
{
	static char empty[] = "";
	static char joined[] = "--url=http://a--url=http://b";
	char *const both[] = {program, first, second};
	char *const as_one[] = {program, joined};
	char *const with_empty[] = {program, first, empty};

	(void)state;
	assert_true(change_of(one, 2, STATE_CRITICAL, REASON_TIMEOUT));
	assert_true(change_of(other, 2, STATE_CRITICAL, REASON_TIMEOUT));
	assert_true(change_of(both, 3, STATE_CRITICAL, REASON_TIMEOUT));
	assert_true(change_of(as_one, 2, STATE_CRITICAL, REASON_TIMEOUT));
	assert_true(change_of(with_empty, 3, STATE_CRITICAL, REASON_TIMEOUT));
	assert_true(change_of(other, 2, STATE_OK, REASON_OK));
	assert_false(change_of(one, 2, STATE_CRITICAL, REASON_TIMEOUT));
}

static int count_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)path;
	(void)walk;
	if (type == FTW_F)
		assert_int_equal(st->st_mode & 07777, 0600);
	return 0;
}

static void test_memory_is_private(void **state)
{
	struct stat st;

	(void)state;
	assert_true(change(STATE_CRITICAL, REASON_TIMEOUT));
	assert_int_equal(lstat(path_of("run"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(nftw(path_of("run"), count_one, 4, FTW_PHYS), 0);
}

/* The name of the only file in RUNTIME_DIRECTORY */
static char memory[192];

static int take_name(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)walk;
	if (type == FTW_F)
		(void)snprintf(memory, sizeof(memory), "%s", path);
	return 0;
}

static void find_memory(void)
{
	memory[0] = '\0';
	assert_int_equal(nftw(path_of("run"), take_name, 4, FTW_PHYS), 0);
	assert_true(memory[0] != '\0');
}

static void test_symlink_is_refused(void **state)
{
	struct stat st;

	(void)state;
	assert_true(change(STATE_CRITICAL, REASON_TIMEOUT));
	find_memory();
	unit_write(path_of("victim"), 0600, "", 0);
	assert_int_equal(unlink(memory), 0);
	assert_int_equal(symlink(path_of("victim"), memory), 0);
	assert_false(change(STATE_WARNING, REASON_STALE)); /* nowhere to remember: silent */
	assert_int_equal(stat(path_of("victim"), &st), 0);
	assert_int_equal(st.st_size, 0);
}

static void test_fifo_is_refused(void **state)
{
	(void)state;
	assert_true(change(STATE_CRITICAL, REASON_TIMEOUT));
	find_memory();
	assert_int_equal(unlink(memory), 0);
	assert_int_equal(mkfifo(memory, 0600), 0);
	assert_false(change(STATE_WARNING, REASON_STALE));
}

/* Only root can make a foreign file; for others a foreign directory does. */
static void test_foreign_file_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		assert_int_equal(setenv("RUNTIME_DIRECTORY", "/", 1), 0);
		assert_false(change(STATE_CRITICAL, REASON_TIMEOUT));
		return;
	}
	assert_true(change(STATE_CRITICAL, REASON_TIMEOUT));
	find_memory();
	assert_int_equal(chown(memory, 65534, 65534), 0);
	assert_false(change(STATE_WARNING, REASON_STALE));
}

static void test_open_directory_is_refused(void **state)
{
	(void)state;
	assert_int_equal(__real_mkdir(path_of("run"), 0700), 0);
	assert_int_equal(chmod(path_of("run"), 0777), 0);
	assert_false(change(STATE_CRITICAL, REASON_TIMEOUT));
	assert_int_equal(chmod(path_of("run"), 0700), 0);
	assert_true(change(STATE_CRITICAL, REASON_TIMEOUT));
}

static void test_linked_directory_is_refused(void **state)
{
	(void)state;
	assert_int_equal(__real_mkdir(path_of("real"), 0700), 0);
	assert_int_equal(symlink("real", path_of("run")), 0);
	assert_false(change(STATE_CRITICAL, REASON_TIMEOUT));
}

/* Without RUNTIME_DIRECTORY it is /run or /dev/shm, wrapped to "elsewhere". */
static void test_without_runtime_directory(void **state)
{
	char own[64];

	(void)state;
	assert_int_equal(unsetenv("RUNTIME_DIRECTORY"), 0);
	assert_false(change(STATE_CRITICAL, REASON_TIMEOUT)); /* it cannot be made */
	assert_int_equal(__real_mkdir(path_of("elsewhere"), 0700), 0);
	assert_true(change(STATE_CRITICAL, REASON_TIMEOUT));
	assert_false(change(STATE_CRITICAL, REASON_TIMEOUT));
	(void)snprintf(own, sizeof(own), "elsewhere/keepwell-%lu", (unsigned long)geteuid());
	assert_int_equal(chmod(path_of(own), 0770), 0);
	assert_false(change(STATE_WARNING, REASON_STALE)); /* others may write there */
}

static void test_garbage_in_memory(void **state)
{
	static char garbage[500];

	(void)state;
	assert_true(change(STATE_CRITICAL, REASON_TIMEOUT));
	find_memory();
	memset(garbage, 'g', sizeof(garbage));
	unit_write(memory, 0600, garbage, sizeof(garbage));
	assert_true(change(STATE_CRITICAL, REASON_TIMEOUT));
	assert_false(change(STATE_CRITICAL, REASON_TIMEOUT));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_first_ok_is_silent),	      TEST(test_first_failure_is_logged),
		TEST(test_every_change_is_logged),    TEST(test_command_lines_are_independent),
		TEST(test_memory_is_private),	      TEST(test_symlink_is_refused),
		TEST(test_fifo_is_refused),	      TEST(test_foreign_file_is_refused),
		TEST(test_open_directory_is_refused), TEST(test_linked_directory_is_refused),
		TEST(test_without_runtime_directory), TEST(test_garbage_in_memory),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
