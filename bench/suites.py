"""What is measured, a function for each table. Every one adds figures ("relay/100/300/1/floor": a ratio or a number) and
prints its table."""
import contextlib
import statistics
import tempfile

import crowd
import growth
import servers
from measure import CPU_RATE, ratio
from tables import heading, row

CONNECTS_AT_A_TIME = 64
SAME_RATE_CASE = ("--connections", 1000, "--payload", 300)
IDLE_CONNECTIONS = 10_000
# Messages per CPU-second of uWebSockets as a ratio to the floor's, measured when the design was made: it is in no
# package repository. (connections, payload, in flight) → ratio. A build of it beside these takes their place.
UWEBSOCKETS = {(100, 300, 1): 0.91, (100, 3000, 1): 0.89, (1000, 300, 1): 0.87, (1000, 3000, 1): 0.86,
               (10000, 300, 1): 0.82, (10000, 3000, 1): 0.95, (1000, 300, 8): 0.17, (1000, 3000, 8): 0.27}


def relays(options, stack, pairs):
    """The bare relays that were built, and those of Node."""
    known = {"floor": "floor_relay", "uWebSockets": "uwebsockets_relay", "net layer": "net_relay",
             "Beast": "beast_relay", "libwebsockets": "libwebsockets_relay"}
    found = [stack.enter_context(servers.bare(name, [options.bin / program]))
             for name, program in known.items() if (options.bin / program).exists()]
    node = ["node", str(servers.ROOT / "bench/rivals/node_ws.mjs")]
    return [*found, stack.enter_context(servers.bare("Node ws", node)), stack.enter_context(servers.peerjs(pairs))]


def relay_cases(options):
    for in_flight in (1, 8):
        for connections in (100, 1000, 10_000):
            for payload in (300, 3000):
                if options.full or connections < 10_000 or (payload, in_flight) == (300, 1):
                    yield connections, payload, in_flight


