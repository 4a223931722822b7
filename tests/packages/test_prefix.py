"""`cmake --install` into a folder that is then moved: programs are built with it, and the service finds its page."""
import os
import re
import tempfile
import unittest
import urllib.request
from pathlib import Path

from support import CONSUMER, RELEASE, VERSION, Service, output, run


class PrefixTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        run("cmake", "--install", RELEASE, "--prefix", cls.folder / "first")
        # Nothing in it may remember where it was installed, but for the unit, which names the program.
        cls.prefix = (cls.folder / "first").rename(cls.folder / "moved")
        library = next(cls.prefix.glob("lib/**/libheliograph.so"))
        cls.lib = library.parent
        cls.service = Service([cls.prefix / "bin/heliographd", "--listen", "127.0.0.1:0", "--data", cls.folder / "data", "--turn", "off"])
        cls.addClassCleanup(cls.service.stop)

    def assert_works(self, program):
        env = output(self.prefix / "bin/heliograph", "env", "--data", self.folder / "data")
        said = output("sh", "-c", f'{env}\nexec "$0"', program, env={**os.environ, "LD_LIBRARY_PATH": str(self.lib)})
        self.assertIn(f"heliograph {VERSION}\n", said)
        self.assertIn("ann offers v=0\n", said)

    def assert_peer_works(self, program):
        said = output(program, env={**os.environ, "LD_LIBRARY_PATH": str(self.lib)})
        self.assertIn("offers a data channel\n", said)

    def test_cmake_finds_both_kinds(self):
        for link in ("shared", "static"):
            with self.subTest(link):
                build = self.folder / f"cmake-{link}"
                run("cmake", "-S", CONSUMER, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DLINK={link}", "-DPEER=ON")
                run("cmake", "--build", build)
                for program, library in (("consumer", "libheliograph.so"), ("peer", "libheliograph-peer.so")):
                    needed = library in output("readelf", "-d", build / program)
                    self.assertEqual(needed, link == "shared")
                self.assert_works(build / "consumer")
                self.assert_peer_works(build / "peer")

    def test_another_minor_version_is_not_taken(self):
        project = self.folder / "wanting"
        project.mkdir()
        text = "cmake_minimum_required(VERSION 3.16)\nproject(wanting CXX)\nfind_package(heliograph 0.99 CONFIG REQUIRED)\n"
        (project / "CMakeLists.txt").write_text(text)

        done = run("cmake", "-S", project, "-B", project / "build", f"-DCMAKE_PREFIX_PATH={self.prefix}", check=False)

        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"version: {VERSION}", done.stdout)

    def test_pkg_config_finds_it(self):
        env = {**os.environ, "PKG_CONFIG_PATH": str(self.lib / "pkgconfig")}
        flags = output("pkg-config", "--cflags", "--libs", "heliograph", env=env).split()
        self.assertEqual(output("pkg-config", "--modversion", "heliograph", env=env).strip(), VERSION)

        run("g++", "-std=c++20", CONSUMER / "main.cpp", "-o", self.folder / "pkg", *flags)

        self.assert_works(self.folder / "pkg")

    def test_pkg_config_finds_the_peer_library(self):
        env = {**os.environ, "PKG_CONFIG_PATH": str(self.lib / "pkgconfig")}
        flags = output("pkg-config", "--cflags", "--libs", "heliograph-peer", env=env).split()

        run("g++", "-std=c++20", CONSUMER / "peer.cpp", "-o", self.folder / "peer", *flags)

        self.assert_peer_works(self.folder / "peer")

    def program_of_unit(self, root):
        unit = (root / "lib/systemd/system/heliographd.service").read_text()
        return re.search(r"^ExecStart=(\S+) ", unit, re.M)[1]

    def test_the_unit_starts_the_program_of_its_prefix(self):
        self.assertEqual(self.program_of_unit(self.prefix), str(self.folder / "first/bin/heliographd"))

    def test_the_unit_names_the_program_where_it_will_be(self):
        image = self.folder / "image"
        env = {**os.environ, "DESTDIR": str(image)}
        run("cmake", "--install", RELEASE, "--component", "heliographd", "--prefix", "/opt/heliograph", env=env)
        self.assertEqual(self.program_of_unit(image / "opt/heliograph"), "/opt/heliograph/bin/heliographd")

    def test_the_service_serves_the_page_that_was_installed(self):
        with urllib.request.urlopen(f"{self.service.url}/") as reply:
            self.assertIn(b"<html", reply.read().lower())
        with urllib.request.urlopen(f"{self.service.url}/kvs-webrtc.min.js") as reply:
            self.assertEqual(reply.status, 200)


if __name__ == "__main__":
    unittest.main()
