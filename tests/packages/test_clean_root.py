"""The Debian packages in a minimal Debian: apt installs them, they run, programs are built with them, purging leaves nothing."""
import json
import re
import subprocess
import unittest

from clean_root import CleanRoot
from support import CONSUMER, PACKAGES, VERSION, Service, output

DEVELOPMENT = ("libheliograph-dev", "libheliograph-peer-dev")
TOOLS = ("g++", "cmake", "make", "pkg-config")


def field(deb, name):
    return output("dpkg-deb", "--field", deb, name).strip()


class CleanRootTest(unittest.TestCase):
    """The tests build upon each other, in the order of their numbers."""

    @classmethod
    def setUpClass(cls):
        cls.debs = sorted(PACKAGES.glob("*.deb"))
        cls.names = [field(deb, "Package") for deb in cls.debs]
        # What was recommended once and is no more must not be there by chance.
        needs = "\n".join(field(deb, name) for deb in cls.debs for name in ("Depends", "Recommends"))
        cls.root = root = CleanRoot(needs)
        cls.addClassCleanup(root.close)
        root.copy(PACKAGES, "/tmp/packages")
        if root.is_new:
            # What apt takes from the mirror stays when ours are purged: later runs are quick, and see what else is left.
            cls.install(*cls.names)
        # Also those of a run that was ended; dpkg does not mind names that it does not know.
        root.run("dpkg", "--purge", *cls.names)
        cls.before = root.files()
        cls.installed = cls.install(*(name for name in cls.names if name not in DEVELOPMENT))
        if root.is_new:
            root.install("coturn")
        cls.network, cls.net = root.new_network()
        cls.addClassCleanup(cls.network.stdout.close)
        cls.addClassCleanup(cls.network.wait)
        cls.addClassCleanup(root._root, "kill", cls.net)
        start = 'echo "pid $$"; exec heliographd --config /etc/heliograph/heliograph.toml --data /var/lib/heliograph'
        cls.service = Service(root.command("sh", "-c", start, net=cls.net), stop=cls.stop_service)
        cls.running = True

    @classmethod
    def install(cls, *names):
        return cls.root.install(*(f"/tmp/packages/{deb.name}" for deb, name in zip(cls.debs, cls.names) if name in names)).stdout

    @classmethod
    def stop_service(cls):
        pid = re.search(r"^pid (\d+)$", cls.service.text(), re.M)[1]
        cls.root.run("sh", "-c", f"kill {pid}")

    def run_in(self, *command):
        return self.root.run(*command, net=self.net).stdout

    def test_1_the_programs_say_their_version(self):
        for program in ("heliographd", "heliograph"):
            self.assertIn(VERSION, self.run_in(program, "--version"))

    def test_1_the_service_serves_its_page_from_the_installed_place(self):
        self.assertNotIn("the web console was not found", self.service.text())
        self.assertTrue((self.root.path / "usr/share/heliograph/web/kvs-webrtc.min.js").exists())

    def test_1_the_service_runs_the_relay_of_the_recommended_package(self):
        self.assertEqual(self.service.url, "http://127.0.0.1:3000")
        self.assertNotIn("coturn was not found", self.service.text())

    def test_1_health_is_good(self):
        self.run_in("heliograph", "health", "--data", "/var/lib/heliograph")

    def test_1_the_doctor_finds_nothing_wrong(self):
        self.run_in("heliograph", "doctor", "--data", "/var/lib/heliograph")

    def test_1_manuals_and_completions_are_there(self):
        for path in [
            "usr/share/man/man1/heliograph.1.gz",
            "usr/share/man/man8/heliographd.8.gz",
            "usr/share/man/man5/heliograph.toml.5.gz",
            "usr/share/bash-completion/completions/heliograph",
            "usr/share/bash-completion/completions/heliographd",
            "usr/share/zsh/vendor-completions/_heliograph",
            "usr/share/zsh/vendor-completions/_heliographd",
            "usr/share/fish/vendor_completions.d/heliograph.fish",
            "usr/share/fish/vendor_completions.d/heliographd.fish",
            "usr/lib/systemd/system/heliographd.service",
            "usr/share/heliograph/policies/viewer.json",
        ]:
            self.assertTrue((self.root.path / path).exists(), path)

    def test_1_the_unit_starts_the_installed_program(self):
        unit = (self.root.path / "usr/lib/systemd/system/heliographd.service").read_text()
        self.assertRegex(unit, r"(?m)^ExecStart=/usr/bin/heliographd ")

    def test_1_the_unit_is_enabled(self):
        link = self.root.path / "etc/systemd/system/multi-user.target.wants/heliographd.service"
        self.assertTrue(link.is_symlink())

    def test_2_a_program_is_built_with_pkg_config_and_runs(self):
        self.install_development()
        flags = "pkg-config --cflags --libs heliograph"
        self.root.run("sh", "-c", f"g++ -std=c++20 /srv/consumer/main.cpp -o /srv/pkg $({flags})")
        self.assertIn("libheliograph.so", self.root.run("ldd", "/srv/pkg").stdout)
        self.assert_works("/srv/pkg")

    def test_2_a_program_is_built_with_cmake_and_runs(self):
        self.install_development()
        for link in ("shared", "static"):
            with self.subTest(link):
                if link == "static":
                    self.root.install("libssl-dev")
                self.build_with_cmake(link)
                needed = "libheliograph.so" in self.root.run("ldd", f"/srv/{link}/consumer").stdout
                self.assertEqual(needed, link == "shared")
                self.assert_works(f"/srv/{link}/consumer")

    def test_2_a_program_is_linked_statically_with_pkg_config_and_runs(self):
        self.install_development()
        self.root.install("libssl-dev")
        link = "$(pkg-config --static --libs heliograph | sed s/-lheliograph/-l:libheliograph.a/)"
        self.root.run("sh", "-c", f"g++ -std=c++20 /srv/consumer/main.cpp -o /srv/pkg-static $(pkg-config --cflags heliograph) {link}")
        self.assertNotIn("libheliograph.so", self.root.run("ldd", "/srv/pkg-static").stdout)
        self.assert_works("/srv/pkg-static")

    def test_2_a_program_with_media_is_built_with_pkg_config_and_loads(self):
        self.install_development()
        flags = "$(pkg-config --cflags --libs heliograph-peer)"
        self.root.run("sh", "-c", f"g++ -std=c++20 /srv/consumer/peer.cpp -o /srv/peer {flags}")
        # Without the recommended plugins, which come below, it cannot do more than say so.
        said = self.root.run("/srv/peer", check=False).stdout
        self.assertIn(f"heliograph {VERSION}\n", said)

    def test_3_a_master_and_a_viewer_stream_with_what_the_package_recommends(self):
        recommended = field(next(deb for deb, name in zip(self.debs, self.names) if name == "heliograph"), "Recommends")
        # Nothing that these recommend in turn.
        self.root.install(*(part.strip() for part in recommended.split(",")))
        self.root.run("rm", "-f", "/srv/call.mkv")
        data = ("--data", "/var/lib/heliograph")
        source = ("--source", "test", "--size", "320x180", "--fps", "15")
        start = 'echo $$; exec heliograph master cam --create --json "$@"'
        master = subprocess.Popen(
            self.root.command("sh", "-c", start, "sh", *source, *data, net=self.net),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.addCleanup(master.stdout.close)
        self.addCleanup(master.wait)
        self.addCleanup(self.root.run, "kill", master.stdout.readline().strip())
        # The first use of GStreamer scans its plugins, for some seconds.
        said = []
        while '"event":"open"' not in "".join(said[-1:]):
            said.append(master.stdout.readline())
            self.assertNotEqual(said[-1], "", "".join(said))

        said = self.run_in("heliograph", "viewer", "cam", "--record", "/srv/call.mkv", "--for", "10", *data)

        recording = self.root.path / "srv/call.mkv"
        self.assertGreater(recording.stat().st_size, 50_000, said)
        probe = json.loads(output("ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", recording))
        self.assertEqual({stream["codec_type"] for stream in probe["streams"]}, {"audio", "video"}, said)
        self.assertGreater(float(probe["format"]["duration"]), 2, said)

    def test_4_the_service_ends_well_and_purging_leaves_nothing(self):
        self.assertEqual(self.service.stop(), 0, self.service.text())

        self.root.run("rm", "-rf", *(f"/srv/{name}" for name in ("call.mkv", "consumer", "peer", "pkg", "pkg-static", "shared", "static")))
        self.root.apt("purge", *self.names)
        left = {path for path in self.root.files() - self.before if "heliograph" in path}

        self.assertEqual(left, set())
        status = self.root.run("dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n", "*heliograph*", check=False).stdout
        self.assertNotRegex(status, r"(?m) (ii|rc)")
        self.root.keep()

    def install_development(self):
        self.root.copy(CONSUMER, "/srv/consumer")
        self.install(*(name for name in self.names if name in DEVELOPMENT))
        self.root.install(*TOOLS)

    def build_with_cmake(self, link):
        self.root.run("cmake", "-S", "/srv/consumer", "-B", f"/srv/{link}", f"-DLINK={link}")
        self.root.run("cmake", "--build", f"/srv/{link}")

    def assert_works(self, program):
        said = self.run_in("sh", "-c", f'eval "$(heliograph env --data /var/lib/heliograph)" && exec {program}')
        self.assertRegex(said, rf"(?m)^heliograph {re.escape(VERSION)}$")
        self.assertIn("ann offers v=0", said)


if __name__ == "__main__":
    unittest.main()
