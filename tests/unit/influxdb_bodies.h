/*
 * influxdb_bodies.h: bodies that live servers answered with, recorded from InfluxDB 1.6.7, 1.8.10,
 * 2.7.5 and main-2.x, influxdb-cluster 1.8.11-c1.2.0, influxdb-relay (influxdata and veepee-oss)
 * and influx-proxy 2.5.12; those of InfluxDB 3 and of overload follow the sources.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

/* /ping, /ready, /health, /status */
#define BODY_NONE   ""
#define BODY_PING_3 "{\"version\":\"3.10.1\",\"revision\":\"abc\",\"process_id\":\"x\"}"
#define BODY_HEALTH_1                                                                              \
	"{\"checks\":[],\"message\":\"ready for queries and writes\",\"name\":\"influxdb\",\"status\":\"pass\",\"version\":\"1.8.10\"}"
#define BODY_HEALTH_2                                                                              \
	"{\"name\":\"influxdb\", \"message\":\"ready for queries and writes\", \"status\":\"pass\", \"checks\":[], \"version\": \"v2.7.5\", \"commit\": \"09a9607fd9\"}"
#define BODY_HEALTH_29                                                                             \
	"{\"name\":\"influxdb\",\"status\":\"pass\",\"message\":\"healthy\",\"checks\":[{\"name\":\"bolt\",\"status\":\"pass\"},{\"name\":\"shards\",\"status\":\"pass\"}],\"version\":\"v2.9.1-dev\",\"commit\":\"85b84f4413\"}"
#define BODY_HEALTH_3 "OK"
#define BODY_HEALTH_FAIL                                                                           \
	"{\"name\":\"influxdb\",\"message\":\"unhealthy\",\"status\":\"fail\",\"checks\":[{\"name\":\"bolt\",\"status\":\"pass\"},{\"name\":\"sqlite\",\"status\":\"fail\",\"message\":\"disk I/O error\"}]}"
#define BODY_READY_2                                                                               \
	"{\n    \"status\": \"ready\",\n    \"started\": \"2026-11-21T12:08:26.702861384Z\",\n    \"up\": \"1.842921162s\"\n}\n"
#define BODY_STARTING "{\"status\":\"starting\"}"
#define BODY_READY_STARTING                                                                        \
	"{\"status\":\"starting\",\"started\":\"2026-11-21T12:27:46.513722941Z\",\"up\":\"67.655754ms\",\"checks\":[{\"name\":\"query\",\"status\":\"fail\",\"message\":\"not ready\"},{\"name\":\"tasks\",\"status\":\"fail\",\"message\":\"not ready\"}]}"
#define BODY_UI                                                                                    \
	"<!doctype html><html lang=\"en\"><head><title>InfluxDB</title></head><body>stand-in for the UI page</body></html>"
#define BODY_LEADER "127.0.0.1:18410"
#define BODY_META_STATUS                                                                           \
	"{\"nodeType\":\"meta\",\"leader\":\"127.0.0.1:18410\",\"httpAddr\":\"127.0.0.1:18411\",\"raftAddr\":\"127.0.0.1:18410\",\"peers\":[\"127.0.0.1:18410\"]}"
#define BODY_META_UNJOINED                                                                         \
	"{\"nodeType\":\"meta\",\"leader\":\"\",\"httpAddr\":\"127.0.0.1:18421\",\"raftAddr\":\"127.0.0.1:18420\",\"peers\":null}"
#define BODY_META_NO_ADMIN "{\"error\":\"must create admin user first\"}"
#define BODY_404	   "404 page not found\n"
#define BODY_RELAY_404	   "{\"error\":\"invalid write endpoint\"}"
#define BODY_RELAY_HEALTHY                                                                         \
	"{\"status\":\"healthy\",\"healthy\":{\"local1\":\"OK. Time taken 672.333\xc2\xb5s\",\"local2\":\"OK. Time taken 488.248\xc2\xb5s\"}}"
#define BODY_RELAY_PROBLEM                                                                         \
	"{\"status\":\"problem\",\"healthy\":{\"local1\":\"OK. Time taken 362.08\xc2\xb5s\"},\"problem\":{\"local2\":\"KO. Get \\\"http://127.0.0.1:18213/ping\\\": dial tcp 127.0.0.1:18213: connect: connection refused\"}}"
