/*
 * url.c: see url.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>

/* Copies from[0..length) into a buffer of size bytes; false if it does not fit. */
static bool copy_part(char *to, size_t size, const char *from, size_t length)
{
	if (length >= size)
		return false;
	memcpy(to, from, length);
	to[length] = '\0';
	return true;
}

static bool is_ipv6_literal(const char *bracketed)
{
	char address[INET6_ADDRSTRLEN];
	struct in6_addr binary;
	size_t length = strlen(bracketed);

	return copy_part(address, sizeof(address), bracketed + 1, length - 2) &&
	       inet_pton(AF_INET6, address, &binary) == 1;
}

static bool is_host_name(const char *host)
{
	if (!*host)
		return false;
	for (; *host; host++)
		if (!isalnum((unsigned char)*host) && !strchr("-._", *host))
			return false;
	return true;
}

static int parse_host(const char *text, const char *authority, size_t length, struct url *url,
		      struct error *error)
{
	struct in_addr binary;

	if (!copy_part(url->host, sizeof(url->host), authority, length))
		return error_set(error, EINVAL, "\"%s\": the host name is too long", text);
	if (url->host[0] == '[') {
		if (!is_ipv6_literal(url->host))
			return error_set(error, EINVAL, "\"%s\": %s is not an IPv6 address", text,
					 url->host);
		url->host_is_literal = true;
		return 0;
	}
	if (!is_host_name(url->host))
		return error_set(error, EINVAL,
				 "\"%s\": \"%s\" is not a host name or address (IPv6 addresses "
				 "stand in brackets)",
				 text, url->host);
	url->host_is_literal = inet_pton(AF_INET, url->host, &binary) == 1;
	return 0;
}

static int parse_port(const char *text, const char *port, size_t length, struct url *url,
		      struct error *error)
{
	char digits[8];
	char *end;
	long number;

	if (copy_part(digits, sizeof(digits), port, length) && isdigit((unsigned char)digits[0])) {
		number = strtol(digits, &end, 10);
		if (*end == '\0' && number >= 1 && number <= 65535) {
			url->port = (int)number;
			return 0;
		}
	}
	return error_set(error, EINVAL, "\"%s\": the port is not a number from 1 to 65535", text);
}

static int parse_path(const char *text, const char *path, struct url *url, struct error *error)
{
	size_t length = strlen(path);

	if (strpbrk(path, "?#"))
		return error_set(error, EINVAL,
				 "\"%s\": a base URL has no query or fragment (no '?' or '#')",
				 text);
	for (const char *c = path; *c; c++)
		if (!isgraph((unsigned char)*c))
			return error_set(error, EINVAL,
					 "\"%s\": spaces and control characters are not allowed",
					 text);
	while (length > 0 && path[length - 1] == '/')
		length--;
	if (!copy_part(url->path, sizeof(url->path), path, length))
		return error_set(error, EINVAL, "\"%s\": the path is too long", text);
	return 0;
}

int url_parse(const char *text, struct url *ret, struct error *error)
{
	struct url url = {0};
	const char *authority;
	size_t length;
	size_t host_length;
	int r;

	url.tls = strncmp(text, "https://", 8) == 0;
	if (!url.tls && strncmp(text, "http://", 7) != 0)
		return error_set(error, EINVAL, "\"%s\" does not begin with http:// or https://",
				 text);
	authority = text + (url.tls ? 8 : 7);
	length = strcspn(authority, "/?#");
	if (memchr(authority, '@', length))
		return error_set(error, EINVAL,
				 "user names and passwords do not belong in a URL, where every "
				 "user of this machine sees them; use a file");
	url.port = url.tls ? 443 : 80;
	host_length =
		authority[0] == '[' ? strcspn(authority, "]") + 1 : strcspn(authority, ":/?#");
	if (host_length > length)
		return error_set(error, EINVAL, "\"%s\": a ']' is missing", text);
	r = parse_host(text, authority, host_length, &url, error);
	if (r == 0 && host_length < length)
		r = authority[host_length] == ':'
			    ? parse_port(text, authority + host_length + 1,
					 length - host_length - 1, &url, error)
			    : error_set(error, EINVAL, "\"%s\": ':' expected after the host", text);
	if (r == 0)
		r = parse_path(text, authority + length, &url, error);
	if (r == 0)
		*ret = url;
	return r;
}

char *url_encode(const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	char *encoded = malloc(3 * strlen(text) + 1);
	char *out = encoded;

	for (; encoded && *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (isalnum(byte) || strchr("-._~", *text)) {
			*out++ = *text;
			continue;
		}
		*out++ = '%';
		*out++ = digits[byte >> 4];
		*out++ = digits[byte & 15];
	}
	if (encoded)
		*out = '\0';
	return encoded;
}
