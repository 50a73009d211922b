"""bench.py: what one run of a check costs, as ratios to nc, curl and check_http in the same run.

Runs inside the lab (tools/lab/enter), against one real influxd on loopback. Wall time comes from
hyperfine (rounds of all commands in turn, so that a busy moment hits them all), CPU time and peak
memory from GNU time. Only ratios are judged, never absolute figures.
"""
# SPDX-License-Identifier: GPL-2.0-or-later

import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "lab"))

import influxd  # noqa: E402 (the lab's module)

ROUNDS = 8
RUNS = 25
MOST_OF_CURL = 1.1  # chk_influxdb --level=ping, wall time
ATTEMPTS = 3  # a ratio over the limit is measured again: the machine may be busy


def commands(url, port):
    """The same question, asked by each tool."""
    check_http = "/usr/lib/nagios/plugins/check_http"
    if not pathlib.Path(check_http).exists():
        check_http = "/usr/lib64/nagios/plugins/check_http"
    return {
        "nc -zv": f"nc -zv 127.0.0.1 {port}",
        "curl -fsS": f"curl -fsS {url}/ping",
        "check_http": f"{check_http} -H 127.0.0.1 -p {port} -u /ping -e 204",
        "chk_influxdb --level=ping": f"chk_influxdb --url={url} --level=ping",
        "chk_influxdb --level=ready": f"chk_influxdb --url={url}",
        "chk_influxdb --level=write": f"chk_influxdb --url={url} --level=write --database=bench",
    }


def wall_ms(tools):
    """Median wall time of each command over all rounds, in milliseconds."""
    times = {name: [] for name in tools}
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        for _ in range(ROUNDS):
            subprocess.run(
                ["hyperfine", "-N", "--style=none", "--warmup=2", f"--runs={RUNS}",
                 f"--export-json={result.name}", *tools.values()],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for name, entry in zip(tools, json.load(open(result.name))["results"]):
                times[name] += entry["times"]
    return {name: 1e3 * statistics.median(values) for name, values in times.items()}


def resources(command):
    """CPU milliseconds and peak KiB of one command: CPU over 50 runs, the median of the peaks."""
    loop = ["/usr/bin/time", "-f", "%U %S", "sh", "-c",
            f"i=0; while [ $i -lt 50 ]; do {command} >/dev/null 2>&1; i=$((i+1)); done"]
    user, system = map(float, subprocess.run(loop, capture_output=True, text=True,
                                             check=True).stderr.split()[-2:])
    peaks = []
    for _ in range(9):
        report = subprocess.run(["/usr/bin/time", "-v", *command.split()], capture_output=True,
                                text=True, check=True).stderr
        peaks.append(int(re.search(r"Maximum resident set size \(kbytes\): (\d+)", report)[1]))
    return 1e3 * (user + system) / 50, statistics.median(peaks)


def print_table(title, values):
    """One row per tool: the value, and its ratio to each of the others' tools."""
    peers = ["nc -zv", "curl -fsS", "check_http"]
    print(f"{title:28}{'':>9}" + "".join(f"{'/ ' + peer.split()[0]:>14}" for peer in peers))
    for name, value in values.items():
        ratios = "".join(f"{value / values[peer]:14.2f}" for peer in peers)
        print(f"  {name:26}{value:9.2f}{ratios}")


def measure(tools):
    """Wall times, and the promised ratio: of the first measurement that keeps it, else the last."""
    for attempt in range(ATTEMPTS):
        if attempt > 0:
            print(f"{ratio:.2f} x curl is too much: measuring again")
        wall = wall_ms(tools)
        ratio = wall["chk_influxdb --level=ping"] / wall["curl -fsS"]
        if ratio <= MOST_OF_CURL:
            break
    return wall, ratio


def main():
    """Prints the table and judges the one ratio that is promised."""
    server = influxd.Influxd()
    try:
        server.query("CREATE DATABASE bench")
        tools = commands(server.url, server.port)
        costs = {name: resources(command) for name, command in tools.items()}
        wall, ratio = measure(tools)
    finally:
        server.close()
    print_table("wall time, ms", wall)
    print_table("CPU time, ms", {name: cpu for name, (cpu, _) in costs.items()})
    print_table("peak memory, MiB", {name: peak / 1024 for name, (_, peak) in costs.items()})
    verdict = "ok" if ratio <= MOST_OF_CURL else "not ok"
    print(f"{verdict} bench chk_influxdb --level=ping takes {ratio:.2f} x curl -fsS "
          f"(at most {MOST_OF_CURL})")
    return verdict != "ok"


if __name__ == "__main__":
    sys.exit(main())
