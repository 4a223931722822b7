"""What the tests of this folder share: where things are, and how programs are run."""
import hashlib
import re
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RELEASE = ROOT / "build/release"
PACKAGES = ROOT / "build/packages"
CONSUMER = Path(__file__).resolve().parent / "consumer"
VERSION = re.search(r"^project\(heliograph VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text(), re.M)[1]
sys.path.insert(0, str(ROOT / "tools"))


def run(*command, check=True, **options):
    """The finished process; a failure is an AssertionError with all that was said."""
    done = subprocess.run(
        list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
    )
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}\nended with {done.returncode}:\n{done.stdout[-6000:]}")
    return done


def output(*command, **options):
    return run(*command, **options).stdout


def remembered(name, *parts):
    """Whether the same `parts` were fine the last time, and what to call when they are."""
    stamp = ROOT / "build/stamps" / name
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def remember():
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(key)

    return stamp.exists() and stamp.read_text() == key, remember


class Service:
    """A heliographd, from the line that says where it listens until stop(). Its log is kept."""

    def __init__(self, command, stop=None):
        self.process = subprocess.Popen(
            list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.log, self.url = [], ""
        self._end = stop or self.process.terminate
        for line in self.process.stdout:
            self.log.append(line)
            if found := re.search(r"listening on (http://[^\s\"]+)", line):
                self.url = found[1]
                break
        if not self.url:
            raise AssertionError(f"heliographd ended with {self.process.wait()}:\n{''.join(self.log)}")
        self._reader = threading.Thread(target=lambda: self.log.extend(self.process.stdout), daemon=True)
        self._reader.start()

    def stop(self):
        """Its exit code."""
        self._end()
        code = self.process.wait(timeout=60)
        self._reader.join()
        self.process.stdout.close()
        return code

    def text(self):
        return "".join(self.log)
