#!/usr/bin/env python3
"""Compares heliographd with other servers and with the floor: relaying, latency, TLS, connecting, memory, growth,
start-up. See bench/README.md.

run.py [--full] [--check] [--bin DIR] [--out DIR] [--rounds N] [--seconds S] [--only SUITE[,SUITE]]
Ends with 1 when a server gave a wrong answer or, with --check, a ratio has become worse than bench/baseline.json
allows; with 2 when a run could not be made.
"""
import argparse
import json
import os
import platform
import subprocess
import sys

import baseline
import plot
import servers
import suites
from measure import Client


def describe_machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                  if line.startswith("model name")), platform.machine())
    commit = subprocess.run(["git", "-C", str(servers.ROOT), "rev-parse", "--short", "HEAD"], capture_output=True,
                            text=True, check=False).stdout.strip()
    return (f"{os.cpu_count()} cores of {model}, Linux {platform.release()}, commit {commit or 'unknown'}, "
            f"load average {os.getloadavg()[0]:.1f} at the start")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=servers.ROOT / "build/bench/bin", type=servers.Path,
                        help="folder of heliographd, load_client and the relays")
    parser.add_argument("--out", default=servers.ROOT / "build/bench/results", type=servers.Path,
                        help="folder for results.json and relay.svg")
    parser.add_argument("--full", action="store_true", help="the whole matrix, up to 10,000 connections, for every server")
    parser.add_argument("--check", action="store_true", help="compare the ratios with bench/baseline.json")
    parser.add_argument("--keep", action="store_true", help="make what is measured the new bench/baseline.json")
    parser.add_argument("--rounds", type=int, help="runs of each case and server; medians of their ratios are shown")
    parser.add_argument("--seconds", type=float, help="seconds measured in each run")
    parser.add_argument("--only", help="suites, of: " + ", ".join(suites.ALL))
    options = parser.parse_args()
    options.only = options.only or ",".join(name for name in suites.ALL if options.full or name not in suites.LONG)
    options.rounds = options.rounds or (5 if options.full else 3)
    options.seconds = options.seconds or (1.0 if options.full else 0.7)
    unknown = set(options.only.split(",")) - set(suites.ALL)
    if unknown:
        parser.error(f"there is no suite {', '.join(unknown)}")
    return options


def main():
    options = parse_options()
    options.files = servers.raise_file_limit()
    client = Client(options.bin / "load_client", options.seconds)
    print(f"Machine: {describe_machine()}\n{options.rounds} runs of {options.seconds} s in turns; the medians of their ratios.")
    results = {"machine": describe_machine(), "figures": {}, "inputs": {}, "reports": {}}
    suite_of = {}
    for name in options.only.split(","):
        before = set(results["figures"])
        suites.ALL[name](options, client, results)
        suite_of |= dict.fromkeys(set(results["figures"]) - before, name)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    plot.write_relay_plot(results["figures"], options.out / "relay.svg")
    print(f"\nWritten: {options.out}/results.json, {options.out}/relay.svg")
    for wrong in client.wrong:
        print(f"WRONG ANSWER: {wrong}", file=sys.stderr)
    if options.keep:
        baseline.keep(results["figures"])
    worse = check(options, client, results["figures"], suite_of) if options.check else []
    return 1 if client.wrong or worse else 0


def check(options, client, figures, suite_of):
    """The figures that are much worse than the baseline's, twice: once is often the machine's mood."""
    worse = baseline.compare(figures)
    doubted = {suite_of[name] for name in worse}
    if not doubted:
        return worse
    print(f"\nOnce more: {', '.join(sorted(doubted))}")
    again = {"figures": dict(figures), "inputs": {}, "reports": {}}
    for name in sorted(doubted):
        suites.ALL[name](options, client, again)
    return baseline.compare(figures | {name: again["figures"][name] for name in worse})


if __name__ == "__main__":
    sys.exit(main())
