"""What the container's recipe names is there: files that it copies, settings, packages, and the libraries they hold."""
import re
import shutil
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DOCKERFILE = ROOT / "packaging/docker/Dockerfile"
# Sources of a COPY that a build makes.
MADE = {"/out"}


def instructions():
    """(word, rest) of each instruction, continued lines joined."""
    text = re.sub(r"\\\n", " ", DOCKERFILE.read_text())
    for line in text.splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            yield word, rest.strip()


def group(name):
    """The packages of a group of Debian 12's list."""
    text = (ROOT / "tools/packages/debian-12.txt").read_text()
    body = re.search(rf"^\[{name}\]$(.*?)(?=^\[|\Z)", text, re.M | re.S)
    return [line for line in (body.group(1).splitlines() if body else []) if line and not line.startswith("#")]


class PackagingTest(unittest.TestCase):
    def test_what_is_copied_exists(self):
        for word, rest in instructions():
            if word != "COPY":
                continue
            sources = [part for part in rest.split() if not part.startswith("--")][:-1]
            for source in sources:
                if "--from=" in rest:
                    self.assertIn(source, MADE)
                else:
                    self.assertTrue((ROOT / source).exists(), source)

    def test_what_is_copied_is_not_ignored(self):
        ignored = (ROOT / "packaging/docker/Dockerfile.dockerignore").read_text().split()
        for word, rest in instructions():
            if word == "COPY" and "--from=" not in rest:
                for source in rest.split()[:-1]:
                    self.assertNotIn(source, ignored)

    def test_variables_are_settings(self):
        flags = "".join(path.read_text() for path in (ROOT / "src/server").rglob("*.cpp"))
        for word, rest in instructions():
            if word != "ENV":
                continue
            for name in re.findall(r"HELIOGRAPH_(\w+)=", rest):
                self.assertIn(f'"--{name.lower().replace("_", "-")}"', flags)

    def test_groups_of_packages_exist(self):
        for name in re.findall(r'"\[(\w+)\]"', DOCKERFILE.read_text()):
            self.assertTrue(group(name), name)

    def test_it_does_not_run_as_root_and_says_how_it_is(self):
        words = dict(instructions())
        self.assertEqual(words["USER"], "heliograph")
        self.assertIn('"heliograph", "health"', words["HEALTHCHECK"])
        self.assertIn('"health"', (ROOT / "src/cli/commands.cpp").read_text())

    def test_every_library_is_in_the_image(self):
        """Where there is a build and Debian's own tools: the libraries the programs need come with the image's packages."""
        programs = [ROOT / "build/bin" / name for name in ("heliographd", "heliograph")]
        debian_12 = "VERSION_ID=\"12\"" in Path("/etc/os-release").read_text()
        if not all(map(Path.exists, programs)) or shutil.which("dpkg-query") is None or not debian_12:
            return
        wanted = set(group("image"))
        fresh = wanted
        while fresh:  # What a package needs brings what that needs.
            depends = subprocess.run(["dpkg-query", "-W", "-f", "${Depends},${Pre-Depends},", *sorted(fresh)],
                                     capture_output=True, text=True, check=False).stdout
            named = {part.split()[0].split(":")[0] for part in re.split(r"[,|]", depends) if part.split()}
            fresh, wanted = named - wanted, wanted | named
        for program in programs:
            for name in re.findall(r"=> (/\S+)", subprocess.run(["ldd", program], capture_output=True, text=True).stdout):
                found = subprocess.run(["dpkg-query", "-S", name, str(Path(name).resolve())], capture_output=True, text=True)
                packages = {line.split(":")[0] for line in found.stdout.splitlines()}
                self.assertTrue(packages & wanted, f"{program.name} needs {name} of {packages}")


if __name__ == "__main__":
    unittest.main()
