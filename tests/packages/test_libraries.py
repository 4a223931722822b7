"""The SDK's libraries as they are built: what they export, promise, need, and how they are hardened."""
import re
import sys
import tempfile
import unittest
from pathlib import Path

from support import RELEASE, ROOT, VERSION, output, run

import abi

LIBRARIES = sorted((RELEASE / "lib").glob("libheliograph*.so"))
PROGRAMS = [ROOT / "build/bin" / name for name in ("heliographd", "heliograph")]
SOVERSION = VERSION.rsplit(".", 1)[0] if VERSION.startswith("0.") else VERSION.split(".")[0]


def dynamic(library):
    return output("readelf", "--dynamic", "--wide", library)


class LibrariesTest(unittest.TestCase):
    def test_they_export_what_the_headers_declare_and_nothing_else(self):
        archives = [library.with_suffix(".a") for library in LIBRARIES]
        for libraries in (LIBRARIES, archives):
            run(sys.executable, ROOT / "tools/check_exports.py", *libraries)

    def test_the_file_and_the_soname_carry_the_version(self):
        for library in LIBRARIES:
            name = library.name
            self.assertEqual(library.resolve().name, f"{name}.{VERSION}")
            self.assertIn(f"[{name}.{SOVERSION}]", dynamic(library))

    def test_signaling_alone_costs_no_gstreamer_and_nothing_costs_boost(self):
        for library in LIBRARIES:
            needed = re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic(library))
            self.assertNotIn("boost", " ".join(needed))
            if library.name == "libheliograph.so":
                allowed = r"(libstdc\+\+|libgcc_s|libc|libm|libssl|libcrypto|ld-linux.*)\.so"
                self.assertEqual([name for name in needed if not re.match(allowed, name)], [])

    def test_libraries_and_programs_are_hardened(self):
        for file in [*LIBRARIES, *PROGRAMS]:
            with self.subTest(file.name):
                self.assertRegex(dynamic(file), r"\(FLAGS.*\bNOW\b")
                self.assertIn("GNU_RELRO", output("readelf", "--program-headers", "--wide", file))
                self.assertNotIn("TEXTREL", dynamic(file))
                if file in PROGRAMS:
                    self.assertIn("PIE", dynamic(file))
                    self.assertIn("__stack_chk_fail", output("nm", "-D", file))

    def test_a_program_that_is_built_already_keeps_working(self):
        self.assertEqual(abi.check(RELEASE / "lib"), [])


class AbiCheckTest(unittest.TestCase):
    """abi.compare() tells what breaks a program from what does not."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def library(self, members, functions="int get() const;", soname="libx.so.0"):
        include = self.folder / "include"
        include.mkdir(exist_ok=True)
        visible = '__attribute__((visibility("default")))'
        text = f"#pragma once\nstruct {visible} Type {{ {members} {functions} }};\n"
        (include / "type.hpp").write_text(text)
        body = '#include "type.hpp"\nint Type::get() const { return first; }\n'
        if "more" in functions:
            body += "int Type::more() const { return 2; }\n"
        (self.folder / "type.cpp").write_text(body)
        library = self.folder / "libx.so"
        options = ["-std=c++20", "-g2", "-fPIC", "-shared", "-fvisibility=hidden", f"-Wl,-soname,{soname}", f"-I{include}"]
        run("g++", *options, self.folder / "type.cpp", "-o", library)
        return abi.dump(library, include)

    def test_the_same_is_fine(self):
        self.assertTrue(abi.compare(self.library("int first;"), self.library("int first;"))[0])

    def test_a_new_function_is_fine(self):
        after = self.library("int first;", "int get() const; int more() const;")
        self.assertTrue(abi.compare(self.library("int first;"), after)[0])

    def test_another_layout_is_not(self):
        fine, text = abi.compare(self.library("int first;"), self.library("long second; int first;"))
        self.assertFalse(fine)
        self.assertIn("second", text)

    def test_a_function_that_is_gone_is_not(self):
        before = self.library("int first;", "int get() const; int more() const;")
        self.assertFalse(abi.compare(before, self.library("int first;"))[0])

    def test_a_new_soname_asks_for_a_new_record(self):
        fine, text = abi.compare(self.library("int first;"), self.library("int first;", soname="libx.so.1"))
        self.assertFalse(fine)
        self.assertIn("--update-abi", text)


if __name__ == "__main__":
    unittest.main()
