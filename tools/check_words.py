#!/usr/bin/env python3
"""Checks that no file names one machine's paths or a registry's host: a clone must work anywhere, behind any mirror.

check_words.py [ROOT]
"""
import re
import sys
from pathlib import Path

import cpp_source

# Written with [x] so that this file does not find itself.
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w./-])/(?:wor[k]|roo[t]|hom[e]/(?!runner\b)\w+|tmp/h[b])/"),
    "a package registry's host": re.compile(
        r"\b(?:registry\.npm[j]s|registry\.yarn[p]kg|deb\.deb[i]an|snapshot\.deb[i]an|security\.deb[i]an"
        r"|deb\.nodesour[c]e|p[y]pi)\.(?:org|com)\b"
    ),
}
BINARY = {".png", ".ico", ".woff2", ".bin", ".webm", ".h264", ".ivf"}


def check_text(path, text):
    return [
        f"{path}:{number}: names {what}: {found.group(0)}"
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in FORBIDDEN.items()
        for found in [pattern.search(line)]
        if found
    ]


def main(root):
    paths = [path for path in cpp_source.tracked(root) if path.suffix not in BINARY and "corpus" not in path.parts]
    problems = [
        problem
        for path in paths
        for problem in check_text(path, (root / path).read_text(encoding="utf-8", errors="replace"))
    ]
    return cpp_source.report(problems, len(paths), "words")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else cpp_source.ROOT))
