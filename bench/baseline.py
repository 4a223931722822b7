"""The ratios that are kept, and whether new ones are much worse."""
import json
import sys

import servers

FILE = servers.ROOT / "bench/baseline.json"
ALLOWED = 0.2
# Figures where less is better; the others are ratios of speed.
LESS_IS_BETTER = ("memory/", "half-load/", "stored/", "startup/", "system calls/")
# Held to what is wanted, not to what was measured last: they depend on the machine's stalls, 0.4 one day, 2.1 the next.
WANTED = {"half-load/p99": 2.0, "half-load/p999": 2.0}


def is_kept(name):
    """Ratios, and what hardly depends on the machine: no other server's figures."""
    return not name.startswith("system calls/") or name.endswith("/heliographd")


def keep(figures):
    kept = {name: WANTED.get(name, round(value, 3)) for name, value in figures.items() if value is not None and is_kept(name)}
    FILE.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    print(f"Kept in {FILE.relative_to(servers.ROOT)}: {len(kept)} figures")


def compare(figures):
    """The names of the figures that are more than a fifth worse than those kept; prints them."""
    known = json.loads(FILE.read_text(encoding="utf-8"))
    measured = {name.split("/")[0] for name in figures}
    worse = []
    for name, before in known.items():
        now = figures.get(name)
        if now is None:
            if name.split("/")[0] in measured:
                print(f"NOT MEASURED: {name}, which was {before:.2f}", file=sys.stderr)
            continue
        loss = now / before - 1 if name.startswith(LESS_IS_BETTER) else before / now - 1
        if loss > ALLOWED:
            worse.append(name)
            print(f"WORSE: {name} was {before:.2f} and is {now:.2f}", file=sys.stderr)
    compared = len(known.keys() & {name for name, value in figures.items() if value is not None})
    print(f"Compared with bench/baseline.json: {compared} figures, {len(worse)} more than {ALLOWED:.0%} worse")
    return worse
