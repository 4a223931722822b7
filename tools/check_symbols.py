#!/usr/bin/env python3
"""Checks that the public headers name types of the standard library and of Heliograph only: nothing we build upon leaks.
One header is made to be used with Asio, and may name it.

check_symbols.py [ROOT]
"""
import re
import sys
from pathlib import Path

import cpp_source

FOREIGN = re.compile(
    r"\b(?:boost|asio|beast|spdlog|fmt|CLI|SQLite|simdjson|nats|testing|rtc)\s*::"
    r"|\b(?:Gst|GObject|GMain|gst_|g_object_)\w*|\b(?:SSL|EVP|BIO|X509|sqlite3)(?:_\w+)?\b"
)
STD_HEADER = re.compile(r"[a-z_0-9]+")  # <vector>; no folder, no .h
ASIO_ADAPTER = "include/heliograph/asio.hpp"  # header only: whoever does not include it has nothing of Asio
ASIO_HEADER = re.compile(r"(?:boost/)?asio/[a-z_0-9/]+\.hpp")
ASIO_NAME = re.compile(r"(?:boost|asio)\s*::")


def check_header(path, text):
    problems = []
    is_adapter = path.as_posix() == ASIO_ADAPTER
    for line, name, is_system in cpp_source.includes(text):
        if is_adapter and is_system and ASIO_HEADER.fullmatch(name):
            continue
        if is_system and not STD_HEADER.fullmatch(name):
            problems.append(f"{path}:{line}: <{name}> is not a header of the C++ standard library")
        if not is_system and not name.startswith("heliograph/"):
            problems.append(f'{path}:{line}: "{name}" is not installed with the public headers')
    if "#pragma once" not in text:
        problems.append(f"{path}:1: #pragma once is missing")
    for number, line in enumerate(cpp_source.blank(text).splitlines(), start=1):
        if line.lstrip().startswith("#"):
            continue
        for found in FOREIGN.finditer(line):
            if is_adapter and ASIO_NAME.fullmatch(found.group(0)):
                continue
            problems.append(f"{path}:{number}: a public header names {found.group(0)}; hide it behind a pimpl")
        if re.search(r"\busing\s+namespace\b", line):
            problems.append(f"{path}:{number}: a public header must not open a namespace for its users")
    return problems


def main(root):
    headers = cpp_source.tracked(root, "include/*.hpp")
    problems = [
        problem
        for path in headers
        for problem in check_header(path, (root / path).read_text(encoding="utf-8", errors="replace"))
    ]
    return cpp_source.report(problems, len(headers), "symbols")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else cpp_source.ROOT))
