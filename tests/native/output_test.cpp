// Programs whose standard descriptors are full, or closed.
#include "support/stream_fixture.hpp"

namespace heliograph::test {
namespace {

using ::testing::HasSubstr;

class OutputTest : public StreamTest {
 protected:
  /// By a shell, whose text has the program in "$@".
  [[nodiscard]] static std::unique_ptr<Program> by_shell(const char* text, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"/bin/bash", "-c", text, "bash"});
    return std::make_unique<Program>(arguments);
  }
  [[nodiscard]] std::vector<std::string> command(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), command_program());
    arguments.insert(arguments.end(), {"--data", data()});
    return arguments;
  }
};

TEST_F(OutputTest, WhatGoesToAFullDiskIsAFailure) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  std::vector<std::vector<std::string>> commands{command({"env"}), command({"channel", "list"})};
  for (const auto& arguments : {std::vector<std::string>{"--version"},
                                {"--help"},
                                {"--generate", "man"},
                                {"completion", "bash"},
                                {"viewer", "--help"}}) {
    commands.push_back({command_program()});
    commands.back().insert(commands.back().end(), arguments.begin(), arguments.end());
  }
  for (const auto& each : commands) {
    SCOPED_TRACE(each[1]);
    const auto program = by_shell("exec \"$@\" >/dev/full", each);

    EXPECT_EQ(program->end(), 1);
    EXPECT_THAT(program->text(), HasSubstr("heliograph: standard output: No space left on device\n"));
  }
}

TEST_F(OutputTest, MasterAndViewerEndWhenNobodyReadsThem) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto sender = master();
  ASSERT_TRUE(is_open(*sender)) << sender->text();
  for (const auto& each : {command({"master", "dam", "--create", "--json"}), command({"master", "dam", "--create"}),
                           command({"viewer", "cam", "--stats"}), command({"chat", "cam", "--viewer"})}) {
    SCOPED_TRACE(each[1]);
    const auto program = by_shell("\"$@\" | head -1; echo ended with ${PIPESTATUS[0]}", each);

    EXPECT_TRUE(program->says("ended with 1\n")) << program->text();
    EXPECT_THAT(program->text(), HasSubstr("heliograph: nobody reads standard output any more\n"));
  }
}

TEST_F(OutputTest, ClosedStandardInputIsAnEmptyOne) {
  ASSERT_NO_FATAL_FAILURE(start_service());

  const auto master = by_shell("exec \"$@\" <&-", command({"chat", "cam", "--master", "--create"}));

  EXPECT_EQ(master->end(), 0) << master->text();
}

TEST_F(OutputTest, ServiceGivesTheNumbersOfClosedOnesToNothingElse) {
  const auto daemon =
      by_shell("echo $$ >\"$1\"; shift; exec \"$@\" <&- >&- 2>&-",
               {file("pid"), service_program(), "--data", data(), "--listen", "127.0.0.1:0", "--turn", "off"});
  const auto end = Program::Clock::now() + Program::kPatience;
  while (result_of({"health"}).first != 0) ASSERT_LT(Program::Clock::now(), end);
  std::string pid;
  ASSERT_TRUE(std::ifstream(file("pid")) >> pid);

  for (const char* descriptor : {"0", "1", "2"})
    EXPECT_EQ(std::filesystem::read_symlink("/proc/" + pid + "/fd/" + descriptor), "/dev/null") << descriptor;
}

}  // namespace
}  // namespace heliograph::test
