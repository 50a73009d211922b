/*
 * secrets.c: see secrets.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/secrets.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "common/mask.h"

#define CREDENTIAL_PREFIX "credential:"
#define READ_MAX	  (SECRET_MAX + 2) /* a line end, and one byte too many */

void secret_cleanup(char **secret)
{
	mask_remove(*secret);
	if (*secret)
		explicit_bzero(*secret, strlen(*secret));
	free(*secret);
	*secret = NULL;
}

/* systemd passes the directory of LoadCredential= in the environment, see systemd.exec(5). */
static int credential_path(const char *name, char **ret_path, struct error *error)
{
	const char *directory = getenv("CREDENTIALS_DIRECTORY");

	if (!directory)
		return error_set(error, ENOENT,
				 "no credential \"%s\": the unit has no LoadCredential=", name);
	if (strchr(name, '/') || !*name)
		return error_set(error, EINVAL, "\"%s\" is not the name of a credential", name);
	if (asprintf(ret_path, "%s/%s", directory, name) < 0)
		return error_set(error, ENOMEM, "out of memory");
	return 0;
}

/* O_NONBLOCK: a FIFO must not hold us. */
static int open_checked(const char *path, int *ret_fd, struct error *error)
{
	cleanup_(close_cleanup) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return error_set(error, errno, "cannot read %s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return error_set(error, EINVAL, "%s is not a plain file", path);
	if (st.st_mode & (S_IROTH | S_IWOTH))
		return error_set(
			error, EPERM,
			"%s is %s by every user (mode %04o): chmod o-rw it, and change the "
			"secret",
			path, st.st_mode & S_IROTH ? "readable" : "writable",
			(unsigned int)st.st_mode & 07777U);
	*ret_fd = TAKE_FD(fd);
	return 0;
}

static int open_secret(const char *path, int *ret_fd, struct error *error)
{
	cleanup_(free_cleanup) char *credential = NULL;
	size_t prefix = strlen(CREDENTIAL_PREFIX);
	int r;

	if (strncmp(path, CREDENTIAL_PREFIX, prefix) != 0)
		return open_checked(path, ret_fd, error);
	r = credential_path(path + prefix, &credential, error);
	return credential ? open_checked(credential, ret_fd, error) : r;
}

int secret_check_file(const char *path, struct error *error)
{
	cleanup_(close_cleanup) int fd = -1;

	return open_secret(path, &fd, error);
}

static ssize_t read_all(int fd, char *buffer, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t n = read(fd, buffer + used, size - used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		used += (size_t)n;
	}
	return (ssize_t)used;
}

static int check_content(const char *path, char *text, size_t length, struct error *error)
{
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		length--;
	text[length] = '\0';
	if (length > SECRET_MAX)
		return error_set(error, EFBIG, "%s is longer than %d bytes", path, SECRET_MAX);
	if (length == 0)
		return error_set(error, EINVAL, "%s is empty", path);
	for (size_t i = 0; i < length; i++)
		if (iscntrl((unsigned char)text[i]))
			return error_set(error, EINVAL, "%s holds more than one line of plain text",
					 path);
	return 0;
}

int secret_read(const char *path, char **ret_secret, struct error *error)
{
	cleanup_(close_cleanup) int fd = -1;
	cleanup_(free_cleanup) char *text = NULL;
	ssize_t n;
	int r;

	r = open_secret(path, &fd, error);
	if (r < 0)
		return r;
	text = malloc(READ_MAX + 1);
	if (!text)
		return error_set(error, ENOMEM, "out of memory");
	n = read_all(fd, text, READ_MAX);
	if (n < 0)
		r = error_set(error, (int)-n, "cannot read %s: %s", path, strerror((int)-n));
	else
		r = check_content(path, text, (size_t)n, error);
	if (r < 0) {
		explicit_bzero(text, READ_MAX + 1);
		return r;
	}
	mask_add(text);
	*ret_secret = TAKE_PTR(text);
	return 0;
}