#define BODY_RELAY_CRITICAL                                                                        \
	"{\"status\":\"critical\",\"problem\":{\"local1\":\"KO. Unexpected error code \xc6\x91\",\"local2\":\"KO. Unexpected error code \xc6\x94\"}}"
#define BODY_RELAY_LIMIT "\"Too Many Requests\""

#define PROXY_BACKEND(name, active, backlog, rewriting)                                            \
	"{\"name\":\"" name "\",\"url\":\"http://127.0.0.1:18201\",\"active\":" active             \
	",\"backlog\":" backlog ",\"rewriting\":" rewriting ",\"write_only\":false}"
#define PROXY_CIRCLE(id, active, backends)                                                         \
	"{\"circle\":{\"id\":" id ",\"name\":\"circle\",\"active\":" active                        \
	",\"write_only\":false},\"backends\":[" backends "]}"
#define PROXY_HEALTH(circles)                                                                      \
	"{\"checks\":[],\"circles\":[" circles                                                     \
	"],\"message\":\"ready for queries and writes\",\"name\":\"influx-proxy\",\"status\":\"pass\",\"version\":\"2.5.12\"}"
#define BODY_PROXY_ALL_UP                                                                          \
	PROXY_HEALTH(PROXY_CIRCLE(                                                                 \
		"0", "true",                                                                       \
		PROXY_BACKEND("1-1", "true", "false",                                              \
			      "false")) "," PROXY_CIRCLE("1", "true",                              \
							 PROXY_BACKEND("2-1", "true", "false",     \
								       "false")))
#define BODY_PROXY_ONE_DOWN                                                                        \
	PROXY_HEALTH(PROXY_CIRCLE(                                                                 \
		"0", "true",                                                                       \
		PROXY_BACKEND("1-1", "true", "false",                                              \
			      "false")) "," PROXY_CIRCLE("1", "false",                             \
							 PROXY_BACKEND("2-1", "false", "true",     \
								       "true")))
#define BODY_PROXY_BEHIND                                                                          \
	PROXY_HEALTH(PROXY_CIRCLE("0", "true", PROXY_BACKEND("1-1", "true", "true", "true")))
#define BODY_PROXY_ALL_DOWN                                                                        \
	PROXY_HEALTH(                                                                              \
		PROXY_CIRCLE("0", "false",                                                         \
			     PROXY_BACKEND("1-1", "false", "false", "false") "," PROXY_BACKEND(    \
				     "1-2", "false", "true", "true")))

/* /query */
#define RESULTS(inside) "{\"results\":[{\"statement_id\":0" inside "}]}\n"
#define SERIES(columns, values)                                                                    \
	RESULTS(",\"series\":[{\"name\":\"ha_probe\",\"columns\":[" columns                        \
		"],\"values\":[" values "]}]")
#define BODY_NO_ROWS   RESULTS("")
#define BODY_ROW       SERIES("\"time\",\"v\"", "[1795262585000,42]")
#define BODY_OTHER_ROW SERIES("\"time\",\"v\"", "[1795262585000,41]")
#define BODY_DATABASES                                                                             \
	"{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"databases\",\"columns\":[\"name\"],\"values\":[[\"viaget\"],[\"ha\"]]}]}]}\n"
#define BODY_NO_DATABASES                                                                          \
	"{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"databases\",\"columns\":[\"name\"]}]}]}\n"
#define BODY_MIXED                                                                                 \
	"{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"m\",\"columns\":[\"time\",\"b\",\"f\",\"h\",\"i\",\"s\"],\"values\":[[1795262594000,true,1.5,\"a\",3,\"x\"]]}]}]}\n"
#define BODY_WINDOW                                                                                \
	"{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"m\",\"columns\":[\"time\",\"count_b\",\"count_f\",\"count_i\",\"count_s\",\"sum_f\",\"sum_i\"],\"values\":[[1795262534000,2,2,2,2,4,7]]}]}]}\n"
