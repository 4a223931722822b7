// Pages made from flags.
#include "flags/manual.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace heliograph::flags {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Program {
  Program() {
    app.add_option("--data", data, "Where it is")->envname("TOOL_DATA")->capture_default_str();
    app.add_flag("--loud", loud, ".begins with a dot \\ and has a backslash");
    add_generate_flag(app, what);
    CLI::App* fetch = app.add_subcommand("fetch", "Bring it");
    fetch->add_subcommand("slowly", "Take your time")->add_option("--hours", data, "How long");
  }
  CLI::App app{"tool - does it", "tool"};
  std::string data = "here";
  bool loud = false;
  std::string what;
};

TEST(ManualTest, PageHasEveryFlagAndCommandAndNoneThatIsHidden) {
  const Program program;

  const std::string page = to_man_page(program.app, {.name = "tool", .section = "1", .summary = "does it"});

  EXPECT_THAT(page, HasSubstr(".TH TOOL 1 "));
  EXPECT_THAT(page, HasSubstr("\\-\\-data"));
  EXPECT_THAT(page, HasSubstr("Where it is; default: here\n.br\nVariable: TOOL_DATA\n"));
  EXPECT_THAT(page, HasSubstr(".SS fetch slowly\nTake your time\n"));
  EXPECT_THAT(page, HasSubstr("\\-\\-hours"));
  EXPECT_THAT(page, Not(HasSubstr("generate")));
}

TEST(ManualTest, TextIsNoRequestOfTroffs) {
  const Program program;

  const std::string page = to_man_page(program.app, {.name = "tool", .section = "1", .summary = "does it"});

  EXPECT_THAT(page, HasSubstr("\n\\&.begins with a dot \\e and has a backslash\n"));
}

TEST(ManualTest, ConfigPageHasKeysWithoutDashes) {
  const Program program;

  const std::string page = to_config_page(program.app, {.name = "tool.toml", .section = "5", .summary = "settings"});

  EXPECT_THAT(page, HasSubstr(".TP\n.B data = "));
  EXPECT_THAT(page, HasSubstr(".TP\n.B loud\n"));
  EXPECT_THAT(page, Not(HasSubstr("generate")));
}

}  // namespace
}  // namespace heliograph::flags
