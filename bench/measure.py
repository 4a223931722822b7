"""Runs of load_client, taken in turns between servers so that noise of the machine falls on all of them."""
import json
import signal
import statistics
import subprocess
import sys
import time

import servers

CPU_RATE = "messages_per_server_cpu_second"


class Reports:
    """What one server gave in each round of one case."""

    def __init__(self):
        self.rounds = []

    def median(self, member):
        return statistics.median(report[member] for report in self.rounds)

    def saturated(self):
        words = {report["saturated"] for report in self.rounds}
        return words.pop() if len(words) == 1 else "mixed"


def ratio(ours, theirs, member=CPU_RATE):
    """The median of the rounds' ratios: neighbours in time shared the machine's mood."""
    return statistics.median(a[member] / b[member] for a, b in zip(ours.rounds, theirs.rounds))


class Client:
    """Runs load_client on core 1 and collects what it says was wrong."""

    def __init__(self, binary, seconds):
        self.binary, self.seconds = binary, seconds
        self.wrong = []

    def run(self, server, *arguments):
        words = [str(word) for word in arguments]
        command = [str(self.binary), *server.client_arguments, "--seconds", str(self.seconds), *words]
        time.sleep(0.1)  # The server may still be taking down the connections of the run before.
        done = subprocess.run(servers.pinned(command, 1), env=server.environment, capture_output=True, text=True,
                              timeout=180, check=False)
        if done.returncode not in (0, 1):
            print(f"{server.name}, {' '.join(words)}: {done.stderr.strip()}", file=sys.stderr)
            raise SystemExit(2)
        report = json.loads(done.stdout)
        if report["wrong"]:
            self.wrong.append(f"{server.name}, {' '.join(words)}: {report['wrong']}")
        return report

    def interleaved(self, contestants, rounds, *arguments):
        """The Reports of each server, by its name."""
        reports = {server.name: Reports() for server in contestants}
        for _ in range(rounds):
            for server in contestants:
                reports[server.name].rounds.append(self.run(server, *arguments))
        return reports

    def system_calls_per_message(self, server, *arguments):
        """System calls of the server for each message relayed, or None where the kernel counts none for us."""
        if not servers.can_count_system_calls():
            return None
        counter = subprocess.Popen(["perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "-p", str(server.process.pid)],
                                   stderr=subprocess.PIPE, text=True)
        report = self.run(server, *arguments, "--warm-up", "0")
        counter.send_signal(signal.SIGINT)
        _, text = counter.communicate()
        calls = next((line.split(",")[0] for line in text.splitlines() if "raw_syscalls" in line), "")
        return float(calls) / report["messages"] if calls.isdigit() else None
