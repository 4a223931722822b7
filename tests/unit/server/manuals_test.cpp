// The manual pages of heliographd say what --help says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/config.hpp"

namespace heliograph::server {
namespace {

using ::testing::HasSubstr;

std::string said(const char* flag, const char* value = nullptr) {
  const char* const argv[] = {"heliographd", flag, value};
  const auto parsed = parse_config(value == nullptr ? 2 : 3, argv);
  const auto* exit = std::get_if<ExitRequest>(&parsed);
  EXPECT_NE(exit, nullptr);
  EXPECT_EQ(exit == nullptr ? 1 : exit->code, 0);
  return exit == nullptr ? std::string{} : exit->text;
}

/// Lines such as "  -h,--help  …" and "  --listen ADDR:PORT …".
std::vector<std::string> flags_of_help() {
  const std::string help = said("--help");
  std::vector<std::string> flags;
  for (std::size_t at = 0; (at = help.find('\n', at)) != std::string::npos;) {
    const auto begin = help.find_first_not_of(' ', ++at);
    if (begin == at || begin == std::string::npos || help[begin] != '-') continue;
    const auto name = help.find("--", begin) + 2;
    const auto end = help.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", name);
    flags.push_back(help.substr(name, end - name));
  }
  return flags;
}

std::string in_troff(std::string text) {
  for (std::size_t at = 0; (at = text.find('-', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

TEST(ManualsTest, EveryFlagOfTheHelpIsInThePages) {
  const std::string page = said("--generate", "man");
  const std::string keys = said("--generate", "config-man");
  const std::string completion = said("--generate", "bash");
  const auto flags = flags_of_help();

  ASSERT_GT(flags.size(), 30U);
  for (const std::string& flag : flags) {
    EXPECT_THAT(page, HasSubstr(in_troff("--" + flag)));
    EXPECT_THAT(completion, HasSubstr("--" + flag));
    if (flag == "help" || flag == "version" || flag == "config") continue;
    EXPECT_THAT(keys, HasSubstr("\n.B " + in_troff(flag)));
    std::string variable = "HELIOGRAPH_" + flag;
    for (char& c : variable) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_THAT(page, HasSubstr("Variable: " + variable));
  }
}

TEST(ManualsTest, PageNamesTheFilesAndTheVariablesThatAreNoSettings) {
  const std::string page = said("--generate", "man");

  for (const char* name : {"credentials", "heliograph.db", "master.key", "webhook-secret", "revoked-keys.json",
                           "events.db", "runtime.json", "turn/secret"})
    EXPECT_THAT(page, HasSubstr("DATA/" + in_troff(name)));
  for (const char* name : {"HELIOGRAPH_MASTER_KEY", "HELIOGRAPH_WEBHOOK_SECRET", "HELIOGRAPH_CONFIG", "NOTIFY_SOCKET"})
    EXPECT_THAT(page, HasSubstr(name));
}

}  // namespace
}  // namespace heliograph::server
