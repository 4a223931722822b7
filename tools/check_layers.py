#!/usr/bin/env python3
"""Checks the arrows between the layers of src/ and include/, where Beast and Asio may be, how long files are, and that
every folder of src/ says what it is for.

check_layers.py [ROOT]
"""
import sys
from pathlib import Path

import cpp_source

# Which folders of src/ each folder may include, itself and include/heliograph aside.
LAYERS = {
    "base": set(),
    "flags": {"base"},
    "wire": {"base"},
    "core": {"base", "wire"},
    "store": {"base", "wire", "core"},
    "bus": {"base", "wire", "core"},
    "net": {"base", "wire", "core"},
    "server": {"base", "flags", "wire", "core", "store", "bus", "net"},
    "sdk": {"base", "wire", "core", "net"},
    "peer": {"base"},
    "cli": {"base", "flags", "wire", "core"},
}
PUBLIC = "heliograph"  # include/heliograph: the lowest of all
ASIO_LAYERS = {"net", "server", "sdk"}
BEAST_LAYER, BEAST_FILES = "net", 4  # a file with Beast costs up to half a minute to compile
NO_BOOST = {"base", "core"}
ASIO_ADAPTER = "include/heliograph/asio.hpp"  # header only: nothing of ours includes it
WARN_LINES, MOST_LINES = 300, 400
MEASURED = ("*.cpp", "*.hpp", "*.ts", "*.tsx", "*.js", "*.mjs", "*.py", "*.sh", "dev")


def layer_of(path):
    """The layer a file is in; None for a file outside src/ and include/."""
    parts = path.parts
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    return PUBLIC if parts[0] == "include" else None


def check_include(path, layer, line, name, is_system):
    """The rule that one #include breaks, or None."""
    where = f"{path}:{line}: "
    if is_system:
        if path.as_posix() == ASIO_ADAPTER and name.startswith("boost/asio/"):
            return None
        if name.startswith("boost/") and layer in NO_BOOST | {PUBLIC}:
            return where + f"{layer} must not include Boost (<{name}>)"
        if name.startswith("boost/asio") and layer not in ASIO_LAYERS:
            return where + f"{layer} must not know Asio (<{name}>)"
        if name.startswith("boost/beast") and layer != BEAST_LAYER:
            return where + f"Beast stays in src/{BEAST_LAYER} (<{name}>)"
        return None
    if name == ASIO_ADAPTER.removeprefix("include/"):
        return where + "the Asio adapter is for applications; use the callbacks"
    target = name.split("/")[0]
    if "/" not in name or target.startswith("."):
        return where + f'include by path from src/ or include/, not "{name}"'
    if target in (layer, PUBLIC):
        return None
    if layer == PUBLIC:
        return where + f'public headers include only <std> and "{PUBLIC}/…", not "{name}"'
    if target not in LAYERS:
        return where + f'"{name}" is in no layer'
    if target not in LAYERS[layer]:
        return where + f'{layer} must not include {target} ("{name}")'
    return None


def check_file(path, text):
    """Everything one file of src/ or include/ does against the rules."""
    layer = layer_of(path)
    if layer != PUBLIC and layer not in LAYERS:
        return [f"{path}:1: src/{layer} is not a layer; add it to tools/check_layers.py or move the file"]
    found = (check_include(path, layer, *include) for include in cpp_source.includes(text))
    return [problem for problem in found if problem]


def check_beast_count(files):
    users = [path for path, text in files if any(n.startswith("boost/beast") for _, n, _ in cpp_source.includes(text))]
    if len(users) <= BEAST_FILES:
        return []
    return [f"{path}:1: one of {len(users)} files with Beast; at most {BEAST_FILES} may have it" for path in users]


def check_length(path, text):
    """(problems, warnings) about the length of one file."""
    lines = text.count("\n")
    if lines > MOST_LINES:
        return [f"{path}:{MOST_LINES}: {lines} lines; find the second idea in it (at most {MOST_LINES})"], []
    if lines > WARN_LINES:
        return [], [f"warning: {path} has {lines} lines; look for the second idea at {WARN_LINES}"]
    return [], []


def check_readmes(paths):
    """A problem for each folder below src/ that has files and no README.md."""
    folders = {parent for path in paths for parent in path.parents if len(parent.parts) > 1 and parent.parts[0] == "src"}
    known = set(paths)
    missing = sorted(folder for folder in folders if folder / "README.md" not in known)
    return [f"{folder}/README.md:1: missing: what is {folder} for, where does one start, what must it not know?" for folder in missing]


def read(root, paths):
    return [(path, (root / path).read_text(encoding="utf-8", errors="replace")) for path in paths]


def main(root):
    sources = read(root, cpp_source.tracked(root, "src/*.[ch]pp", "include/*.[ch]pp"))
    sources = [(path, text) for path, text in sources if layer_of(path)]
    problems = [problem for path, text in sources for problem in check_file(path, text)]
    problems += check_beast_count(sources)
    problems += check_readmes(cpp_source.tracked(root, "src/*"))
    measured = read(root, cpp_source.tracked(root, *MEASURED))
    for path, text in measured:
        too_long, long = check_length(path, text)
        problems += too_long
        for warning in long:
            print(warning)
    return cpp_source.report(problems, len(measured), "layers")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else cpp_source.ROOT))
