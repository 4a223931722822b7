// The matcher by itself: against the naive one, and what it costs at worst.
#include "core/policy/pattern.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "support/naive_pattern.hpp"

namespace heliograph::core {
namespace {

using test::matches_naively;

Pattern parse(std::string_view text) { return *Pattern::parse(text, {.wildcards = true, .variables = false}); }

bool matches(std::string_view pattern, std::string_view text) { return parse(pattern).match(text, {}) == Match::kYes; }

TEST(PatternTest, WildcardsMeanWhatTheNaiveMatcherSays) {
  // Every pattern and text of few letters: each way in which parts can overlap.
  const auto make = [](std::string_view letters, unsigned number, std::size_t length) {
    std::string text;
    for (; text.size() < length; number /= static_cast<unsigned>(letters.size()))
      text += letters[number % letters.size()];
    return text;
  };
  for (std::size_t length = 0; length <= 5; ++length) {
    for (unsigned p = 0; p < (1U << (2 * length)); ++p) {
      const std::string pattern = make("ab*?", p, length);
      const Pattern compiled = parse(pattern);
      for (unsigned t = 0; t < 32; ++t) {
        const std::string text = make("ab", t, t % 6);
        ASSERT_EQ(compiled.match(text, {}) == Match::kYes, matches_naively(pattern, text)) << pattern << " " << text;
      }
    }
  }
}

TEST(PatternTest, LongerOnesToo) {
  std::mt19937 random(1);  // NOLINT(bugprone-random-generator-seed): the same on every run
  const auto make = [&random](std::string_view letters, std::size_t most) {
    std::string text(random() % most, ' ');
    for (char& c : text) c = letters[random() % letters.size()];
    return text;
  };
  int matched = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string pattern = make("aab*?*", 20);
    const std::string text = make("aab", 24);
    const bool expected = matches_naively(pattern, text);
    matched += expected ? 1 : 0;
    ASSERT_EQ(matches(pattern, text), expected) << pattern << " " << text;
  }
  EXPECT_GT(matched, 500);
}

TEST(PatternTest, AQuestionMarkIsACharacterOfUtf8) {
  EXPECT_TRUE(matches("?", "ü"));
  EXPECT_FALSE(matches("??", "ü"));
  EXPECT_TRUE(matches("a?*?z", "aü€z"));
  EXPECT_TRUE(matches("*?z", "€z"));
  EXPECT_FALSE(matches("*??z", "€z"));
}

TEST(PatternTest, CaseIsIgnoredWhereAskedFor) {
  const Pattern pattern = *Pattern::parse("kinesisvideo:*ASviewer", {.variables = false, .ignores_case = true});

  EXPECT_EQ(pattern.match("KinesisVideo:ConnectAsViewer", {}), Match::kYes);
  EXPECT_EQ(pattern.match("kinesisvideo:connectasmaster", {}), Match::kNo);
}

TEST(PatternTest, ManyStarsDoNotBlowUp) {
  // A matcher that goes back for each star would need longer than anybody waits.
  std::string pattern;
  for (int i = 0; i < 500; ++i) pattern += "a*b*";
  const std::string text(20'000, 'a');

  EXPECT_FALSE(matches(pattern, text));
  EXPECT_FALSE(matches("*" + std::string(1000, 'a') + "b*", text));
  EXPECT_TRUE(matches("*a*a*a*?*a*", text));
}

TEST(PatternTest, AVariableWithoutAValueLeavesItOpen) {
  const Pattern pattern = *Pattern::parse("a${aws:username}*", {});
  AccessContext context;
  EXPECT_EQ(pattern.match("abob", context), Match::kUnknown);

  context.user_name = "bob";
  EXPECT_EQ(pattern.match("abob-2", context), Match::kYes);
  EXPECT_EQ(pattern.match("abab", context), Match::kNo);
  EXPECT_TRUE(pattern.uses(KeyName::kUserName));
  EXPECT_FALSE(pattern.uses(KeyName::kUserId));
}

}  // namespace
}  // namespace heliograph::core