#define BODY_RFC3339	  SERIES("\"time\",\"v\"", "[\"2026-11-21T12:03:14Z\",42]")
#define BODY_CSV	  "name,tags,time,node,v\nha_probe,,1795262580000,n2,7\n"
#define BODY_DB_200	  RESULTS(",\"error\":\"database not found: nope\"")
#define BODY_RP_200	  RESULTS(",\"error\":\"retention policy not found: norp\"")
#define BODY_RP_UNSET_200 RESULTS(",\"error\":\"default retention policy not set for: db1\"")
#define BODY_ENGINE_200	  RESULTS(",\"error\":\"open /var/lib/influxdb/data: too many open files\"")
#define BODY_SYNTAX_1                                                                              \
	"{\"error\":\"error parsing query: found FROM, expected identifier, string, number, bool at line 1, char 8\"}\n"
#define BODY_SYNTAX_2                                                                              \
	"{\"code\":\"invalid\",\"message\":\"failed to parse query: found FROM, expected identifier, string, number, bool at line 1, char 8\"}"
#define BODY_QUERY_403                                                                             \
	"{\"error\":\"error authorizing query: nogrant not authorized to execute statement 'SELECT v FROM ha_probe', requires READ on ha\"}\n"
#define BODY_NO_ADMIN                                                                              \
	"{\"error\":\"error authorizing query: create admin user first or disable authentication\"}\n"
#define BODY_401_1	"{\"error\":\"authorization failed\"}\n"
#define BODY_401_2	"{\"code\":\"unauthorized\",\"message\":\"unauthorized access\"}"
#define BODY_PROXY_DEAD "{\"error\":\"backends unavailable\"}\n"

/* writes */
#define BODY_DB_404_1	"{\"error\":\"database not found: \\\"nope\\\"\"}\n"
#define BODY_BUCKET_404 "{\"code\":\"not found\",\"message\":\"bucket \\\"nope\\\" not found\"}"
#define BODY_ORG_404                                                                               \
	"{\"code\":\"not found\",\"message\":\"organization name \\\"nope\\\" not found\"}"
#define BODY_DBRP_404	   "{\"code\":\"not found\",\"message\":\"no dbrp mapping found\"}"
#define BODY_RP_500	   "{\"error\":\"retention policy not found: norp\"}\n"
#define BODY_USER_REQUIRED "{\"error\":\"user is required to write to database \\\"ha\\\"\"}\n"
#define BODY_WRITE_403_1                                                                           \
	"{\"error\":\"\\\"ro\\\" user is not authorized to write to database \\\"ha\\\"\"}\n"
#define BODY_WRITE_403_2                                                                           \
	"{\"code\":\"forbidden\",\"message\":\"insufficient permissions for write\"}"
#define BODY_TYPE_1                                                                                \
	"{\"error\":\"partial write: field type conflict: input field \\\"v\\\" on measurement \\\"ha_probe\\\" is type string, already exists as type integer dropped=1\"}\n"
#define BODY_TYPE_2                                                                                \
	"{\"code\":\"unprocessable entity\",\"message\":\"failure writing points to database: partial write: field type conflict: input field \\\"v\\\" on measurement \\\"ha_probe\\\" is type string, already exists as type integer dropped=1\"}"
#define BODY_TYPE_CLUSTER                                                                          \
	"{\"error\":\"write failed: partial write: field type conflict: input field \\\"v\\\" on measurement \\\"ha_probe\\\" is type string, already exists as type integer dropped=1\"}\n"
#define BODY_RETENTION_1 "{\"error\":\"partial write: points beyond retention policy dropped=1\"}\n"
#define BODY_PARTIAL	 "{\"error\":\"partial write\"}\n"
#define BODY_DISK_FULL                                                                             \
	"{\"error\":\"write /var/lib/influxdb/wal/ha/autogen/1/_00001.wal: no space left on device\"}\n"
#define BODY_TIMEOUT   "{\"error\":\"timeout\"}\n"
#define BODY_RELAY_503 "{\"error\":\"unable to write points\"}"

/* overload */
#define BODY_THROTTLED	"request throttled, queue full\n"
#define BODY_CONCURRENT "{\"error\":\"max-concurrent-queries limit exceeded(10, 10)\"}\n"
#define BODY_QUEUE	"{\"code\":\"internal error\",\"message\":\"queue length exceeded\"}"
#define BODY_QUOTA                                                                                 \
	"{\"code\":\"too many requests\",\"message\":\"org 1 has exceeded limited_query plan limit\"}"
#define BODY_SLOW_DOWN "{\"error\":\"slow down\"}"
