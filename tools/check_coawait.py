#!/usr/bin/env python3
"""Finds what g++ 12 destroys twice: a braced temporary or a capturing lambda in one full expression with co_await.

GCC PR 107288 and kin: temporaries made by `Agg{.a = x}`, `f({…})` or `[x] {…}` are kept in the coroutine's frame and
freed twice when the same full expression awaits. Name them first, then std::move them. Lambdas that capture by
reference, or `this`, are safe, and so is `co_return Agg{…}`, which awaits nothing.

check_coawait.py [FILE…]   (without FILEs: every C++ file under git)
"""
import re
import sys
from pathlib import Path

import cpp_source

TOKEN = re.compile(r"[A-Za-z_]\w*|->|::|\[\[|\]\]|\S")
CONDITION_KEYWORDS = {"if", "while", "for", "switch"}
# A `{` after one of these opens a block; after anything else it initialises something.
BLOCK_AFTER = {";", "{", "}", ")", "else", "do", "try", "const", "noexcept", "override", "final", "mutable", ":"}
BLOCK_STATEMENTS = {"struct", "class", "union", "enum", "namespace", "extern", "concept"}


class Expression:
    """One full expression: does it await, and what in it would be freed twice."""

    def __init__(self):
        self.tokens = []
        self.awaits = False
        self.hazards = []


class Scanner:
    """Cuts the tokens of one file into full expressions; the bodies of lambdas are cut on their own."""

    def __init__(self, text):
        self.tokens = []
        for number, line in enumerate(cpp_source.blank(text).splitlines(), start=1):
            if not line.lstrip().startswith("#"):
                self.tokens += [(found.group(0), number) for found in TOKEN.finditer(line)]
        self.at = 0
        self.problems = []

    def scan(self):
        while self.at < len(self.tokens):
            self.block()
            self.at += 1  # a closing brace too many: macros can do that
        return self.problems

    def block(self):
        """Statements up to the `}` that ends this block, which is left in place."""
        while self.at < len(self.tokens) and self.tokens[self.at][0] != "}":
            self.statement()

    def end(self, expression):
        if expression.awaits:
            self.problems += [(line, what) for line, what in expression.hazards]
        return Expression()

    def statement(self):
        """One statement; a compound one ends after its block. Conditions are full expressions of their own."""
        expression, closers, conditions = Expression(), [], []
        while self.at < len(self.tokens):
            token, line = self.tokens[self.at]
            if token == "}" and not closers:
                self.end(expression)
                return
            self.at += 1
            if token == "{":
                if self.is_lambda_body(expression) or (not closers and self.is_block(expression)):
                    self.block()
                    self.at += 1
                    if not closers and not self.lambda_pending(expression):
                        self.end(expression)
                        return
                    expression.tokens.append("LAMBDA")
                    continue
                expression.hazards.append((line, "a braced temporary"))
                closers.append("}")
            elif token == "(":
                if expression.tokens and (
                    expression.tokens[-1] in CONDITION_KEYWORDS or expression.tokens[-2:] == ["if", "constexpr"]
                ):
                    conditions.append(len(closers))
                closers.append(")")
            elif token == "[":
                self.capture(expression, line)
                closers.append("]")
            elif closers and token == closers[-1]:
                closers.pop()
                if conditions and conditions[-1] == len(closers):
                    conditions.pop()
                    expression = self.end(expression)
            elif token == ";":
                expression = self.end(expression)
                if not closers:
                    return
            elif token == "co_await":
                expression.awaits = True
            expression.tokens.append(token)
        self.end(expression)

    def capture(self, expression, line):
        """Notes a lambda that owns what it captures. A `[` after a value is a subscript."""
        before = expression.tokens[-1] if expression.tokens else ""
        if re.fullmatch(r"\w+|\)|\]", before) and before not in {"return", "co_return", "co_yield", "co_await"}:
            return
        captured, depth, position = [[]], 1, self.at
        while position < len(self.tokens) and depth:
            token = self.tokens[position][0]
            depth += token in "([{"
            depth -= token in ")]}"
            if token == "," and depth == 1:
                captured.append([])
            elif depth:
                captured[-1].append(token)
            position += 1
        if any(item and item[0] not in {"&", "this"} for item in captured):
            expression.hazards.append((line, "a lambda that captures by value"))

    def is_lambda_body(self, expression):
        """Does the `{` just read open a lambda's body: after `[…]`, `[…](…)`, perhaps with specifiers or `-> type`?"""
        tokens = expression.tokens
        depth = position = 0
        for position in range(len(tokens) - 1, -1, -1):
            token = tokens[position]
            if token in (")", "]", "}"):
                depth += 1
            elif token in ("(", "[", "{"):
                depth -= 1
                if depth < 0:
                    return False
                if token == "[" and depth == 0:
                    before = tokens[position - 1] if position else ""
                    return not re.fullmatch(r"\w+|\)|\]", before) or before in {"return", "co_return", "co_await"}
            elif depth == 0 and token in (",", ";", "=", "?"):
                return False
        return False

    def lambda_pending(self, expression):
        """True where the block just closed was a lambda's in the middle of a statement."""
        return self.is_lambda_body(expression)

    def is_block(self, expression):
        tokens = expression.tokens
        if not tokens or tokens[-1] in BLOCK_AFTER:
            return True
        if any(token in BLOCK_STATEMENTS for token in tokens):
            return "=" not in tokens
        return "->" in tokens and ")" in tokens[: tokens.index("->")] and "=" not in tokens and "." not in tokens


def check_text(path, text):
    return [
        f"{path}:{line}: {what} in one full expression with co_await; name it first, then std::move it"
        for line, what in Scanner(text).scan()
    ]


def main(names):
    paths = [Path(name) for name in names] or cpp_source.tracked(cpp_source.ROOT, "*.cpp", "*.hpp")
    problems = []
    for path in paths:
        text = (cpp_source.ROOT / path).read_text(encoding="utf-8", errors="replace")
        if "co_await" in text:
            problems += check_text(path, text)
    return cpp_source.report(problems, len(paths), "co_await")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