def relay(options, client, results):
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(servers.heliographd(options.bin / "heliographd", IDLE_CONNECTIONS // 2))
        others = relays(options, stack, IDLE_CONNECTIONS // 2)
        heading("Relay: messages per CPU-second of the server",
                ["connections, payload, in flight", "heliographd", *(f"÷ {other.name}" for other in others),
                 "p50, p99, p99.9 ms", "the floor's", "saturated: ours, the floor"])
        for case in relay_cases(options):
            connections, payload, in_flight = case
            contestants = [ours, *others]
            if connections == 10_000 and not options.full:
                contestants = [server for server in contestants if server.name in ("heliographd", "floor", "uWebSockets")]
            reports = client.interleaved(contestants, options.rounds, "--connections", connections, "--payload", payload,
                                         "--in-flight", in_flight)
            mine, floor = reports["heliographd"], reports["floor"]
            ratios = {name: ratio(mine, theirs) for name, theirs in reports.items() if name != "heliographd"}
            if "uWebSockets" not in ratios and case in UWEBSOCKETS:
                ratios["uWebSockets, by way of the floor"] = ratios["floor"] / UWEBSOCKETS[case]
            key = f"relay/{connections}/{payload}/{in_flight}"
            results["figures"] |= {f"{key}/{name}": value for name, value in ratios.items()}
            results["reports"][key] = {name: one.rounds for name, one in reports.items()}
            results["inputs"][f"messages a CPU-second, {connections} connections, {payload} B, {in_flight} in flight"] = \
                mine.median(CPU_RATE)
            latency = [", ".join(f"{one.median(f'latency_{p}_us') / 1e3:.2f}" for p in ("p50", "p99", "p999"))
                       for one in (mine, floor)]
            row(f"{connections:,}, {payload:,} B, {in_flight}", f"{mine.median(CPU_RATE):,.0f}",
                *(f"{ratios[other.name]:.2f}" if other.name in ratios else "–" for other in others),
                *latency, f"{mine.saturated()}, {floor.saturated()}")
        most = client.interleaved([ours], options.rounds, *SAME_RATE_CASE)["heliographd"].median("messages_per_second")
        half_load(options, client, results, ours, others[0], most / 2)
        same_rate(options, client, results, [ours, *(one for one in others if one.name in ("floor", "uWebSockets"))], most)
        system_calls(client, results, [ours, *others])


def half_load(options, client, results, ours, floor, rate):
    """At half of what heliographd relays at most: both at the same rate."""
    reports = client.interleaved([ours, floor], options.rounds, *SAME_RATE_CASE, "--rate", f"{rate:.0f}")
    mine, least = reports["heliographd"], reports["floor"]
    heading(f"Latency at {rate:,.0f} messages a second, half of what heliographd does at most (1,000 connections, 300 B)",
            ["", "heliographd", "the floor", "ratio"])
    for percentile in ("p50", "p99", "p999"):
        member = f"latency_{percentile}_us"
        results["figures"][f"half-load/{percentile}"] = value = ratio(mine, least, member)
        row(f"{percentile}, ms", f"{mine.median(member) / 1e3:.3f}", f"{least.median(member) / 1e3:.3f}", f"{value:.2f}")


def same_rate(options, client, results, contestants, most):
    """Without a rate, the faster server keeps the client busy and so hardly ever has to wake it; here all wake it alike."""
    heading("Messages per CPU-second of the server, at the same rate (1,000 connections, 300 B)",
            ["messages a second", "heliographd", *(f"÷ {server.name}" for server in contestants[1:])])
    for share in (0.5, 0.8):
        rate = most * share
        reports = client.interleaved(contestants, options.rounds, *SAME_RATE_CASE, "--rate", f"{rate:.0f}")
        mine = reports["heliographd"]
        ratios = {server.name: ratio(mine, reports[server.name]) for server in contestants[1:]}
        results["figures"] |= {f"same rate/{share:.0%}/{name}": value for name, value in ratios.items()}
        row(f"{rate:,.0f}", f"{mine.median(CPU_RATE):,.0f}", *(f"{value:.2f}" for value in ratios.values()))


def system_calls(client, results, contestants):
    if not servers.can_count_system_calls():
        print("\nSystem calls were not counted: that takes perf, and root.")
        return
    heading("System calls of the server per message relayed (1,000 connections, 300 B)",
            ["in flight", *(server.name for server in contestants)])
    for in_flight in (1, 8):
        counts = {server.name: client.system_calls_per_message(server, "--connections", 1000, "--payload", 300,
                                                               "--in-flight", in_flight) for server in contestants}
        results["figures"] |= {f"system calls/{in_flight}/{name}": count for name, count in counts.items()}
        row(in_flight, *(f"{count:.2f}" if count else "–" for count in counts.values()))


def uwebsockets_by_floor(results, payload):
    """uWebSockets' ratio to the floor with 1,000 connections, 1 in flight: of this run, or as it was measured before."""
    key = f"relay/1000/{payload}/1"
    floor, theirs = (results["figures"].get(f"{key}/{name}") for name in ("floor", "uWebSockets"))
    return floor / theirs if floor and theirs else UWEBSOCKETS[1000, payload, 1]


def tls(options, client, results):
    """heliographd over TLS beside itself and the floor without, and uWebSockets over TLS where that was built."""
    program = options.bin / "uwebsockets_relay"
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(servers.heliographd(options.bin / "heliographd", 500))
        floor = stack.enter_context(servers.bare("floor", [options.bin / "floor_relay"]))
        rival = None
        if program.exists():
            certificate = servers.Certificate(stack.enter_context(tempfile.TemporaryDirectory(prefix="heliograph-bench-")))
            rival = stack.enter_context(servers.bare("uWebSockets", [program], certificate.file, certificate.key))
        heading("TLS 1.3, 1,000 connections, 1 in flight: messages per CPU-second of the server",
                ["payload", "heliographd", "÷ the plain floor", "÷ itself, plain",
                 "÷ uWebSockets over TLS" + ("" if rival else ", by way of the floor")])
        for payload, over_tls in ((300, 0.46), (3000, 0.55)):
            case = ["--connections", 1000, "--payload", payload]
            plain, secure, least, theirs = [], [], [], []
            for _ in range(options.rounds):
                plain.append(client.run(ours, *case)[CPU_RATE])
                secure.append(client.run(ours, *case, "--tls", "full")[CPU_RATE])
                least.append(client.run(floor, *case)[CPU_RATE])
                theirs.append(client.run(rival, *case, "--tls", "full")[CPU_RATE] if rival else
                              least[-1] * over_tls * uwebsockets_by_floor(results, payload))
            by_floor, by_plain, by_rival = (statistics.median(s / o for s, o in zip(secure, other))
                                            for other in (least, plain, theirs))
            results["figures"] |= {f"tls/{payload}/floor": by_floor, f"tls/{payload}/plain": by_plain,
                                   f"tls/{payload}/uWebSockets": by_rival}
            results["inputs"][f"messages a CPU-second over TLS, {payload} B"] = statistics.median(secure)
            row(f"{payload:,} B", f"{statistics.median(secure):,.0f}", f"{by_floor:.2f}", f"{by_plain:.2f}", f"{by_rival:.2f}")


def connect(options, client, results):
    member = "connects_per_server_cpu_second"
    case = ["--mode", "connect", "--connections", CONNECTS_AT_A_TIME]
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(servers.heliographd(options.bin / "heliographd", CONNECTS_AT_A_TIME * 8))
        bare = stack.enter_context(servers.bare("net layer", [options.bin / "net_relay"]))
        floor = stack.enter_context(servers.bare("floor", [options.bin / "floor_relay"]))
        theirs = stack.enter_context(servers.peerjs(CONNECTS_AT_A_TIME))
        reports = client.interleaved([ours, bare, floor, theirs], options.rounds, *case)
        mine = reports["heliographd"]
        heading(f"Connects per CPU-second of the server, {CONNECTS_AT_A_TIME} at a time",
                ["heliographd: SigV4, policy, presence", "÷ its network layer alone", "÷ the floor", "÷ PeerJS"])
        ratios = {name: ratio(mine, reports[name], member) for name in ("net layer", "floor", "PeerJS")}
        results["figures"] |= {f"connect/{name}": value for name, value in ratios.items()}
        row(f"{mine.median(member):,.0f}", *(f"{value:.2f}" for value in ratios.values()))
        full, resumed = [], []
        for _ in range(options.rounds):
            full.append(client.run(ours, *case, "--tls", "full")[member])
            resumed.append(client.run(ours, *case, "--tls", "resume")[member])
        gain = sorted(r / f for r, f in zip(resumed, full))[len(full) // 2]
        results["figures"]["connect/tls resumed"] = gain
        results["inputs"] |= {"connects a CPU-second": mine.median(member),
                              "connects a CPU-second, TLS": sorted(full)[len(full) // 2],
                              "connects a CPU-second, TLS resumed": sorted(resumed)[len(resumed) // 2]}
        heading("The same over TLS 1.3", ["whole handshakes", "resumed sessions", "ratio"])
        row(f"{sorted(full)[len(full) // 2]:,.0f}", f"{sorted(resumed)[len(resumed) // 2]:,.0f}", f"{gain:.1f}")


def memory(options, client, results):
    heading("Idle connections: resident memory of the server for each, KiB", ["connections", "server", "plain", "TLS 1.3"])

    def measure(start, connections, *more):
        with start() as server:
            report = client.run(server, "--mode", "idle", "--connections", connections, *more)
            return report["rss_per_connection_bytes"] / 1024

    most = min(100_000, (options.files - 1000) // 2 * 2)  # As many as there may be open files.
    for connections in (IDLE_CONNECTIONS, *([most] if options.full else [])):
        start = lambda count=connections: servers.heliographd(options.bin / "heliographd", count // 2)
        plain = measure(start, connections)
        secure = measure(start, connections, "--tls", "full")
        results["figures"] |= {f"memory/{connections}/plain": plain, f"memory/{connections}/tls": secure}
        results["inputs"] |= {"KiB an idle connection": plain, "KiB an idle connection, TLS": secure}
        row(f"{connections:,}", "heliographd", f"{plain:.1f}", f"{secure:.1f}")
    for name, start in (("PeerJS", lambda: servers.peerjs(IDLE_CONNECTIONS // 2)),
                        ("floor", lambda: servers.bare("floor", [options.bin / "floor_relay"]))):
        row(f"{IDLE_CONNECTIONS:,}", name, f"{measure(start, IDLE_CONNECTIONS):.1f}", "–")


ALL = {"relay": relay, "tls": tls, "connect": connect, "memory": memory, "growth": growth.growth,
       "threads": growth.threads, "startup": growth.startup, "crowd": crowd.crowd}
LONG = {"crowd"}  # Only with --full, or when asked for.
