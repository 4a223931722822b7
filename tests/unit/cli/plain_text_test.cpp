// What others wrote does not command the terminal.
#include "cli/plain_text.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "cli/connection_commands.hpp"
#include "cli/doctor/report.hpp"
#include "cli/failure.hpp"

namespace heliograph::cli {
namespace {

TEST(PlainTextTest, LinesStayAndControlCharactersDoNot) {
  EXPECT_EQ(printable_lines("a\x1b[2J\n\nb\r\xc2\x9b"
                            "c\n"),
            "a?[2J\n\nb??c\n");
  EXPECT_EQ(printable_lines("naïve"), "naïve");
  EXPECT_EQ(printable_lines(""), "");
}

TEST(PlainTextTest, TablesAndEventsArePrintable) {
  EXPECT_EQ(to_table({{"A", "B"}, {"x\x1b[1m", "y\nz"}}), "A      B\nx?[1m  y z\n");
  EXPECT_EQ(to_line({"viewer.left", R"({"id":"x","time":"t","connection":{"clientId":"a\u001b]0;b\u0007"},
                      "reason":{"code":4005,"text":"c\u009bd"}})"}),
            "t  viewer.left  a?]0;b?  (4005 c?d)");
  EXPECT_EQ(to_line({"gap\x1b", R"({"missed":3})"}), "gap? {\"missed\":3}");
}

TEST(PlainTextTest, DoctorsFindingsArePrintable) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* out = ::open_memstream(&text, &size);
  ASSERT_NE(out, nullptr);
  Report report(out);
  report.fail("offer", "refused: \x1b[31mno", "do\athis");
  std::fclose(out);

  EXPECT_STREQ(text, "FAIL  offer     refused: ?[31mno\n                do?this\n");
  std::free(text);
}

TEST(PlainTextTest, FailuresArePrintable) {
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(fail_with({Errc::kAccessDenied, "no\x1b[2J"}), 1);
  EXPECT_EQ(fail_with({Errc::kInvalidArgument, "what"}), 2);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "heliograph: no?[2J\nheliograph: what\n");
}

}  // namespace
}  // namespace heliograph::cli
