/*
 * test_url.c: URLs that are taken apart, and every kind that is refused.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include "common/url.h"

static const struct {
	const char *text;
	struct url url;
} good[] = {
	{"http://127.0.0.1:8086", {false, true, "127.0.0.1", 8086, ""}},
	{"http://127.0.0.1", {false, true, "127.0.0.1", 80, ""}},
	{"https://db1.example.org", {true, false, "db1.example.org", 443, ""}},
	{"https://db1.example.org:8443/", {true, false, "db1.example.org", 8443, ""}},
	{"http://db1/influx/", {false, false, "db1", 80, "/influx"}},
	{"http://db1/influx/v1//", {false, false, "db1", 80, "/influx/v1"}},
	{"http://db_1-a.b/%20", {false, false, "db_1-a.b", 80, "/%20"}},
	{"http://[::1]:8086", {false, true, "[::1]", 8086, ""}},
	{"https://[fe80::1]", {true, true, "[fe80::1]", 443, ""}},
	{"http://[::ffff:10.0.0.1]/x", {false, true, "[::ffff:10.0.0.1]", 80, "/x"}},
	{"http://h:1", {false, false, "h", 1, ""}},
	{"http://h:65535", {false, false, "h", 65535, ""}},
	{"http://1.2.3", {false, false, "1.2.3", 80, ""}},
};

static void test_good(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct error error = {""};
		struct url url = {0};
		const struct url *want = &good[i].url;

		row_check(bad, url_parse(good[i].text, &url, &error) == 0, "%s: %s", good[i].text,
			  error.text);
		row_check(bad,
			  url.tls == want->tls && url.port == want->port &&
				  url.host_is_literal == want->host_is_literal &&
				  strcmp(url.host, want->host) == 0 &&
				  strcmp(url.path, want->path) == 0,
			  "%s: %s %d %s", good[i].text, url.host, url.port, url.path);
	}
	assert_int_equal(bad, 0);
}

static const struct {
	const char *text;
	const char *why; /* part of the error's text */
} refused[] = {
	{"", "does not begin with http:// or https://"},
	{"127.0.0.1:8086", "does not begin with http:// or https://"},
	{"ftp://h", "does not begin with http:// or https://"},
	{"http:/h", "does not begin with http:// or https://"},
	{" http://h", "does not begin with http:// or https://"},
	{"unix:///run/x", "does not begin with http:// or https://"},
	{"http://", "is not a host name"},
	{"http:///path", "is not a host name"},
	{"http://:8086", "is not a host name"},
	{"http://a b", "is not a host name"},
	{"http://a\nb", "is not a host name"},
	{"http://a%41", "is not a host name"},
	{"http://a,b", "is not a host name"},
	{"http://\xc3\xa4", "is not a host name"},
	{"http://::1", "IPv6 addresses stand in brackets"},
	{"http://user@h", "user names and passwords do not belong in a URL"},
	{"https://user:secret@h:1/x", "user names and passwords do not belong in a URL"},
	{"http://h:", "the port is not a number from 1 to 65535"},
	{"http://h:0", "the port is not a number from 1 to 65535"},
	{"http://h:65536", "the port is not a number from 1 to 65535"},
	{"http://h:-1", "the port is not a number from 1 to 65535"},
	{"http://h:+80", "the port is not a number from 1 to 65535"},
	{"http://h: 80", "the port is not a number from 1 to 65535"},
	{"http://h:80x", "the port is not a number from 1 to 65535"},
	{"http://h:80:90", "the port is not a number from 1 to 65535"},
	{"http://h:99999999999999999999", "the port is not a number from 1 to 65535"},
	{"http://[::1", "a ']' is missing"},
	{"http://[", "a ']' is missing"},
	{"http://[::1/x]", "a ']' is missing"},
	{"http://[]", "is not an IPv6 address"},
	{"http://[127.0.0.1]", "is not an IPv6 address"},
	{"http://[::g]", "is not an IPv6 address"},
	{"http://[fe80::1%25eth0]", "is not an IPv6 address"},
	{"http://[::1]x", "':' expected after the host"},
	{"http://[::1]:", "the port is not"},
	{"http://h?q=1", "no query or fragment"},
	{"http://h/p?q=1", "no query or fragment"},
	{"http://h/p#f", "no query or fragment"},
	{"http://h/a b", "spaces and control characters are not allowed"},
	{"http://h/a\tb", "spaces and control characters are not allowed"},
	{"http://h/\xc3\xa4", "not allowed"},
};

static void test_refused(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct error error = {""};
		struct url url = {.port = 12345};

		row_check(bad, url_parse(refused[i].text, &url, &error) == -EINVAL, "%s",
			  refused[i].text);
		row_check(bad, strstr(error.text, refused[i].why), "%s: %s", refused[i].text,
			  error.text);
		row_check(bad, url.port == 12345, "%s: the result is touched", refused[i].text);
	}
	assert_int_equal(bad, 0);
}

static void test_password_is_not_repeated(void **state)
{
	struct error error = {""};
	struct url url;

	(void)state;
	assert_int_equal(url_parse("http://joe:hunter2@h", &url, &error), -EINVAL);
	assert_null(strstr(error.text, "hunter2"));
	assert_null(strstr(error.text, "joe"));
}

static int parse_long(size_t host, size_t path)
{
	char text[1024] = "http://";
	struct error error = {""};
	struct url url;
	size_t used = strlen(text);

	memset(text + used, 'h', host);
	used += host;
	text[used++] = '/';
	memset(text + used, 'p', path);
	text[used + path] = '\0';
	return url_parse(text, &url, &error);
}

static void test_lengths(void **state)
{
	(void)state;
	assert_int_equal(parse_long(255, 254), 0);
	assert_int_equal(parse_long(256, 1), -EINVAL);
	assert_int_equal(parse_long(1, 255), -EINVAL);
}

static void test_encode(void **state)
{
	static const struct {
		const char *text, *encoded;
	} rows_here[] = {
		{"", ""},
		{"abcXYZ019-._~", "abcXYZ019-._~"},
		{"a b&c=d+e/f?g#h%", "a%20b%26c%3Dd%2Be%2Ff%3Fg%23h%25"},
		{"\xc3\xa9\xff", "%C3%A9%FF"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows_here); i++) {
		cleanup_(free_cleanup) char *encoded = url_encode(rows_here[i].text);

		assert_string_equal(encoded, rows_here[i].encoded);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encode),	cmocka_unit_test(test_good),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_password_is_not_repeated),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
