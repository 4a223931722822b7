"""check_symbols refuses what would leak out of a public header."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import check_symbols  # noqa: E402


def problems_of(text):
    return check_symbols.check_header(Path("include/heliograph/a.hpp"), "#pragma once\n" + text + "\n")


class CheckSymbolsTest(unittest.TestCase):
    def test_a_clean_header_passes(self):
        self.assertEqual(problems_of('#include <string>\n#include "heliograph/error.hpp"\nstd::string f();'), [])

    def test_foreign_names_and_headers_are_refused(self):
        for text in [
            "#include <boost/json.hpp>",
            "#include <openssl/ssl.h>",
            "#include <unistd.h>",
            '#include "base/ids.hpp"',
            "boost::json::value f();",
            "asio :: io_context& context();",
            "struct GstElement;",
            "void use(SSL_CTX* context);",
            "using namespace std;",
        ]:
            with self.subTest(text):
                self.assertEqual(len(problems_of(text)), 1)

    def test_comments_and_strings_may_name_anything(self):
        self.assertEqual(problems_of('// like boost::json\ninline const char* k = "SSL_CTX";'), [])

    def test_the_asio_adapter_may_name_asio_and_nothing_else(self):
        def problems_in(text):
            return check_symbols.check_header(Path("include/heliograph/asio.hpp"), "#pragma once\n" + text + "\n")

        for text in ["#include <boost/asio/post.hpp>", "#include <asio/post.hpp>", "namespace lib = ::boost::asio;"]:
            with self.subTest(text):
                self.assertEqual(problems_in(text), [])
        for text in ["#include <boost/json.hpp>", "boost::json::value f();\nSSL_CTX* c;", "#include <unistd.h>"]:
            with self.subTest(text):
                self.assertEqual(len(problems_in(text)), 1)

    def test_pragma_once_is_asked_for(self):
        self.assertEqual(len(check_symbols.check_header(Path("a.hpp"), "int f();\n")), 1)


if __name__ == "__main__":
    unittest.main()
