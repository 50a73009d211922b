/*
 * http_validate.c: the HTTP options, checked before anything is sent. See http.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <sys/un.h>

#include "common/http.h"
#include "common/secrets.h"

/* Copies the next of the colon-separated parts, where a bracketed IPv6 address is one part. */
static bool next_part(const char **text, char *part, size_t size)
{
	size_t length = **text == '[' ? strcspn(*text, "]") + 1 : strcspn(*text, ":");

	if (length >= size || length > strlen(*text))
		return false;
	memcpy(part, *text, length);
	part[length] = '\0';
	*text += length;
	if (**text == ':')
		(*text)++;
	else if (**text)
		return false;
	return true;
}

static bool is_port(const char *text)
{
	long number = strtol(text, NULL, 10);

	return text[strspn(text, "0123456789")] == '\0' && number >= 1 && number <= 65535;
}

static bool is_host(const char *host)
{
	struct error ignored;
	struct url url;
	char text[300];

	(void)snprintf(text, sizeof(text), "http://%s", host);
	return !strchr(host, '/') && url_parse(text, &url, &ignored) == 0;
}

/* HOST1:PORT1:HOST2:PORT2, of which the first two may be empty. Gives HOST2. */
static bool read_connect_to(const char *rule, char host[static 256])
{
	char port[16];

	if (!next_part(&rule, host, 256) || !next_part(&rule, port, sizeof(port)) ||
	    (port[0] && !is_port(port)))
		return false;
	return next_part(&rule, host, 256) && is_host(host) &&
	       next_part(&rule, port, sizeof(port)) && is_port(port) && *rule == '\0';
}

static bool is_server_name(const char *name)
{
	return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") ==
		       strlen(name) &&
	       strlen(name) < 256;
}

static int validate_address(const struct http_options *options, const struct url *url,
			    struct error *error)
{
	bool is_ipv6 = url->host[0] == '[';

	if (options->ipv4 && options->ipv6)
		return error_set(error, EINVAL, "--ipv4 and --ipv6 exclude each other");
	if (url->host_is_literal && ((options->ipv4 && is_ipv6) || (options->ipv6 && !is_ipv6)))
		return error_set(error, EINVAL, "--%s: the URL has an address of the other family",
				 options->ipv4 ? "ipv4" : "ipv6");
	if (options->unix_socket &&
	    strlen(options->unix_socket) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return error_set(error, EINVAL, "--unix-socket: the path is longer than %zu bytes",
				 sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1);
	return 0;
}

void http_name_to_resolve(const struct http_options *options, const struct url *url, char *name,
			  size_t size)
{
	char host[256];
	struct url target = *url;
	struct error ignored;
	char text[300];

	name[0] = '\0';
	if (options->unix_socket)
		return;
	if (options->connect_to && read_connect_to(options->connect_to, host)) {
		(void)snprintf(text, sizeof(text), "http://%s", host);
		if (url_parse(text, &target, &ignored) < 0)
			return;
	}
	if (!target.host_is_literal)
		(void)snprintf(name, size, "%s", target.host);
}

int http_options_validate(const struct http_options *options, const struct url *url,
			  struct error *error)
{
	char host[256];
	int r = validate_address(options, url, error);

	if (r < 0)
		return r;
	if (options->key && !options->cert)
		return error_set(error, EINVAL, "--key needs --cert");
	if (options->server_name && options->connect_to)
		return error_set(error, EINVAL,
				 "--server-name and --connect-to exclude each other");
	if (options->server_name && !is_server_name(options->server_name))
		return error_set(error, EINVAL, "--server-name: \"%s\" is not a host name",
				 options->server_name);
	if (options->connect_to && !read_connect_to(options->connect_to, host))
		return error_set(error, EINVAL,
				 "--connect-to: \"%s\" is not HOST1:PORT1:HOST2:PORT2",
				 options->connect_to);
	return 0;
}

/* libcurl names an unreadable file only in part, and late; so they are opened here first. */
int http_options_check_files(const struct http_options *options, struct error *error)
{
	const struct {
		const char *option, *path;
	} files[] = {
		{"cacert", options->cacert},
		{"capath", options->capath},
		{"cert", options->cert},
		{"key", options->key},
	};
	const char *secret = options->key ? options->key : options->cert;
	struct error why;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (files[i].path && access(files[i].path, R_OK) < 0)
			return error_set(error, EINVAL, "--%s: cannot read %s: %s", files[i].option,
					 files[i].path, strerror(errno));
	if (secret && secret_check_file(secret, &why) < 0)
		return error_set(error, EACCES, "--%s: %s", options->key ? "key" : "cert",
				 why.text);
	return 0;
}
