// Shared config files: any text is settings or an error that quotes nothing of it; what is read is read again when it
// is written.
#include <cstdint>
#include <string>
#include <string_view>

#include "support/check.hpp"
#include "wire/config_file.hpp"

namespace {

using namespace heliograph;

bool same(const wire::ConfigSection& a, const wire::ConfigSection& b) {
  return a.settings == b.settings && a.secret_access_key.reveal() == b.secret_access_key.reveal() &&
         a.session_token.reveal() == b.session_token.reveal();
}

/// Settings without one above them first: a setting without a value takes those below it.
void write(std::string& text, const wire::ConfigSection& section) {
  if (!section.secret_access_key.empty())
    text += "aws_secret_access_key=" + std::string(section.secret_access_key.reveal()) + "\n";
  if (!section.session_token.empty()) text += "aws_session_token=" + std::string(section.session_token.reveal()) + "\n";
  for (const auto& [name, value] : section.settings) text += name + "=" + value + "\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto kind : {wire::ConfigFileKind::kConfig, wire::ConfigFileKind::kCredentials}) {
    const auto file = wire::parse_config_file(text, kind);
    if (!file) {
      test::check(file.error().code == Errc::kCorrupt, "a text that is none is corrupt");
      test::check(file.error().detail.starts_with("line ") && file.error().detail.size() < 100,
                  "an error names the line, and quotes nothing");
      continue;
    }
    for (const auto& [name, section] : file->profiles) {
      std::string written = "[default]\n";
      write(written, section);
      const auto again = wire::parse_config_file(written, kind);
      test::check(again && same(again->profiles.at("default"), section), "what is written is read again");
    }
    test::check(kind == wire::ConfigFileKind::kConfig || file->services.empty(), "services are of config files only");
  }
  return 0;
}
