"""check_words finds paths of one machine and registry hosts, and nothing else."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import check_words  # noqa: E402


class CheckWordsTest(unittest.TestCase):
    def test_forbidden_words_are_found(self):
        for text in [
            "cd /" + "work/main",
            '"/' + 'root/.npm"',
            "see /" + "home/alice/x",
            "https://registry." + "npmjs.org/x",
            "http://deb." + "debian.org/debian",
        ]:
            with self.subTest(text):
                self.assertEqual(len(check_words.check_text("x", text)), 1)

    def test_ordinary_words_pass(self):
        for text in [
            "src/" + "work/queue.cpp",
            "build/" + "root/x",
            "https://www." + "debian.org",
            "the npm registry",
            "homework/",
        ]:
            with self.subTest(text):
                self.assertEqual(check_words.check_text("x", text), [])


if __name__ == "__main__":
    unittest.main()
