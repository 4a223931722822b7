"""What the checks share: finding the project's C++ files, blanking comments and strings, reading includes."""
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_INERT = re.compile(
    r"""//[^\n]*"""
    r"""|/\*.*?\*/"""
    r'''|R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)"'''
    r'''|"(?:\\.|[^"\\\n])*"'''
    r"""|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])*'""",
    re.DOTALL,
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def tracked(root, *patterns):
    """The files under git that match patterns, as paths relative to root, sorted; without those deleted on disk."""
    command = ["git", "-c", "safe.directory=*", "-C", str(root), "ls-files", "-z", "--", *patterns]
    names = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")
    return sorted(Path(name) for name in names if name and (root / name).is_file())


def blank(text, keep_includes=False):
    """text with comments and literals replaced by spaces, line numbers unchanged. A string becomes "…" of spaces."""

    def spaces(match):
        found = match.group(0)
        if keep_includes and found.startswith('"'):
            return found
        body = re.sub(r"[^\n]", " ", found)
        return '"' + body[1:-1] + '"' if found.startswith(('"', "R")) and len(body) > 1 else body

    return _INERT.sub(spaces, text)


def includes(text):
    """(line number, path, is_system) of each #include."""
    return [
        (text.count("\n", 0, match.start()) + 1, match.group(2), match.group(1) == "<")
        for match in _INCLUDE.finditer(blank(text, keep_includes=True))
    ]


def resolve(root, name):
    """The project file that #include "name" means, or None. Includes are by path from include/, src/ or tests/."""
    for folder in ("include", "src", "tests", "bench"):
        path = Path(folder) / name
        if (root / path).is_file():
            return path
    return None


def closure(root, path, cache=None):
    """path and every project file it includes, directly or not."""
    cache = {} if cache is None else cache
    seen, todo = set(), [Path(path)]
    while todo:
        current = todo.pop()
        if current in seen:
            continue
        seen.add(current)
        if current not in cache:
            text = (root / current).read_text(encoding="utf-8", errors="replace")
            found = [resolve(root, name) for _, name, _ in includes(text)]
            cache[current] = [name for name in found if name]
        todo.extend(cache[current])
    return seen


def report(problems, checked, what):
    """Prints problems, or one line that says how much was looked at. Returns the exit status."""
    for problem in problems:
        print(problem)
    if not problems:
        print(f"{what}: {checked} files, nothing found")
    return 1 if problems else 0
