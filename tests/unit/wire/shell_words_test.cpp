// Command lines in words; the expected ones are those of Python's shlex.split().
#include "wire/shell_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::wire {
namespace {

using ::testing::ElementsAreArray;

TEST(ShellWordsTest, WordsAreThoseOfAPosixShell) {
  const struct {
    const char* text;
    std::vector<std::string> words;
  } cases[] = {
      {"", {}},
      {" \t\n ", {}},
      {"run", {"run"}},
      {"  run  -a\tb\n", {"run", "-a", "b"}},
      {R"(run "a b" 'c d')", {"run", "a b", "c d"}},
      {R"(run a"b c"'d e'f)", {"run", "ab cd ef"}},
      {R"(run "" '')", {"run", "", ""}},
      {R"(a\ b \" \' \\)", {"a b", "\"", "'", "\\"}},
      {R"("a\"b" "a\\b" "a\nb" "a\$b")", {"a\"b", "a\\b", "a\\nb", "a\\$b"}},
      {R"('a\b' 'a"b')", {"a\\b", "a\"b"}},
      {"run $HOME `id` $(id) *.txt a|b ; c & d > e #f ~",  // Nothing of this means anything here.
       {"run", "$HOME", "`id`", "$(id)", "*.txt", "a|b", ";", "c", "&", "d", ">", "e", "#f", "~"}},
      {"/opt/\xC3\xA4/run", {"/opt/\xC3\xA4/run"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto words = split_shell_words(c.text);
    ASSERT_TRUE(words);
    EXPECT_THAT(*words, ElementsAreArray(c.words));
  }
}

TEST(ShellWordsTest, WhatIsLeftOpenIsRefused) {
  for (const char* text : {"run \"a", "run 'a", "run a\\", "\"a\\\"", "'"}) {
    const auto words = split_shell_words(text);
    ASSERT_FALSE(words) << text;
    EXPECT_EQ(words.error().code, Errc::kInvalidArgument);
  }
}

}  // namespace
}  // namespace heliograph::wire
