"""A minimal Debian in a folder, made by debootstrap from the mirror that this machine's apt uses."""
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from support import ROOT, run

CACHE = ROOT / "build/cache"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# In a new network namespace: loopback, which is down there, and an interface that leads nowhere, since peers do not offer each other loopback
# addresses. Says its pid, and holds the interface until it is killed.
NETWORK = """
import fcntl, os, signal, socket, struct
TUNSETIFF, IFF_TUN_NO_PI = 0x400454CA, 0x1001
SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCSIFADDR, IFF_UP = 0x8913, 0x8914, 0x8916, 1
if not os.path.exists("/dev/net/tun"):
    os.makedirs("/dev/net", exist_ok=True)
    os.mknod("/dev/net/tun", 0o20666, os.makedev(10, 200))
tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", b"wan0", IFF_TUN_NO_PI))
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    address = struct.pack("16sH2x4s8x", b"wan0", socket.AF_INET, socket.inet_aton("10.77.0.1"))
    fcntl.ioctl(s, SIOCSIFADDR, address)
    for name in (b"lo", b"wan0"):
        flags = struct.unpack("16sh", fcntl.ioctl(s, SIOCGIFFLAGS, struct.pack("16sh", name, 0)))[1]
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh", name, flags | IFF_UP))
print(os.getpid(), flush=True)
while True:
    signal.pause()
"""


