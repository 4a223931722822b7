"""check_exports reads declarations as a compiler would, and refuses what leaks or is missing."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import check_exports  # noqa: E402

HEADER = """
#define HELIOGRAPH_API __attribute__((visibility("default")))
namespace heliograph {
namespace sdk { class Inside; }
// class HELIOGRAPH_API Comment { };
class HELIOGRAPH_API Pimpl final : public Base {
 public:
  struct Options { int depth = 1; };
  ~Pimpl() override;
};
class HELIOGRAPH_API Open { public: virtual ~Open() = default; };
[[nodiscard]] HELIOGRAPH_API std::shared_ptr<Open> make_open(std::map<int, std::string> of = {});
namespace deep::er { HELIOGRAPH_API void dig() noexcept; }
std::string not_exported();
}
"""
CLASSES, FUNCTIONS = check_exports.declarations(HEADER)


class CheckExportsTest(unittest.TestCase):
    def test_declarations_are_found_by_full_name(self):
        self.assertEqual(CLASSES, {"heliograph::Pimpl": True, "heliograph::Open": False})
        self.assertEqual(FUNCTIONS, {"heliograph::make_open", "heliograph::deep::er::dig"})

    def test_members_tables_and_functions_are_expected(self):
        names = {
            "heliograph::Pimpl::~Pimpl()",
            "typeinfo for heliograph::Open",
            "non-virtual thunk to heliograph::Pimpl::~Pimpl()",
            "heliograph::Pimpl::Options::Options()",
            "heliograph::make_open(std::map<int, std::string>)",
        }
        self.assertEqual(check_exports.unexpected(names, CLASSES, FUNCTIONS), [])

    def test_what_is_inside_is_refused(self):
        for name in [
            "heliograph::wire::parse(std::string_view)",
            "heliograph::not_exported()",
            "heliograph::make_open_twice()",
            "heliograph::Pimpl::Impl::run()",
            "boost::json::parse(char const*)",
            "typeinfo for heliograph::sdk::Inside",
            "heliograph::PimplOther::go()",
        ]:
            with self.subTest(name):
                self.assertEqual(check_exports.unexpected({name}, CLASSES, FUNCTIONS), [name])

    def test_a_private_type_among_the_arguments_is_no_leak(self):
        name = "heliograph::Pimpl::Pimpl(std::unique_ptr<heliograph::Pimpl::Impl>)"
        self.assertEqual(check_exports.unexpected({name}, CLASSES, FUNCTIONS), [])

    def test_what_is_declared_and_not_there_is_told(self):
        self.assertEqual(
            check_exports.missing({"heliograph::deep::er::dig()"}, CLASSES, FUNCTIONS),
            ["heliograph::make_open()", "heliograph::Pimpl::~Pimpl()"],
        )


if __name__ == "__main__":
    unittest.main()
