// What the operator's commands print.
#include "cli/connection_commands.hpp"

#include <gtest/gtest.h>

namespace heliograph::cli {
namespace {

TEST(TableTest, ColumnsAreAsWideAsTheirWidest) {
  EXPECT_EQ(to_table({{"A", "LONG", "C"}, {"wider", "x", "last one"}}), "A      LONG  C\nwider  x     last one\n");
  EXPECT_EQ(to_table({}), "");
}

TEST(EventReaderTest, GivesTheSameHoweverTheStreamIsCut) {
  const std::string stream =
      "retry: 2000\n\n:\n\nid: x-1\nevent: viewer.joined\ndata: {\"id\":\"x-1\"}\n\nevent: bye\r\ndata: {}\r\n\r\n";
  for (std::size_t cut = 1; cut < stream.size(); ++cut) {
    SCOPED_TRACE(cut);
    EventReader reader;
    auto events = reader.feed(stream.substr(0, cut));
    for (const auto& event : reader.feed(stream.substr(cut))) events.push_back(event);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].type, "viewer.joined");
    EXPECT_EQ(events[0].data, "{\"id\":\"x-1\"}");
    EXPECT_EQ(events[1].type, "bye");
  }
}

TEST(EventLineTest, SaysWhenWhatWhoAndWhy) {
  EXPECT_EQ(to_line({"viewer.left", R"({"id":"x-1","time":"2026-11-21T12:00:00.000Z","channel":{"name":"cam"},
      "connection":{"clientId":"alice","id":"1-42","address":"::1"},"reason":{"code":1000,"text":"closed"}})"}),
            "2026-11-21T12:00:00.000Z  viewer.left  cam  alice  1-42  ::1  (1000 closed)");
  EXPECT_EQ(to_line({"gap", R"({"missed":3})"}), R"(gap {"missed":3})");
  EXPECT_EQ(to_line({"x", "not JSON"}), std::nullopt);
}

}  // namespace
}  // namespace heliograph::cli
