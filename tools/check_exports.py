#!/usr/bin/env python3
"""Checks that the SDK's libraries export what the public headers declare, and nothing else.

check_exports.py LIBRARY…     shared libraries and archives; together they must have all that include/ declares
"""
import re
import subprocess
import sys
from pathlib import Path

import cpp_source

NAMESPACE = re.compile(r"\bnamespace\s+((?:\w+)(?:::\w+)*)\s*$")
TYPE = re.compile(r"\b(?:class|struct)\s+HELIOGRAPH_API\s+(\w+)")
FUNCTION = re.compile(r"\bHELIOGRAPH_API\s+[^;{}()]*?(\w+)\s*\(")
DECORATION = re.compile(
    r"^(?:typeinfo name for|typeinfo for|vtable for|VTT for|(?:non-virtual|virtual) thunk to|guard variable for) "
)
PRIVATE = re.compile(r"::Impl\b")
# What g++ adds to the name of a function that returns a std::string within something.
ABI_TAG = r"\[abi:\w+\]"


def declarations(text):
    """(classes with whether they declare a destructor out of line, functions) of a header, by their full names."""
    text = re.sub(r"^[ \t]*#.*$", "", cpp_source.blank(text), flags=re.M)
    classes, functions, scopes, start = {}, set(), [], 0
    for found in re.finditer(r"[{};]", text):
        before = text[start : found.start() + 1]
        start = found.end()
        prefix = "".join(scope + "::" for scope in scopes if scope)
        if type_found := TYPE.search(before):
            name = type_found[1]
            if found[0] == "{":
                classes[prefix + name] = bool(re.search(rf"~{name}\(\)[^;{{}}=]*;", text[start:]))
        elif function_found := FUNCTION.search(before):
            functions.add(prefix + function_found[1])
        if found[0] == "{":
            space = NAMESPACE.search(before[:-1].rstrip())
            scopes.append(space[1] if space else "")
        elif found[0] == "}" and scopes:
            scopes.pop()
    return classes, functions


def exported(library):
    """The demangled names that a library offers to others."""
    shared = [] if library.suffix == ".a" else ["--dynamic"]
    command = ["nm", *shared, "--demangle", "--defined-only", "--extern-only", "--format=posix", str(library)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    names = (re.match(r"(.+) ([A-Za-z]) [0-9a-f]*(?: [0-9a-f]+)?$", line) for line in lines)
    return {re.sub(r"@@?[\w.]+$", "", name[1]) for name in names if name and name[2] != "A"}


def without_arguments(name):
    return re.sub(rf"(?:{ABI_TAG})?\(.*", "", name)


def unexpected(names, classes, functions):
    """Of the exported names, those that no public header declares."""
    wrong = []
    for name in sorted(names):
        plain = DECORATION.sub("", name)
        public = plain in classes or any(plain.startswith(owner + "::") for owner in classes)
        public = public or ("(" in plain and without_arguments(plain) in functions)
        if not public or PRIVATE.search(plain.split("(")[0]):
            wrong.append(name)
    return wrong


def missing(names, classes, functions):
    """Of what the public headers declare, that which nobody exports."""
    plain = {without_arguments(name) for name in names}
    wrong = [f"{name}()" for name in sorted(functions - plain)]
    for name, has_destructor in sorted(classes.items()):
        destructor = f"{name}::~{name.split('::')[-1]}()"
        if has_destructor and destructor not in names:
            wrong.append(destructor)
    return wrong


def main(libraries):
    if not libraries:
        sys.exit(__doc__)
    classes, functions = {}, set()
    for header in sorted((cpp_source.ROOT / "include").rglob("*.hpp")):
        more_classes, more_functions = declarations(header.read_text(encoding="utf-8"))
        classes.update(more_classes)
        functions |= more_functions
    problems, names = [], set()
    for library in map(Path, libraries):
        here = exported(library)
        names |= here
        wrong = unexpected(here, classes, functions)
        problems += [f"{library}: exports {name}, which no public header declares" for name in wrong]
    wrong = missing(names, classes, functions)
    problems += [f"no library exports {name}, which a public header declares" for name in wrong]
    return cpp_source.report(problems, len(libraries), "exports")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
