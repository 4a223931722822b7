"""check_layers refuses each arrow that points up, and accepts those that point down."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import check_layers  # noqa: E402


def problems_of(path, *includes):
    return check_layers.check_file(Path(path), "".join(f"#include {name}\n" for name in includes))


class ArrowsTest(unittest.TestCase):
    def test_lower_layers_may_be_included(self):
        for path, name in [
            ("src/wire/a.hpp", '"base/ids.hpp"'),
            ("src/core/a.hpp", '"wire/message.hpp"'),
            ("src/store/a.cpp", '"core/hub.hpp"'),
            ("src/net/a.cpp", '"core/hub.hpp"'),
            ("src/server/a.cpp", '"store/store.hpp"'),
            ("src/cli/a.cpp", '"wire/message.hpp"'),
            ("src/cli/a.cpp", '"core/policy/decision.hpp"'),
            ("src/base/a.hpp", '"heliograph/result.hpp"'),
            ("src/core/a.cpp", '"core/b.hpp"'),
            ("src/core/a.cpp", "<vector>"),
            ("include/heliograph/a.hpp", '"heliograph/error.hpp"'),
        ]:
            with self.subTest(f"{path} {name}"):
                self.assertEqual(problems_of(path, name), [])

    def test_arrows_that_point_up_or_aside_are_refused(self):
        for path, name in [
            ("src/base/a.hpp", '"wire/message.hpp"'),
            ("src/wire/a.hpp", '"core/hub.hpp"'),
            ("src/core/a.cpp", '"net/http.hpp"'),
            ("src/core/a.cpp", '"store/store.hpp"'),
            ("src/store/a.cpp", '"net/http.hpp"'),
            ("src/net/a.cpp", '"store/store.hpp"'),
            ("src/net/a.cpp", '"server/config.hpp"'),
            ("src/cli/a.cpp", '"net/http.hpp"'),
            ("src/cli/a.cpp", '"server/config.hpp"'),
            ("include/heliograph/a.hpp", '"base/ids.hpp"'),
            ("src/wire/a.cpp", '"message.hpp"'),
            ("src/wire/a.cpp", '"../core/hub.hpp"'),
            ("src/wire/a.cpp", '"other/thing.hpp"'),
            ("src/other/a.cpp", "<vector>"),
        ]:
            with self.subTest(f"{path} {name}"):
                self.assertEqual(len(problems_of(path, name)), 1)

    def test_boost_stays_where_it_belongs(self):
        for path, name, allowed in [
            ("src/net/a.cpp", "<boost/beast/http.hpp>", True),
            ("src/server/a.cpp", "<boost/beast/http.hpp>", False),
            ("src/net/a.cpp", "<boost/asio/ip/tcp.hpp>", True),
            ("src/server/a.cpp", "<boost/asio/post.hpp>", True),
            ("src/store/a.cpp", "<boost/asio/post.hpp>", False),
            ("src/wire/a.cpp", "<boost/json.hpp>", True),
            ("src/core/a.cpp", "<boost/json.hpp>", False),
            ("src/base/a.hpp", "<boost/json.hpp>", False),
            ("include/heliograph/a.hpp", "<boost/json.hpp>", False),
            ("include/heliograph/a.hpp", "<boost/asio/post.hpp>", False),
            ("include/heliograph/asio.hpp", "<boost/asio/post.hpp>", True),
            ("include/heliograph/asio.hpp", "<boost/json.hpp>", False),
            ("src/sdk/a.cpp", '"heliograph/asio.hpp"', False),
        ]:
            with self.subTest(f"{path} {name}"):
                self.assertEqual(problems_of(path, name) == [], allowed)

    def test_an_include_in_a_comment_is_none(self):
        self.assertEqual(check_layers.check_file(Path("src/base/a.hpp"), '// #include "core/hub.hpp"\n'), [])

    def test_a_fifth_file_with_beast_is_refused(self):
        files = [(Path(f"src/net/{n}.cpp"), "#include <boost/beast/http.hpp>\n") for n in range(5)]

        self.assertEqual(check_layers.check_beast_count(files[:4]), [])
        self.assertEqual(len(check_layers.check_beast_count(files)), 5)


class LengthTest(unittest.TestCase):
    def test_300_lines_pass_400_warn_401_fail(self):
        path = Path("src/base/a.cpp")

        self.assertEqual(check_layers.check_length(path, "\n" * 300), ([], []))
        self.assertEqual([len(x) for x in check_layers.check_length(path, "\n" * 400)], [0, 1])
        self.assertEqual([len(x) for x in check_layers.check_length(path, "\n" * 401)], [1, 0])


class ReadmesTest(unittest.TestCase):
    def test_every_folder_of_src_needs_one(self):
        paths = [Path(name) for name in ("src/CMakeLists.txt", "src/net/a.cpp", "src/net/tls/b.cpp", "src/net/README.md")]
        self.assertEqual([problem.split(":")[0] for problem in check_layers.check_readmes(paths)], ["src/net/tls/README.md"])
        self.assertEqual(check_layers.check_readmes([*paths, Path("src/net/tls/README.md")]), [])

    def test_folders_that_only_have_folders_need_one_too(self):
        problems = check_layers.check_readmes([Path("src/a/b/c.cpp"), Path("src/a/b/README.md")])
        self.assertEqual([problem.split(":")[0] for problem in problems], ["src/a/README.md"])

    def test_other_places_need_none(self):
        self.assertEqual(check_layers.check_readmes([Path("bench/micro/a.cpp"), Path("src/CMakeLists.txt")]), [])


if __name__ == "__main__":
    unittest.main()