def find_root():
    """What stands before a command to run it as root."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run("sudo", "-n", "true", check=False).returncode == 0:
        return ["sudo", "-n", "--preserve-env=http_proxy,https_proxy"]
    raise AssertionError("packages are installed in a root of their own, which needs root: run as root, or allow `sudo -n`")


def os_release(name):
    return re.search(rf'^{name}="?([^"\n]*)', Path("/etc/os-release").read_text(), re.M)[1]


def apt_sources():
    """(mirror, sources.list) of this Debian release, as the machine's own apt has them; nobody else's archives."""
    codename = os_release("VERSION_CODENAME")
    releases = [codename, f"{codename}-updates", f"{codename}-security"]
    form = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
    targets = run("apt-get", "indextargets", "--format", form, "Identifier: Packages").stdout.split("\n")
    found = sorted({tuple(line.split()) for line in targets if line.count(" ") == 2})
    debian = [(uri, release) for uri, release, component in found if release in releases and component == "main"]
    mirrors = [uri for uri, release in debian if release == codename]
    if not mirrors:
        raise AssertionError(f"this machine's apt has no source for {codename} main")
    return mirrors[0], "".join(f"deb {uri} {release} main\n" for uri, release in debian)


def proxies():
    dump = run("apt-config", "dump").stdout.splitlines()
    return "".join(line + "\n" for line in dump if re.match(r"Acquire::\w+::Proxy", line))


class CleanRoot:
    """The folder, and a mount and PID namespace in which commands run in it; what they leave running ends with close()."""

    def __init__(self, wanted):
        """`wanted`: a text; when it differs from the last time, the root is made anew."""
        self.as_root = find_root()
        mirror, self.sources = apt_sources()
        codename = os_release("VERSION_CODENAME")
        self.path, base = CACHE / f"root-{codename}", CACHE / f"minbase-{codename}.tar"
        stamp = CACHE / f"root-{codename}.stamp"
        key = hashlib.sha256(f"{self.sources}\n{wanted}".encode()).hexdigest()
        self.archives = CACHE / "archives"
        self.archives.mkdir(parents=True, exist_ok=True)
        self.is_new = not (stamp.exists() and stamp.read_text() == key)
        self.stamp, self.key = stamp, key
        if self.is_new:
            stamp.unlink(missing_ok=True)
            self._root("rm", "-rf", self.path)
            if not base.exists():
                self._make_base(mirror, codename, base)
            self.path.mkdir()
            self._root("tar", "-C", self.path, "-xf", base)
        self._open()
        self._configure()

    def _root(self, *command, **options):
        return run(*self.as_root, *command, **options)

    def _make_base(self, mirror, codename, base):
        folder = Path(f"{base}.making")
        self._root("rm", "-rf", folder)
        trust = ["--include=ca-certificates"] if mirror.startswith("https:") else []
        self._root("debootstrap", "--variant=minbase", *trust, codename, folder, mirror)
        self._root("tar", "-C", folder, "--exclude=./var/cache/apt/archives/*.deb", "-cf", f"{base}.new", ".")
        self._root("rm", "-rf", folder)
        self._root("mv", f"{base}.new", base)

    def _open(self):
        script = (
            'read -r pid rest </proc/self/stat && mount -t proc proc "$1/proc" && '
            'mount --bind "$2" "$1/var/cache/apt/archives" && echo "$pid" && exec sleep infinity'
        )
        namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        self.holder = subprocess.Popen(
            [*self.as_root, *namespaces, "sh", "-c", script, "sh", str(self.path), str(self.archives)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        line = self.holder.stdout.readline().strip()
        if not line.isdigit():
            self.holder.kill()
            raise AssertionError(f"no namespace can be made here: {line} {self.holder.communicate()[0]}")
        self.pid = line

    def _configure(self):
        write = [*self.as_root, "tee"]
        for name, text in {
            "etc/apt/sources.list": self.sources,
            "etc/apt/apt.conf.d/90host": proxies() + 'APT::Install-Recommends "false";\nAcquire::Retries "3";\n',
            "usr/sbin/policy-rc.d": "#!/bin/sh\nexit 101\n",  # packages start nothing here
        }.items():
            subprocess.run([*write, str(self.path / name)], input=text, text=True, stdout=subprocess.DEVNULL, check=True)
        self._root("chmod", "755", self.path / "usr/sbin/policy-rc.d")
        for name in ("/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt"):
            if Path(name).exists() and (self.path / name[1:]).parent.exists():
                self._root("cp", "-L", "--remove-destination", name, f"{self.path}{name}")

    def keep(self):
        """The root is as `wanted` says: the next run takes it as it is."""
        self.stamp.write_text(self.key)

    def command(self, *command, net=None):
        """What runs `command` in the root; `net`: in that process's network namespace."""
        enter = ["nsenter", "--target", self.pid, "--mount", "--pid"]
        other = [f"--net=/proc/{net}/ns/net"] if net else []
        variables = [f"{name}={os.environ[name]}" for name in ("http_proxy", "https_proxy") if name in os.environ]
        clean = ["env", "-i", f"PATH={PATH}", "HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", *variables]
        return [*self.as_root, *enter, *other, "chroot", str(self.path), *clean, *map(str, command)]

    def run(self, *command, net=None, check=True):
        return run(*self.command(*command, net=net), check=check)

    def apt(self, *arguments):
        return self.run("apt-get", "-y", "-q", "-o", "Dpkg::Use-Pty=0", *arguments)

    def install(self, *names):
        """With what they depend on, from the mirror; its list of packages may be old."""
        try:
            return self.apt("install", *names)
        except AssertionError:
            self.apt("update")
            return self.apt("install", *names)

    def copy(self, source, target):
        self._root("rm", "-rf", f"{self.path}{target}")
        self._root("cp", "-r", source, f"{self.path}{target}")

    def files(self):
        """Every path, caches and logs of apt and dpkg aside."""
        pruned = "/proc /dev /sys /tmp /var/cache /var/log /var/lib/apt /var/lib/dpkg /var/lib/systemd".split()
        skip = " -o ".join(f"-path {path}" for path in pruned)
        return set(self.run("sh", "-c", f"find / \\( {skip} \\) -prune -o -print").stdout.splitlines())

    def new_network(self):
        """A process in a network of its own, where nobody else is; its `pid` is for command()."""
        holder = subprocess.Popen([*self.as_root, "unshare", "--net", "python3", "-c", NETWORK], stdout=subprocess.PIPE, text=True)
        pid = holder.stdout.readline().strip()
        if not pid:
            raise AssertionError(f"no network can be made here: exit {holder.wait()}")
        return holder, pid

    def close(self):
        # The first process of a PID namespace heeds no other signal; the rest goes with it.
        self._root("kill", "-KILL", self.pid, check=False)
        self.holder.wait()
        self.holder.stdout.close()
