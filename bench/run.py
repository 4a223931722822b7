#!/usr/bin/env python3
"""Compares heliographd with PeerJS' server: relaying, connecting, idle memory. See bench/README.md.

run.py [--bin DIR] [--rounds N] [--seconds S] [--json FILE]
Ends with 1 when a server gave a wrong answer, with 2 when a run could not be made.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time

import servers

IDLE_CONNECTIONS = 2000
CONNECTS_AT_A_TIME = 64
RELAY_CASES = [(connections, payload, in_flight)
               for in_flight in (1, 8) for connections in (100, 1000) for payload in (300, 3000)]


class Client:
    """Runs load_client on core 1 and collects what it reports."""

    def __init__(self, binary, seconds):
        self.binary, self.seconds = binary, seconds
        self.wrong = []

    def run(self, server, *arguments):
        command = [str(self.binary), *server.client_arguments, "--seconds", str(self.seconds), *arguments]
        time.sleep(0.2)  # The server may still be taking down the connections of the run before.
        done = subprocess.run(servers.pinned(command, 1), env=server.environment, capture_output=True, text=True,
                              timeout=120)
        if done.returncode not in (0, 1):
            print(f"{server.name}, {' '.join(arguments)}: {done.stderr.strip()}", file=sys.stderr)
            raise SystemExit(2)
        report = json.loads(done.stdout)
        if report["wrong"]:
            self.wrong.append(f"{server.name}, {' '.join(arguments)}: {report['wrong']}")
        return report


def interleaved(client, both, rounds, *arguments):
    """The reports of each server, a list per server, taken in turns so that noise of the machine falls on both."""
    reports = {server.name: [] for server in both}
    for _ in range(rounds):
        for server in both:
            reports[server.name].append(client.run(server, *arguments))
    return reports


def median(reports, member):
    return statistics.median(report[member] for report in reports)


def saturated(reports):
    words = {report["saturated"] for report in reports}
    return words.pop() if len(words) == 1 else "mixed"


def relay_table(client, both, rounds):
    print("\n| Relay: connections, payload, in flight | heliographd /cpu-s | PeerJS /cpu-s | ratio | heliographd /s "
          "| PeerJS /s | heliographd p50, p99 ms | PeerJS p50, p99 ms | saturated |\n|---|---|---|---|---|---|---|---|---|")
    results = []
    for connections, payload, in_flight in RELAY_CASES:
        reports = interleaved(client, both, rounds, "--mode", "relay", "--connections", str(connections),
                              "--payload", str(payload), "--in-flight", str(in_flight))
        ours, theirs = reports["heliographd"], reports["PeerJS"]
        rate = "messages_per_server_cpu_second"
        latency = [f"{median(r, 'latency_p50_us') / 1e3:.2f}, {median(r, 'latency_p99_us') / 1e3:.2f}"
                   for r in (ours, theirs)]
        print(f"| {connections:,}, {payload:,} B, {in_flight} | {median(ours, rate):,.0f} | {median(theirs, rate):,.0f} "
              f"| {median(ours, rate) / median(theirs, rate):.1f} | {median(ours, 'messages_per_second'):,.0f} "
              f"| {median(theirs, 'messages_per_second'):,.0f} | {latency[0]} | {latency[1]} "
              f"| {saturated(ours)}, {saturated(theirs)} |", flush=True)
        results.append({"connections": connections, "payload": payload, "in_flight": in_flight, "reports": reports})
    return results


def idle_table(client, both):
    arguments = ["--mode", "idle", "--connections", str(IDLE_CONNECTIONS)]
    reports = {server.name: [client.run(server, *arguments)] for server in both}
    ours, theirs = (reports[name][0]["rss_per_connection_bytes"] / 1024 for name in ("heliographd", "PeerJS"))
    print(f"\n| {IDLE_CONNECTIONS:,} idle connections | heliographd | PeerJS | ratio |\n|---|---|---|---|\n"
          f"| resident KiB per connection | {ours:.1f} | {theirs:.1f} | {ours / theirs:.2f} |", flush=True)
    return reports


def connect_table(client, both, rounds):
    reports = interleaved(client, both, rounds, "--mode", "connect", "--connections", str(CONNECTS_AT_A_TIME))
    member = "connects_per_server_cpu_second"
    ours, theirs = median(reports["heliographd"], member), median(reports["PeerJS"], member)
    print("\n| Connects per server CPU-second | heliographd, SigV4 verified | PeerJS, nothing to verify | ratio |"
          f"\n|---|---|---|---|\n| {CONNECTS_AT_A_TIME} at a time | {ours:,.0f} | {theirs:,.0f} | {ours / theirs:.1f} |",
          flush=True)
    return reports


def describe_machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                  if line.startswith("model name")), platform.machine())
    commit = subprocess.run(["git", "-C", str(servers.ROOT), "rev-parse", "--short", "HEAD"], capture_output=True,
                            text=True, check=False).stdout.strip()
    return (f"{os.cpu_count()} cores of {model}, Linux {platform.release()}, commit {commit or 'unknown'}, "
            f"load average {os.getloadavg()[0]:.1f} at the start")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=servers.ROOT / "build/bench/bin", type=servers.Path,
                        help="folder of heliographd and load_client")
    parser.add_argument("--rounds", default=3, type=int, help="runs of each case and server; medians are shown")
    parser.add_argument("--seconds", default=1.0, type=float, help="seconds measured in each run")
    parser.add_argument("--json", type=servers.Path, help="file for every report of every run")
    options = parser.parse_args()
    servers.raise_file_limit()
    client = Client(options.bin / "load_client", options.seconds)
    print(f"Machine: {describe_machine()}\nMedians of {options.rounds} runs of {options.seconds} s, taken in turns.")
    with servers.heliographd(options.bin / "heliographd", IDLE_CONNECTIONS // 2) as ours, \
            servers.peerjs(IDLE_CONNECTIONS // 2) as theirs:
        both = [ours, theirs]
        results = {"idle": idle_table(client, both),  # First: memory only grows.
                   "relay": relay_table(client, both, options.rounds),
                   "connect": connect_table(client, both, options.rounds)}
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    for wrong in client.wrong:
        print(f"WRONG ANSWER: {wrong}", file=sys.stderr)
    return 1 if client.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
