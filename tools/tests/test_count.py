"""count.py reads the summaries that the test frameworks in use here print."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "dev"))
import count  # noqa: E402


class CountTest(unittest.TestCase):
    def test_each_framework_is_understood(self):
        for name, log, expected in [
            ("ctest", "100% tests passed, 0 tests failed out of 12", (12, 0)),
            ("ctest with failures", "83% tests passed, 2 tests failed out of 12", (10, 2)),
            ("ctest with one failure", "50% tests passed, 1 tests failed out of 2", (1, 1)),
            ("node:test as TAP", "# tests 5\n# suites 1\n# pass 4\n# fail 1\n# cancelled 0", (4, 1)),
            ("node:test as spec", "ℹ tests 5\nℹ pass 3\nℹ fail 1\nℹ cancelled 1", (3, 2)),
            ("unittest", "Ran 7 tests in 0.002s\n\nOK", (7, 0)),
            ("unittest with failures", "Ran 7 tests in 0.002s\n\nFAILED (failures=2, errors=1)", (4, 3)),
            ("one test of unittest", "Ran 1 test in 0.002s\n\nOK", (1, 0)),
            ("plain", "4 passed, 1 failed", (4, 1)),
            ("several", "ℹ pass 3\nℹ fail 0\n2 passed, 1 failed\nbye", (5, 1)),
            ("a plain last line speaks for all", "ℹ pass 3\nℹ fail 0\n9 passed, 0 failed\n", (9, 0)),
            ("colours", "\x1b[34mℹ pass 3\x1b[39m", (3, 0)),
            ("nothing", "hello", (0, 0)),
        ]:
            with self.subTest(name):
                self.assertEqual(count.count(count.ANSI.sub("", log).split("\n")), expected)

    def test_failures_show_the_failing_part(self):
        lines = ["noise"] * 100 + ["not ok 3 - adds", "  expected 4"] + ["noise"] * 100

        shown = count.failures(lines)

        self.assertIn("not ok 3 - adds", shown)
        self.assertIn("  expected 4", shown)
        self.assertLess(len(shown), 80)

    def test_a_log_without_signs_shows_its_end(self):
        self.assertEqual(count.failures(["a"] * 100 + ["last"])[-1], "last")


if __name__ == "__main__":
    unittest.main()
