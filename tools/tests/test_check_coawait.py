"""check_coawait finds each form that g++ 12 miscompiles, and lets the safe forms pass."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import check_coawait  # noqa: E402

HAZARDS = {
    "an aggregate as argument": "co_await f(Agg{.name = x});",
    "a braced argument": "co_await f({x, y});",
    "an empty braced argument": "co_await f(a, {});",
    "awaiting inside braces": "auto a = Agg{co_await f()};",
    "a spawned coroutine's argument": "co_await co_spawn(ex, f(Agg{x}), use_awaitable);",
    "a lambda with a copy": "co_await g([x](int y) { return x + y; });",
    "a lambda with a default copy": "co_await g([=] { return 1; });",
    "a lambda with an initialiser": "co_await g([p = std::move(q)]() mutable { p->run(); });",
    "in a condition": "if (co_await f(Agg{1})) { return; }",
    "in a return": "co_return co_await f({1});",
    "over several lines": "auto r =\n    co_await f(\n        Agg{1});",
    "in a nested coroutine lambda": "auto l = [&]() -> Task { co_await f({1}); };",
    "in the condition of a loop": "while (co_await next({})) run();",
    "beside a reference capture": "co_await g([&a, b] { return a + b; });",
}
SAFE = {
    "a named value": "Agg a{.name = x};\nco_await f(std::move(a));",
    "a type with a constructor": "co_await f(Agg(x));",
    "co_return of an aggregate": "co_return Agg{.name = x};",
    "a lambda by reference": "co_await g([&](int y) { return x + y; });",
    "a lambda with this": "co_await g([this] { return x_; });",
    "a lambda without captures": "co_await g([](auto) { return Agg{1}; });",
    "a block after a condition": "if (co_await f()) { g(Agg{1}); }",
    "a statement after a condition": "if (co_await f()) return {};",
    "a for loop": "for (Agg a{1}; co_await f(); ++i) { g({}); }",
    "a comment and a string": 'g(Agg{1}, "co_await f({})");  // co_await f({})',
    "subscripts": "co_await f(table[index], map[key]);",
    "a function's body": "Task run(Config c = {}) { co_await f(); }",
    "a function with a trailing type": "auto run() -> Task { co_await f(); }",
    "a lambda called later": "auto l = [x]() -> Task { co_await f(); };",
    "a class": "struct S : B { int a{1}; Task f() { co_await g(); } };",
    "neighbouring statements": "g({1}); co_await f(); g([x] { return x; });",
}


def wrap(code):
    return "namespace n {\nTask outer() {\n" + code + "\n}\n}  // namespace n\n"


class CheckCoawaitTest(unittest.TestCase):
    def test_finds_every_hazard(self):
        for name, code in HAZARDS.items():
            with self.subTest(name):
                self.assertNotEqual(check_coawait.check_text("x.cpp", wrap(code)), [])

    def test_lets_safe_code_pass(self):
        for name, code in SAFE.items():
            with self.subTest(name):
                self.assertEqual(check_coawait.check_text("x.cpp", wrap(code)), [])

    def test_names_the_line(self):
        problems = check_coawait.check_text("x.cpp", "Task f() {\n  int a;\n  co_await g({a});\n}\n")

        self.assertEqual(len(problems), 1)
        self.assertTrue(problems[0].startswith("x.cpp:3: "))


if __name__ == "__main__":
    unittest.main()
