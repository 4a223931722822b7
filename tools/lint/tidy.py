"""clang-tidy over the sources, in parallel. A file that passed is not looked at again until it or its headers change."""
import concurrent.futures
import functools
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import cpp_source

ROOT = cpp_source.ROOT
PROGRAM = "clang-tidy-19"
BUILD = ROOT / "build" / "dev"  # its compile_commands.json says how each file is compiled
FINDING = re.compile(r"^(?=\S+:\d+:\d+: (?:error|warning): )", re.MULTILINE)  # where each finding begins


def cache_folder():
    """Where what passed is remembered, for every clone of this user's, as ccache does; in build/ where there is no such place."""
    home = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("HOME", "/nonexistent") + "/.cache")
    for folder in (Path(home) / "heliograph" / "tidy", ROOT / "build" / "cache" / "tidy"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return folder
        except OSError:
            continue
    raise OSError("neither the home directory nor build/ can be written to")


def git(*arguments):
    done = subprocess.run(["git", "-c", "safe.directory=*", *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ""


def changed_files():
    """What differs from where this branch left the main one, or from the last commit but one."""
    base = git("merge-base", "HEAD", "origin/HEAD").strip() or git("rev-parse", "--verify", "-q", "HEAD~").strip()
    if base and base == git("rev-parse", "HEAD").strip():
        base = git("rev-parse", "--verify", "-q", "HEAD~").strip()
    return set(git("diff", "--name-only", base, "--").split()) if base else None


def sources(all_files):
    """(source, everything it includes) for each source to look at."""
    includes_of = {}
    found = [
        (path, cpp_source.closure(ROOT, path, includes_of)) for path in cpp_source.tracked(ROOT, "src/*.cpp")
    ]
    changed = None if all_files else changed_files()
    if changed is None:
        return found
    return [(path, closure) for path, closure in found if any(str(name) in changed for name in closure)]


@functools.cache
def program_version():
    return subprocess.run([PROGRAM, "--version"], capture_output=True, text=True).stdout


def content_key(closure):
    """Names one state of a source, its headers, the checks and the program."""
    digest = hashlib.sha256(program_version().encode())
    for path in [ROOT / ".clang-tidy", *(ROOT / name for name in sorted(closure))]:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def look_at(path):
    """(ok, output) for one source."""
    done = subprocess.run(
        [PROGRAM, "--quiet", "-p", str(BUILD), "--extra-arg=-Wno-unknown-warning-option", str(ROOT / path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    noise = ("warnings generated.", "warning generated.", "Suppressed ", "Use -header-filter", "Use -system-headers")
    output = done.stdout + "".join(
        line + "\n" for line in done.stderr.splitlines() if not any(text in line for text in noise)
    )
    return done.returncode == 0, output.replace(str(ROOT) + "/", "")


def configure():
    """Makes compile_commands.json. Cheap when it is there: cmake is asked only when a source is not in it."""
    done = subprocess.run(["cmake", "--preset", "dev"], cwd=ROOT, capture_output=True, text=True)
    return done.returncode == 0, done.stdout + done.stderr


def run(all_files):
    """(ok, output) of clang-tidy over every source, or over the changed ones."""
    cache = cache_folder()
    todo = [(path, cache / content_key(closure)) for path, closure in sources(all_files)]
    todo = [(path, stamp) for path, stamp in todo if not stamp.exists()]
    if not todo:
        return True, ""
    ok, output = configure()
    if not ok:
        return False, output
    reports = []
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("HELIOGRAPH_JOBS", os.cpu_count() or 1))) as pool:
        looks = {pool.submit(look_at, path): (path, stamp) for path, stamp in todo}
        for number, look in enumerate(concurrent.futures.as_completed(looks), start=1):
            path, stamp = looks[look]
            fine, text = look.result()
            print(f"     [{number}/{len(todo)}] clang-tidy {path}", flush=True, file=sys.stderr)
            if fine:
                stamp.touch()
            else:
                reports.append(text or f"{path}: {PROGRAM} failed\n")
    return not reports, "".join(without_repeats(reports))


def without_repeats(reports):
    """A finding in a header shows up with every source that includes it; once is enough."""
    findings = [finding for report in reports for finding in FINDING.split(report) if finding.strip()]
    return list(dict.fromkeys(findings))
