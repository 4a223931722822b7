"""Every public header compiles alone, with both compilers, as somebody else's program includes it."""
import os
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support import ROOT, output, remembered, run

HEADERS = sorted(path.relative_to(ROOT / "include") for path in (ROOT / "include").rglob("*.hpp"))
COMPILERS = ("g++", "clang++-19")
OPTIONS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror", "-x", "c++"]


class HeadersTest(unittest.TestCase):
    def test_each_compiles_alone(self):
        versions = [output(compiler, "--version") for compiler in COMPILERS]
        texts = [f"{header}\n{(ROOT / 'include' / header).read_text()}" for header in HEADERS]
        known, remember = remembered("headers", *versions, *OPTIONS, *texts)
        if known:
            return
        jobs = [(compiler, header) for header in HEADERS for compiler in COMPILERS]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            done = list(pool.map(lambda job: self.compile(*job), jobs))
        for (compiler, header), problem in zip(jobs, done):
            with self.subTest(header=str(header), compiler=compiler):
                self.assertEqual(problem, "")
        if not any(done):
            remember()

    def compile(self, compiler, header: Path):
        done = run("sh", "-c", f"echo '#include \"{header}\"' | {compiler} {' '.join(OPTIONS)} -I'{ROOT}/include' -", check=False)
        return done.stdout if done.returncode else ""


if __name__ == "__main__":
    unittest.main()
