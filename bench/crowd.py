"""100,000 idle connections held at once: by one process where it may open so many files, else by as many as it takes."""
import contextlib
import http.client
import math
import resource
import subprocess
import time

import servers
from tables import heading, row

CROWD = 100_000
LEAST_FILES = 8_000
HOLD_SECONDS = 40  # Longer than the service's ping_interval: every connection answers a ping meanwhile.
PATIENCE_SECONDS = 240


def open_websockets(server):
    """What a heliographd says of itself."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/metrics")
    page = connection.getresponse().read().decode()
    connection.close()
    return int(float(next(line for line in page.splitlines() if line.startswith("heliograph_open_websockets ")).split()[1]))


def available_bytes():
    with open("/proc/meminfo", encoding="utf-8") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))


def rss_bytes(server):
    with open(f"/proc/{server.process.pid}/statm", encoding="utf-8") as line:
        return int(line.read().split()[1]) * resource.getpagesize()


def hold(options, client, nodes, connections, arguments):
    """Connects to all nodes at once and, when everybody is there, watches them for a while. Gives what that took."""
    before, memory = sum(map(rss_bytes, nodes)), available_bytes()
    started = time.monotonic()
    clients = [subprocess.Popen(servers.pinned([str(options.bin / "load_client"), *node.client_arguments, "--mode", "idle",
                                                "--connections", str(connections), "--seconds", str(PATIENCE_SECONDS),
                                                *arguments], 1),
                                env=node.environment, stdout=subprocess.PIPE, text=True) for node in nodes]
    try:
        wanted = connections * len(nodes)
        while (present := sum(map(open_websockets, nodes))) < wanted:
            if time.monotonic() - started > PATIENCE_SECONDS / 2 or any(one.poll() is not None for one in clients):
                raise SystemExit(f"only {present:,} of {wanted:,} connections came about")
            time.sleep(0.5)
        took, cpu = time.monotonic() - started, sum(servers.cpu_seconds(node.process.pid) for node in nodes)
        time.sleep(HOLD_SECONDS)
        cpu = sum(servers.cpu_seconds(node.process.pid) for node in nodes) - cpu
        left = sum(map(open_websockets, nodes))
        if left != wanted:
            client.wrong.append(f"crowd: {wanted - left:,} of {wanted:,} connections were lost while idle")
        return {"held": left, "seconds to connect": took, "KiB each": (sum(map(rss_bytes, nodes)) - before) / wanted / 1024,
                "KiB of the machine each, both ends": (memory - available_bytes()) / wanted / 1024,
                "CPU, % of a core": 100 * cpu / HOLD_SECONDS}
    finally:
        for one in clients:
            one.terminate()
            one.communicate()


def crowd(options, client, results):
    if options.files < LEAST_FILES:
        raise SystemExit(f"a process here may open {options.files:,} files, which makes for too many of them: ulimit -n")
    processes = math.ceil(CROWD / (options.files - 1000))
    each = math.ceil(CROWD / processes / 2) * 2
    heading(f"{processes * each:,} idle connections at once, in {processes} heliographd of {each:,}: a process here may open "
            f"{options.files:,} files", ["", "held", "seconds to connect", "resident, KiB each",
                                         "memory of the machine, both ends, KiB each", "CPU while idle, % of a core"])
    for name, arguments in (("plain", []), ("TLS 1.3", ["--tls", "full"])):
        with contextlib.ExitStack() as stack:
            nodes = [stack.enter_context(servers.heliographd(options.bin / "heliographd", each // 2))
                     for _ in range(processes)]
            found = hold(options, client, nodes, each, arguments)
        results["reports"][f"crowd/{name}"] = found
        row(name, f"{found['held']:,}", f"{found['seconds to connect']:.0f}", f"{found['KiB each']:.1f}",
            f"{found['KiB of the machine each, both ends']:.1f}", f"{found['CPU, % of a core']:.1f}")
