"""The reference of the public headers: whatever says nothing of itself is an error."""
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HEADER = """
/// A namespace.
namespace heliograph {
/// A class.
class Lamp {
 public:
  /// Lights it. Fails with kIo when the fuse has blown.
  /// @{
  void light(int brightness);
  void light();
  /// @}
  int hours{};  ///< That it has burnt.
%s
};
%s
}  // namespace heliograph
"""


class DocsTest(unittest.TestCase):
    """What tools/docs does, on another header."""

    def reference(self, member="", outside=""):
        with tempfile.TemporaryDirectory() as folder:
            header = Path(folder) / "lamp.hpp"
            header.write_text(HEADER % (member, outside))
            settings = (ROOT / "docs/Doxyfile").read_text() + f"INPUT = {folder}\nUSE_MDFILE_AS_MAINPAGE =\n"
            env = {**os.environ, "HELIOGRAPH_VERSION": "1", "HELIOGRAPH_DOCS": folder + "/out"}
            (Path(folder) / "out").mkdir()
            done = subprocess.run(["doxygen", "-"], cwd=ROOT, input=settings, env=env, capture_output=True, text=True)
            return done.returncode, done.stderr

    def test_what_is_documented_passes(self):
        self.assertEqual(self.reference(), (0, ""))

    def test_an_undocumented_entity_fails_and_is_named(self):
        for member, outside, name in [
            ("  void dim();", "", "dim()"),
            ("  int volts{};", "", "volts"),
            ("  enum class Colour { kRed };", "", "Colour"),
            ("", "struct Socket {\n  int pins{};  ///< Two.\n};", "Socket"),
            ("", "enum class Thread { kE27 };", "Thread"),
            ("", "int lamps();", "lamps()"),
            ("", "using Lamps = int;", "Lamps"),
        ]:
            with self.subTest(name):
                code, said = self.reference(member, outside)
                self.assertNotEqual(code, 0)
                self.assertIn(f"{name}", said)
                self.assertIn("is not documented", said)

    def test_private_members_need_nothing(self):
        self.assertEqual(self.reference("\n private:\n  int filament_{};"), (0, ""))

    def test_public_headers_have_no_digit_separators(self):
        # Doxygen 1.9.4 loses the comments behind one, and would not say so.
        for header in sorted((ROOT / "include").rglob("*.hpp")):
            code = "\n".join(line.split("//")[0] for line in header.read_text().splitlines())
            self.assertNotRegex(code, r"\d'\d", header.name)


if __name__ == "__main__":
    unittest.main()
