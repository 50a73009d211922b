/*
 * test_secrets.c: which files a secret may be in, and that no secret is told.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include "common/secrets.h"

static struct unit_directory directory;

static int setup(void **state)
{
	(void)state;
	unit_directory_make(&directory);
	return unsetenv("CREDENTIALS_DIRECTORY");
}

static int teardown(void **state)
{
	(void)state;
	unit_directory_remove(&directory);
	return unsetenv("CREDENTIALS_DIRECTORY");
}

static const char *path_of(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", directory.path, name);
	return path;
}

#define CONTENT(literal) literal, sizeof(literal) - 1

static const struct {
	const char *name;
	const char *content;
	size_t length;
	mode_t mode;
	int result;
	const char *told; /* the secret, or a part of the error's text */
} files[] = {
	{"plain", CONTENT("s3cret\n"), 0600, 0, "s3cret"},
	{"no-newline", CONTENT("s3cret"), 0400, 0, "s3cret"},
	{"crlf", CONTENT("s3cret\r\n"), 0600, 0, "s3cret"},
	{"newlines", CONTENT("s3cret\n\n\n"), 0600, 0, "s3cret"},
	{"inner-space", CONTENT("a b:c\n"), 0600, 0, "a b:c"},
	{"utf8", CONTENT("p\xc3\xa4ss\n"), 0600, 0, "p\xc3\xa4ss"},
	{"group", CONTENT("s3cret\n"), 0640, 0, "s3cret"},
	{"empty", CONTENT(""), 0600, -EINVAL, "empty is empty"},
	{"blank", CONTENT(" \n\t\n"), 0600, -EINVAL, "blank is empty"},
	{"two-lines", CONTENT("hunter2\nsecond\n"), 0600, -EINVAL, "more than one line"},
	{"nul", CONTENT("hunter2\0x"), 0600, -EINVAL, "more than one line of plain text"},
	{"escape", CONTENT("hunter2\033[0m"), 0600, -EINVAL, "more than one line of plain text"},
	{"others-read", CONTENT("hunter2"), 0604, -EPERM, "readable by every user (mode 0604)"},
	{"others-write", CONTENT("hunter2"), 0602, -EPERM, "writable by every user (mode 0602)"},
	{"others-both", CONTENT("hunter2"), 0666, -EPERM, "(mode 0666)"},
	{"empty-open", CONTENT(""), 0644, -EPERM, "readable by every user"},
};

static void test_files(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		cleanup_(secret_cleanup) char *secret = NULL;
		struct error error = {""};
		int r;

		unit_write(path_of(files[i].name), files[i].mode, files[i].content,
			   files[i].length);
		r = secret_read(path_of(files[i].name), &secret, &error);
		row_check(bad, r == files[i].result, "%s: %d", files[i].name, r);
		row_check(bad,
			  r == 0 ? strcmp(secret, files[i].told) == 0
				 : strstr(error.text, files[i].told) != NULL,
			  "%s: %s", files[i].name, r == 0 ? secret : error.text);
		row_check(bad, !strstr(error.text, "hunter2"), "%s tells it", files[i].name);
		row_check(bad, r == 0 || strstr(error.text, path_of(files[i].name)), "%s",
			  error.text);
		row_check(bad, r == 0 || !secret, "%s: a result with an error", files[i].name);
	}
	assert_int_equal(bad, 0);
}

static void expect_refused(const char *path, int result, const char *why)
{
	cleanup_(secret_cleanup) char *secret = NULL;
	struct error error = {""};

	assert_int_equal(secret_read(path, &secret, &error), result);
	assert_contains(error.text, why);
	assert_null(secret);
	assert_int_equal(secret_check_file(path, &error), result);
	assert_contains(error.text, why);
}

static void test_not_a_plain_file(void **state)
{
	(void)state;
	expect_refused(path_of("absent"), -ENOENT, "No such file");
	expect_refused(directory.path, -EINVAL, "is not a plain file");
	assert_int_equal(mkfifo(path_of("fifo"), 0600), 0);
	expect_refused(path_of("fifo"), -EINVAL, "is not a plain file");
	expect_refused("/dev/null", -EINVAL, "is not a plain file");
	assert_int_equal(symlink("nowhere", path_of("dangling")), 0);
	expect_refused(path_of("dangling"), -ENOENT, "No such file");
}

static void test_check_file_does_not_look_inside(void **state)
{
	struct error error;

	(void)state;
	unit_write(path_of("two"), 0600, "a\nb\n", 4);
	assert_int_equal(secret_check_file(path_of("two"), &error), 0);
}

static int read_of_length(size_t length)
{
	cleanup_(secret_cleanup) char *secret = NULL;
	static char content[SECRET_MAX + 2];
	struct error error = {""};
	int r;

	memset(content, 'k', sizeof(content));
	unit_write(path_of("long"), 0600, content, length);
	r = secret_read(path_of("long"), &secret, &error);
	if (r == 0)
		assert_int_equal(strlen(secret), length);
	else
		assert_contains(error.text, "is longer than 4096 bytes");
	return r;
}

static void test_length(void **state)
{
	(void)state;
	assert_int_equal(read_of_length(SECRET_MAX), 0);
	assert_int_equal(read_of_length(SECRET_MAX + 1), -EFBIG);
	assert_int_equal(read_of_length(SECRET_MAX + 2), -EFBIG);
}

static void test_credential(void **state)
{
	cleanup_(secret_cleanup) char *secret = NULL;
	struct error error;

	(void)state;
	expect_refused("credential:token", -ENOENT, "the unit has no LoadCredential=");
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", directory.path, 1), 0);
	unit_write(path_of("token"), 0400, "s3cret\n", 7);
	assert_int_equal(secret_read("credential:token", &secret, &error), 0);
	assert_string_equal(secret, "s3cret");
	expect_refused("credential:absent", -ENOENT, path_of("absent"));
	expect_refused("credential:", -EINVAL, "is not the name of a credential");
	expect_refused("credential:../token", -EINVAL, "is not the name of a credential");
	expect_refused("credential:..", -EINVAL, "");
}

static void test_cleanup(void **state)
{
	char *secret = strdup("s3cret");

	(void)state;
	secret_cleanup(&secret);
	assert_null(secret);
	secret_cleanup(&secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_a_plain_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_check_file_does_not_look_inside, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_length, setup, teardown),
		cmocka_unit_test_setup_teardown(test_credential, setup, teardown),
		cmocka_unit_test(test_cleanup),
	};

	return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
