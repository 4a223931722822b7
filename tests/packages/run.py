#!/usr/bin/env python3
"""Runs the tests of this folder, those whose names match the pattern $1 if there is one; "N passed, N failed" in the end."""
import re
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent


def flatten(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test


def main(pattern):
    sys.path.insert(0, str(HERE))
    tests = list(flatten(unittest.defaultTestLoader.discover(str(HERE), top_level_dir=str(HERE))))
    chosen = [test for test in tests if re.search(pattern, test.id())]
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(unittest.TestSuite(chosen))
    # A test with several subtests that failed is one; a class that could not be set up is one that did not run.
    bad = {getattr(test, "test_case", test) for test, _ in result.failures + result.errors}
    ran = sum(isinstance(test, unittest.TestCase) for test in bad)
    print(f"{result.testsRun - ran} passed, {len(bad)} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
