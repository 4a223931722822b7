#!/usr/bin/env python3
"""Compares what the SDK's libraries promise to programs that are already built with what is recorded in packaging/abi.

abi.py check FOLDER     the libraries in FOLDER (build/release/lib) against the records
abi.py update FOLDER    makes them the records
"""
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ROOT / "packaging/abi"
LIBRARIES = ("libheliograph", "libheliograph-peer")
UPDATE = "./dev package --update-abi"
# Only what the public headers show, and nothing that differs from one machine to the next.
DUMP = [
    "--no-show-locs", "--no-corpus-path", "--no-comp-dir-path", "--no-elf-needed", "--no-parameter-names",
    "--no-write-default-sizes", "--exported-interfaces-only", "--drop-undefined-syms", "--drop-private-types",
]  # fmt: skip
# Exit codes of abidiff are bits.
ERROR, CHANGED = 1 | 2, 4 | 8


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def dump(library, headers=ROOT / "include/heliograph"):
    """The text that describes a shared library's interface."""
    private = ["--suppressions", str(RECORDS / "private.ini")]
    done = run("abidw", *DUMP, *private, "--headers-dir", str(headers), str(library.resolve()))
    if done.returncode != 0:
        raise RuntimeError(f"abidw cannot read {library}: {done.stderr.strip()}")
    return done.stdout


def soname(text):
    found = re.search(r"soname='([^']*)'", text)
    return found[1] if found else ""


def compare(before, after):
    """(whether a program built against `before` works with `after`, what to say), both as dump() gives them."""
    if soname(before) != soname(after):
        return False, f"the record is of {soname(before)}, the library is {soname(after)}: record it ({UPDATE})"
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("before.abi", "after.abi")]
        for file, text in zip(files, (before, after)):
            file.write_text(text)
        suppressions = RECORDS / "suppressions.ini"
        # What is new harms nobody who was there before.
        done = run("abidiff", "--no-added-syms", "--no-show-locs", "--suppressions", str(suppressions), *map(str, files))
    if done.returncode & ERROR:
        raise RuntimeError(f"abidiff failed: {done.stdout}{done.stderr}")
    return not done.returncode & CHANGED, done.stdout


def record(name):
    return RECORDS / f"{name}-{platform.machine()}.abi"


def check(folder):
    """Everything that is wrong with the libraries in `folder`."""
    problems = []
    for name in LIBRARIES:
        library = folder / f"{name}.so"
        if not library.exists():
            if record(name).exists():
                problems.append(f"{record(name).relative_to(ROOT)} is there, {library} is not")
            continue
        if not record(name).exists():
            problems.append(f"{name} has no record for {platform.machine()} ({UPDATE})")
            continue
        fine, text = compare(record(name).read_text(), dump(library))
        if not fine:
            problems.append(
                f"{text.rstrip()}\n{name}: programs that are built already would break. After a release, raise the version of "
                f"project() so that the SOVERSION changes; before one, or then, {UPDATE}"
            )
    return problems


def update(folder):
    RECORDS.mkdir(parents=True, exist_ok=True)
    for name in LIBRARIES:
        library = folder / f"{name}.so"
        if library.exists():
            record(name).write_text(dump(library))
            print(f"{record(name).relative_to(ROOT)}: {soname(record(name).read_text())}")


def main(arguments):
    if len(arguments) != 2 or arguments[0] not in ("check", "update"):
        sys.exit(__doc__)
    folder = Path(arguments[1])
    if not (folder / "libheliograph.so").exists():
        sys.exit(f"abi.py: there is no {folder}/libheliograph.so")
    if arguments[0] == "update":
        return update(folder)
    problems = check(folder)
    print("\n".join(problems) if problems else "abi: nothing that breaks a program")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
