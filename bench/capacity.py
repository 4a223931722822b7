#!/usr/bin/env python3
"""What a million channels or viewers would cost, by the figures of the last ./dev bench; and how much of their traffic
would cross between nodes, by simulation. See docs/capacity.md.

capacity.py [RESULTS.JSON] [--hold SECONDS] [--messages N] [--ping-interval SECONDS] [--node-cores N] [--node-gib N]
"""
import argparse
import json
import math
import random

import servers
from tables import heading, row

MILLION = 1_000_000
RELAYED_BYTES = 3000 + 90  # A payload of 3,000 B in its envelope.


def relayed_cold(results):
    """Messages a CPU-second over TLS when each is of another channel: what was measured with 1,000 connections, and by
    how much fewer are relayed when 9,500 channels take turns."""
    inputs, figures = results["inputs"], results["figures"]
    plain = "messages a CPU-second, {} connections, 300 B, 1 in flight"
    all_exchange = figures["growth/all exchange/heliographd"] * inputs[plain.format(100)] / inputs[plain.format(1000)]
    return inputs["messages a CPU-second over TLS, 3000 B"] * min(1.0, all_exchange)


def per_viewer(results, messages, resumed):
    """CPU seconds that a viewer costs from its handshake to its last candidate, over TLS."""
    connect = results["inputs"]["connects a CPU-second, TLS resumed" if resumed else "connects a CPU-second, TLS"]
    return 1 / connect + messages / relayed_cold(results)


def cost_table(results, options):
    inputs = results["inputs"]
    heading("A million viewers at the same time, and the masters they watch",
            ["each stays", "of whom resume TLS", "connects a second", "cores busy", "GiB of connections",
             f"nodes of {options.node_cores} cores and {options.node_gib} GiB"])
    memory = 2 * MILLION * inputs["KiB an idle connection, TLS"] / MILLION * 1e6 / 1024 / 1024
    # A ping and its pong are a read and a write, as a relayed message is.
    pings = 2 * MILLION / options.ping_interval / inputs["messages a CPU-second over TLS, 300 B"]
    for hold in sorted({60, 600, options.hold}):
        for resumed in (0.0, 0.9):
            arrivals = MILLION / hold
            cpu = pings + arrivals * (resumed * per_viewer(results, options.messages, True) +
                                      (1 - resumed) * per_viewer(results, options.messages, False))
            # Half of each core stays free: latency at half load is what the benchmark holds to.
            nodes = max(math.ceil(cpu / (options.node_cores / 2)), math.ceil(memory / (options.node_gib * 0.8)))
            row(f"{hold:,} s", f"{resumed:.0%}", f"{arrivals:,.0f}", f"{cpu:.1f}", f"{memory:.0f}", nodes)
    heading("A million channels", ["", "takes"])
    row("masters that wait, each with a TLS connection", f"{MILLION * inputs['KiB an idle connection, TLS'] / 1024 / 1024:.1f} GiB")
    row("the same without TLS (behind a proxy that ends it)", f"{MILLION * inputs['KiB an idle connection'] / 1024 / 1024:.1f} GiB")
    row("all of them coming back within 5 minutes of a restart",
        f"{MILLION / 300 / inputs['connects a CPU-second, TLS']:.1f} cores for that time")


def simulate(nodes, affinity, channels, dice):
    """The part of messages whose sender and recipient are on different nodes. A channel's home is by its hash; a
    connection comes to it when its client or balancer knows the home (affinity), else to any node."""
    crossed = total = 0
    for channel in range(channels):
        home = hash((channel, nodes)) % nodes

        def land():
            return home if dice.random() < affinity else dice.randrange(nodes)

        master = land()
        for _ in range(3):
            total += 1
            crossed += land() != master
    return crossed / total


def affinity_table(options):
    dice = random.Random(1)
    heading("Messages that cross between nodes, of a million viewers who stay "
            f"{options.hold:,} s and exchange {options.messages} messages of 3,000 B",
            ["nodes", "of connections at their channel's home", "messages that cross", "MB a second between all nodes"])
    for nodes in (2, 4, 16):
        for affinity in (0.0, 0.5, 0.9, 0.99):
            crossing = simulate(nodes, affinity, 20_000, dice)
            rate = MILLION / options.hold * options.messages * crossing
            row(nodes, f"{affinity:.0%}", f"{crossing:.1%}", f"{rate * RELAYED_BYTES / 1e6:,.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", nargs="?", default=servers.ROOT / "build/bench/results/results.json", type=servers.Path)
    parser.add_argument("--hold", type=int, default=600, help="seconds that a viewer stays")
    parser.add_argument("--messages", type=int, default=24, help="messages to and from a viewer: offer, answer, candidates")
    parser.add_argument("--ping-interval", type=int, default=25, help="seconds between pings of a connection that is silent")
    parser.add_argument("--node-cores", type=int, default=4)
    parser.add_argument("--node-gib", type=int, default=16)
    options = parser.parse_args()
    if not options.results.exists():
        parser.error(f"{options.results} is not there: run ./dev bench first")
    results = json.loads(options.results.read_text(encoding="utf-8"))
    print(f"By the figures of: {results['machine']}")
    for name, value in results["inputs"].items():
        print(f"  {name}: {value:,.1f}")
    cost_table(results, options)
    affinity_table(options)


if __name__ == "__main__":
    main()
