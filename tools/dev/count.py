#!/usr/bin/env python3
"""Reads a test runner's log: how many tests passed and failed by the framework's own summary, and what failed.

count.py LOG             prints "PASSED FAILED"
count.py --failures LOG  prints the part of the log that shows the failures
"""
import re
import sys

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
PLAIN = re.compile(r"^\s*(\d+) passed, (\d+) failed\s*$")
CTEST = re.compile(r"^\s*\d+% tests passed, (\d+) tests? failed out of (\d+)\s*$")
NODE = re.compile(r"^\s*(?:#|ℹ) (pass|fail|cancelled) (\d+)\s*$")
UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in ")
UNITTEST_BAD = re.compile(r"^FAILED \((.*)\)\s*$")

FAILURE_START = re.compile(
    r"^\s*(not ok\b|✖|\[  FAILED  \]|FAIL(ED)?\b|ERROR\b|Traceback|.*\*\*\*(Failed|Timeout|Exception|Not Run)|.*: error:|dev: )"
)


def read_lines(path):
    with open(path, encoding="utf-8", errors="replace") as log:
        return [ANSI.sub("", line.rstrip("\n")) for line in log]


def count(lines):
    """(passed, failed). A last line "N passed, N failed" speaks for the whole log; else every summary in it is added."""
    filled = [line for line in lines if line.strip()]
    if filled and (last := PLAIN.match(filled[-1])):
        return int(last[1]), int(last[2])
    passed = failed = 0
    for line in lines:
        if found := PLAIN.match(line):
            passed, failed = passed + int(found[1]), failed + int(found[2])
        elif found := CTEST.match(line):
            passed, failed = passed + int(found[2]) - int(found[1]), failed + int(found[1])
        elif found := NODE.match(line):
            if found[1] == "pass":
                passed += int(found[2])
            else:
                failed += int(found[2])
        elif found := UNITTEST_RAN.match(line):
            passed += int(found[1])
        elif found := UNITTEST_BAD.match(line):
            bad = sum(int(n) for n in re.findall(r"(?:failures|errors)=(\d+)", found[1]))
            passed, failed = passed - bad, failed + bad
    return max(passed, 0), failed


def failures(lines, context=40, limit=200):
    """The lines from each sign of a failure on, without the same line twice; the log's end when there is no sign."""
    wanted = set()
    for number, line in enumerate(lines):
        if FAILURE_START.match(line):
            wanted.update(range(max(0, number - 12), min(len(lines), number + context)))
    chosen = [lines[number] for number in sorted(wanted)] or lines[-context:]
    return chosen if len(chosen) <= limit else chosen[:limit] + [f"… {len(chosen) - limit} more lines"]


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--failures":
        print("\n".join(failures(read_lines(arguments[1]))))
    elif len(arguments) == 1:
        print(*count(read_lines(arguments[0])))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
