"""relay.svg: how many messages each server relays in a second of CPU time, heliographd being 1."""
from xml.sax.saxutils import escape

WIDTH, LABEL, BAR, GAP, TOP = 860, 210, 13, 26, 64
COLOURS = {"floor": "#8a8f98", "uWebSockets": "#d1772a", "uWebSockets, by way of the floor": "#d1772a", "Beast": "#3d7ab5",
           "net layer": "#b9c4d0", "libwebsockets": "#5a9e6f", "Node ws": "#9c6bb0", "PeerJS": "#c25b6e"}


def cases_of(figures):
    """{(connections, payload, in flight): {server: its rate as a ratio to heliographd's}}"""
    cases = {}
    for name, value in figures.items():
        parts = name.split("/")
        if parts[0] == "relay" and value:
            cases.setdefault(tuple(map(int, parts[1:4])), {})[parts[4]] = 1 / value
    return cases


def write_relay_plot(figures, file):
    """Nothing is written when there are no figures of relaying."""
    cases = cases_of(figures)
    if not cases:
        return
    most = max(1.0, *(value for case in cases.values() for value in case.values()))
    scale = (WIDTH - LABEL - 60) / most
    parts, y = [], TOP
    for (connections, payload, in_flight), rates in cases.items():
        parts.append(f'<text x="8" y="{y + 11}" font-weight="bold">{connections:,} connections, {payload:,} B, {in_flight} in '
                     f'flight</text>')
        y += 20
        for name, rate in sorted({"heliographd": 1.0, **rates}.items(), key=lambda one: -one[1]):
            colour = COLOURS.get(name, "#1b6e4b")
            parts.append(f'<text x="{LABEL - 6}" y="{y + 10}" text-anchor="end">{escape(name)}</text>'
                         f'<rect x="{LABEL}" y="{y}" width="{rate * scale:.1f}" height="{BAR - 2}" fill="{colour}"/>'
                         f'<text x="{LABEL + rate * scale + 5:.1f}" y="{y + 10}">{rate:.2f}</text>')
            y += BAR
        y += GAP - BAR
    title = "Messages relayed per second of the server's CPU time; heliographd = 1"
    file.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 10}" font-family="sans-serif" '
                    f'font-size="11"><rect width="100%" height="100%" fill="#fff"/><text x="8" y="28" font-size="16">'
                    f'{title}</text>' + "\n".join(parts) + "</svg>\n", encoding="utf-8")
