// What of a URL may be told.
#include "wire/redact.hpp"

#include <gtest/gtest.h>

namespace heliograph::wire {
namespace {

TEST(RedactTest, UrlHasNoPasswordAndNoQuery) {
  struct Case {
    const char* text;
    const char* shown;
  };
  constexpr Case kCases[] = {
      {"https://host:1/path", "https://host:1/path"},
      {"https://u:pw@host/path", "https://[removed]@host/path"},
      {"https://u:p/w?x@host/path?a=b", "https://[removed]@host/path?[removed]"},
      {"u:pw@host", "[removed]@host"},
      {"wss://host?token=x", "wss://host?[removed]"},
      {"", ""},
  };
  for (const Case& c : kCases) EXPECT_EQ(redact_url(c.text), c.shown);
}

}  // namespace
}  // namespace heliograph::wire
