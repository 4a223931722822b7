"""The Debian packages as files: names, dependencies, what is in which, and what lintian says."""
import gzip
import hashlib
import os
import subprocess
import tempfile
import unittest
from email.utils import parsedate_to_datetime
from pathlib import Path

from support import PACKAGES, ROOT, VERSION, output, remembered, run

DEBS = sorted(PACKAGES.glob("*.deb"))
NAMES = {"heliographd", "heliograph"} | {f"libheliograph{part}" for part in ("", "-dev", "-peer", "-peer-dev")}
# Of Debian's own archive.
NOT_OURS = "initial-upload-closes-no-bugs"


def field(name, what):
    return output("dpkg-deb", "--field", *PACKAGES.glob(f"{name}_*.deb"), what).strip()


def contents(name):
    lines = output("dpkg-deb", "--contents", *PACKAGES.glob(f"{name}_*.deb")).splitlines()
    return {line.split()[5].removeprefix(".") for line in lines if not line.split()[5].endswith("/")}


class PackagesTest(unittest.TestCase):
    def test_all_have_the_version(self):
        names = {deb.name.split("_")[0] for deb in DEBS}
        self.assertEqual(names, NAMES)
        for name in names:
            self.assertEqual(field(name, "Version"), f"{VERSION}-1")

    def test_no_file_is_in_two(self):
        seen = {}
        for deb in DEBS:
            for path in contents(deb.name.split("_")[0]):
                self.assertNotIn(path, seen, f"{deb.name} and {seen.get(path)}")
                seen[path] = deb.name

    def test_the_library_depends_on_what_it_is_linked_with(self):
        depends = field("libheliograph", "Depends")
        for name in ("libssl3", "libstdc++6", "libc6"):
            self.assertIn(name, depends)
        self.assertNotIn("boost", depends)
        self.assertNotIn("gstreamer", depends)

    def test_development_goes_with_the_very_library(self):
        self.assertIn(f"libheliograph (= {VERSION}-1)", field("libheliograph-dev", "Depends"))

    def test_the_service_needs_no_compiler_and_no_node(self):
        depends = field("heliographd", "Depends") + field("heliograph", "Depends")
        self.assertNotRegex(depends, r"-dev\b|nodejs|g\+\+")

    def test_settings_are_the_operators(self):
        conffiles = output("dpkg-deb", "--info", *PACKAGES.glob("heliographd_*.deb"), "conffiles")
        self.assertEqual(conffiles.split(), ["/etc/heliograph/heliograph.toml"])

    def test_the_unit_starts_the_program_of_the_package(self):
        self.assertRegex(self.file_of("heliographd", "lib/systemd/system/heliographd.service").decode(), r"(?m)^ExecStart=/usr/bin/heliographd ")

    def test_completions_of_three_shells_are_in_the_package_of_their_program(self):
        for name in ("heliograph", "heliographd"):
            for path in (f"bash-completion/completions/{name}", f"zsh/vendor-completions/_{name}", f"fish/vendor_completions.d/{name}.fish"):
                self.assertIn(name.encode(), self.file_of(name, f"share/{path}"))

    def test_dates_come_from_the_commit(self):
        epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or output("git", "-C", ROOT, "log", "-1", "--format=%ct"))
        for name in NAMES:
            last = gzip.decompress(self.file_of(name, f"share/doc/{name}/changelog.Debian.gz")).decode().splitlines()[-1]
            self.assertEqual(parsedate_to_datetime(last.split(">  ")[1]).timestamp(), epoch, last)

    def test_pkg_config_names_no_path_where_compilers_look_anyway(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("heliograph", "heliograph-peer"):
                path = next(path for path in contents(f"lib{name}-dev") if path.endswith(f"/{name}.pc"))
                (Path(folder) / f"{name}.pc").write_bytes(self.file_of(f"lib{name}-dev", path.removeprefix("/usr/")))
                flags = output("pkg-config", "--cflags", "--libs", name, env={**os.environ, "PKG_CONFIG_PATH": folder})
                self.assertNotRegex(flags, "-I|-L")
                self.assertIn(f"-l{name}", flags)

    def file_of(self, name, path):
        """A file of a package, by its path below /usr."""
        archive = subprocess.run(["dpkg-deb", "--fsys-tarfile", *PACKAGES.glob(f"{name}_*.deb")], stdout=subprocess.PIPE, check=True)
        return subprocess.run(["tar", "-xOf", "-", f"./usr/{path}"], input=archive.stdout, stdout=subprocess.PIPE, check=True).stdout

    def test_lintian_finds_nothing(self):
        known, remember = remembered("lintian", *(hashlib.sha256(deb.read_bytes()).hexdigest() for deb in DEBS))
        if known:
            return
        run("lintian", "--fail-on", "error,warning", "--suppress-tags", NOT_OURS, *DEBS)
        remember()


if __name__ == "__main__":
    unittest.main()
