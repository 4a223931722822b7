// Completions made from flags.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "flags/manual.hpp"
#include "support/temp_dir.hpp"

namespace heliograph::flags {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

struct Program {
  Program() {
    app.add_option("--data", text, "Where it is");
    app.add_option("--tls-key", text, "Its key");
    app.add_flag("--loud", is_loud, "Say more");
    add_generate_flag(app, text);
    CLI::App* fetch = app.add_subcommand("fetch", "Bring it");
    fetch->add_option("--key", text, "The id of a key");
    fetch->add_option("--role", text, "As whom")->check(CLI::IsMember({"viewer", "master"}));
    fetch->add_option("--status", number, "A number")->check(CLI::IsMember({400, 429}));
    fetch->add_option("--data", text, "Where it is");
    CLI::App* slowly = fetch->add_subcommand("slowly", "Take your time");
    slowly->add_option("--hours", number, "How long")->check(CLI::Range(1, 9));
    slowly->add_option("--role", text, "As whom")->check(CLI::IsMember({"master", "guest"}));
    slowly->add_option("pace", text, "How slowly")->check(CLI::IsMember({"very", "barely"}));
  }
  CLI::App app{"tool - does it", "tool"};
  std::string text;
  int number = 0;
  bool is_loud = false;
};

/// What bash offers for the last of `words`, with the script sourced.
std::vector<std::string> offered_by_bash(const std::string& script, const std::string& words) {
  const test::TempDir folder;
  std::ofstream(folder.path() / "script") << script;
  std::ofstream(folder.path() / "a-file") << "";
  const std::string command = "cd '" + folder.path().string() + "' && bash -c '. ./script; COMP_WORDS=(" + words +
                              "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tool; printf \"%s\\n\" \"${COMPREPLY[@]}\"'";
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return {"no bash"};
  std::string said;
  char piece[256];
  while (std::fgets(piece, sizeof piece, pipe) != nullptr) said += piece;
  ::pclose(pipe);
  std::vector<std::string> lines;
  std::istringstream text(said);
  for (std::string line; std::getline(text, line);)
    if (!line.empty()) lines.push_back(line);
  return lines;
}

TEST(CompletionTest, KnowsWhatStandsBehindEachCommand) {
  const Program program;

  const std::string script = to_completion(program.app, "bash");

  EXPECT_THAT(script, HasSubstr("'tool') words='--help --data --tls-key --loud fetch'"));
  EXPECT_THAT(script, HasSubstr("'tool fetch slowly') words='--help --hours --role very barely'"));
  EXPECT_THAT(script, HasSubstr("complete -F _tool tool\n"));
}

TEST(CompletionTest, BashWalksCommandsOnlySoThatNamesLeadNowhere) {
  const Program program;

  const std::string script = to_completion(program.app, "bash");

  EXPECT_THAT(script, HasSubstr(R"(case "$path $word" in 'tool fetch' | 'tool fetch slowly') path="$path $word" ;;)"));
}

TEST(CompletionTest, BashOffersWhatBelongsBehindAFlag) {
  const Program program;
  const std::string script = to_completion(program.app, "bash");

  EXPECT_THAT(offered_by_bash(script, "tool --data \"\""), UnorderedElementsAre("a-file", "script"));
  EXPECT_THAT(offered_by_bash(script, "tool --tls-key a"), ElementsAre("a-file"));
  EXPECT_THAT(offered_by_bash(script, "tool fetch --data a"), ElementsAre("a-file"));
  EXPECT_THAT(offered_by_bash(script, "tool fetch --role \"\""), ElementsAre("viewer", "master", "guest"));
  EXPECT_THAT(offered_by_bash(script, "tool fetch --status 4"), ElementsAre("400", "429"));
  EXPECT_THAT(offered_by_bash(script, "tool fetch --key \"\""), IsEmpty()) << "an id, not a file";
  EXPECT_THAT(offered_by_bash(script, "tool fetch slowly --hours \"\""), IsEmpty());
  EXPECT_THAT(offered_by_bash(script, "tool --loud f"), ElementsAre("fetch")) << "no value belongs to it";
  EXPECT_THAT(offered_by_bash(script, "tool fetch slowly v"), ElementsAre("very"));
}

TEST(CompletionTest, ZshHasAMenuForEachCommandAndAnAnswerForEachValue) {
  const Program program;

  const std::string script = to_completion(program.app, "zsh");

  EXPECT_THAT(script, ::testing::StartsWith("#compdef tool\n"));
  EXPECT_THAT(script, HasSubstr("'tool fetch slowly') menu=( '--help:"));
  EXPECT_THAT(script, HasSubstr("    (--role) compadd -- viewer master guest; return ;;\n"));
  EXPECT_THAT(script, HasSubstr("    (--data|--tls-key) _files; return ;;\n"));
  EXPECT_THAT(script, HasSubstr("    (--hours|--key) return ;;\n"));
}

TEST(CompletionTest, FishHasALineForEachFlagAndFilesOnlyWhereOneIsAskedFor) {
  const Program program;

  const std::string script = to_completion(program.app, "fish");

  EXPECT_THAT(script, HasSubstr("set -g __tool_commands 'tool fetch' 'tool fetch slowly'\ncomplete -c tool -f\n"));
  EXPECT_THAT(script, HasSubstr("complete -c tool -n '__tool_at \\'tool\\'' -l data -r -F -d "));
  EXPECT_THAT(script, HasSubstr("-l key -x -d "));
  EXPECT_THAT(script, HasSubstr("-l role -x -a 'viewer master' -d "));
  EXPECT_THAT(script, HasSubstr("-l loud -d "));
  EXPECT_THAT(script, HasSubstr("-a fetch -d "));
}

TEST(CompletionTest, HiddenFlagsAreInNone) {
  const Program program;

  for (const char* const shell : {"bash", "zsh", "fish"})
    EXPECT_THAT(to_completion(program.app, shell), Not(HasSubstr("generate"))) << shell;
}

}  // namespace
}  // namespace heliograph::flags
