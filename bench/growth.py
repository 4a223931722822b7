"""How figures grow: with channels, with threads, with what is stored."""
import http.client
import json
import random
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

import servers
from measure import ratio
from tables import heading, row

ACTIVE = 200


def growth(options, client, results):
    """Messages with few channels and with many: exchanged by as many pairs as before, and by all."""
    channels = min(10_000, (options.files - 1000) // 2)  # As many as there may be open files.
    with servers.heliographd(options.bin / "heliographd", channels) as ours, \
            servers.bare("floor", [options.bin / "floor_relay"]) as floor:
        heading("Growth: messages per CPU-second, 300 B, 1 in flight, with so many channels of a master and a viewer",
                       ["channels", "that exchange messages", "heliographd ÷ itself with 100", "the floor ÷ itself with 200 connections"])
        few = client.interleaved([ours, floor], options.rounds, "--connections", ACTIVE)
        for active in (ACTIVE, 2 * channels):
            many = client.interleaved([ours, floor], options.rounds, "--connections", 2 * channels, "--active", active)
            values = {server.name: ratio(many[server.name], few[server.name]) for server in (ours, floor)}
            part = "few exchange" if active == ACTIVE else "all exchange"
            results["figures"] |= {f"growth/{part}/{name}": value for name, value in values.items()}
            row(f"{channels:,}", f"{active // 2:,}", *(f"{value:.2f}" for value in values.values()))


def threads(options, client, results):
    """CPU time of a message with one thread and with two, which share the machine's cores with the client."""
    with servers.heliographd(options.bin / "heliographd", 500) as one, \
            servers.heliographd(options.bin / "heliographd", 500, threads=2) as two:
        heading("Two threads on a machine with as many cores as this: CPU time of a message",
                       ["in flight", "with two threads ÷ with one", "messages a second, ratio"])
        two.name = "two threads"
        for in_flight in (1, 8):
            reports = client.interleaved([one, two], options.rounds, "--connections", 1000, "--payload", 300, "--in-flight",
                                         in_flight)
            cost = ratio(reports["heliographd"], reports["two threads"])
            speed = ratio(reports["two threads"], reports["heliographd"], "messages_per_second")
            results["figures"][f"threads/{in_flight}/cpu per message"] = cost
            row(in_flight, f"{cost:.2f}", f"{speed:.2f}")


def fill(data, channels):
    """Copies the one channel that is stored, under other names, until there are so many."""
    for file in data.glob("*.db"):
        with sqlite3.connect(file) as database:
            if not database.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'channels'").fetchone()[0]:
                continue
            database.execute(
                """INSERT INTO channels SELECT scope, printf('many-%07d', number), created_ms, type, message_ttl_s, version
                   FROM channels, (WITH RECURSIVE counting(number) AS
                     (SELECT 1 UNION ALL SELECT number + 1 FROM counting WHERE number < ?) SELECT number FROM counting)""",
                (channels - 1,))
            return
    raise SystemExit(f"no channels in {data}")


class Stored:
    """A data directory with so many channels, and heliographd started on it."""

    def __init__(self, options, folder, channels):
        self.binary, self.data, self.log = options.bin / "heliographd", Path(folder) / "data", Path(folder) / "log"
        with self._started() as process:
            port = servers.ready_port(self.data, process)
            self.key = servers.read_key(self.data)
            self.arn = servers.create_channels(port, 1, *self.key)[0]
        (self.data / "runtime.json").unlink(missing_ok=True)
        fill(self.data, channels)
        self.channels = channels

    def _started(self):
        return servers.running(servers.pinned(servers.heliographd_command(self.binary, self.data), 0), self.log)

    def seconds_to_ready(self):
        """From the start of the process until /readyz says yes."""
        (self.data / "runtime.json").unlink(missing_ok=True)
        begin = time.monotonic()
        with self._started() as process:
            runtime = self.data / "runtime.json"
            while not runtime.exists() or not runtime.read_text():
                if process.poll() is not None:
                    raise SystemExit(f"heliographd ended: {self.log.read_text()}")
                time.sleep(0.001)
            port = int(json.loads(runtime.read_text())["httpEndpoint"].rsplit(":", 1)[1].strip("/"))
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/readyz")
            if connection.getresponse().status != 200:
                raise SystemExit("heliographd is not ready")
            return time.monotonic() - begin

    def cpu_per_call(self, calls):
        """CPU seconds of the server for DescribeSignalingChannel, any channel, and for a page of 100 of the list."""
        with self._started() as process:
            port = servers.ready_port(self.data, process)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            dice = random.Random(1)
            names = [{"ChannelName": f"many-{dice.randrange(1, self.channels):07d}"} for _ in range(calls)]
            pages = [{"MaxResults": 100}] * (calls // 10)
            return [self._measure(process, connection, port, path, bodies)
                    for path, bodies in (("/describeSignalingChannel", names), ("/listSignalingChannels", pages))]

    def _measure(self, process, connection, port, path, bodies):
        before = servers.cpu_seconds(process.pid)
        for wanted in bodies:
            body = json.dumps(wanted).encode()
            connection.request("POST", path, body, servers.signed_headers(f"127.0.0.1:{port}", path, body, *self.key))
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status} {text[:300]!r}")
        return (servers.cpu_seconds(process.pid) - before) / len(bodies)


def startup(options, client, results):
    """Ready after so long, and calls, by how many channels are stored."""
    del client
    calls = 3000 if options.full else 1500
    heading("By what is stored", ["channels", "start to ready, ms", "describe, CPU µs", "a page of 100 of the list, CPU µs"])
    figures = {}
    for channels in (1000, 100_000, 1_000_000):
        with tempfile.TemporaryDirectory(prefix="heliograph-bench-") as folder:
            stored = Stored(options, folder, channels)
            ready = statistics.median(stored.seconds_to_ready() for _ in range(options.rounds)) * 1e3
            rounds = [stored.cpu_per_call(calls) for _ in range(options.rounds)]
            describe, page = (statistics.median(one[i] for one in rounds) * 1e6 for i in (0, 1))
            figures[channels] = (ready, describe, page)
            row(f"{channels:,}", f"{ready:.0f}", f"{describe:.0f}", f"{page:.0f}")
    results["figures"] |= {"startup/100000 channels, ms": figures[100_000][0],
                           "stored/describe, 1,000,000 ÷ 1,000": figures[1_000_000][1] / figures[1000][1],
                           "stored/list, 1,000,000 ÷ 1,000": figures[1_000_000][2] / figures[1000][2]}
