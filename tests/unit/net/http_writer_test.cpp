// Answers as bytes.
#include "net/http_writer.hpp"

#include <gtest/gtest.h>

namespace heliograph::net {
namespace {

constexpr WallTime kNow{std::chrono::milliseconds(784'111'777'000)};  // RFC 7231, 7.1.1.1: its example of a date.
constexpr std::string_view kDate = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

std::string write(const HttpResponse& response, bool head = false, bool keep_alive = true) {
  std::string out;
  append_response(out, response, kNow, head, keep_alive);
  return out;
}

TEST(HttpWriterTest, WritesWholeAnswers) {
  struct Case {
    const char* name;
    HttpResponse response;
    bool head;
    bool keep_alive;
    std::string expected;
  };
  const std::string date(kDate);
  const Case cases[] = {
      {"body",
       {200, {{"A", "b"}}, "xyz"},
       false,
       true,
       "HTTP/1.1 200 OK\r\n" + date + "A: b\r\nContent-Length: 3\r\n\r\nxyz"},
      {"empty body", {200, {}, {}}, false, true, "HTTP/1.1 200 OK\r\n" + date + "Content-Length: 0\r\n\r\n"},
      {"the answer to HEAD has a length and no body",
       {200, {}, "xyz"},
       true,
       true,
       "HTTP/1.1 200 OK\r\n" + date + "Content-Length: 3\r\n\r\n"},
      {"last",
       {404, {}, "x"},
       false,
       false,
       "HTTP/1.1 404 Not Found\r\n" + date + "Content-Length: 1\r\nConnection: close\r\n\r\nx"},
      {"304 has neither", {304, {}, "ignored"}, false, true, "HTTP/1.1 304 Not Modified\r\n" + date + "\r\n"},
      {"204 has neither", {204, {}, {}}, false, true, "HTTP/1.1 204 No Content\r\n" + date + "\r\n"},
      {"unknown status", {299, {}, {}}, false, true, "HTTP/1.1 299 Status\r\n" + date + "Content-Length: 0\r\n\r\n"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(write(c.response, c.head, c.keep_alive), c.expected);
  }
}

TEST(HttpWriterTest, LineBreakInAValueBeginsNoHeader) {
  const std::string out = write({308, {{"Location", "/a\r\nSet-Cookie: stolen\n"}}, {}});

  EXPECT_NE(out.find("Location: /a  Set-Cookie: stolen \r\n"), std::string::npos);
  EXPECT_EQ(out.find("\r\nSet-Cookie"), std::string::npos);
}

TEST(HttpWriterTest, AppendsBehindWhatIsThere) {
  std::string out = "before";

  append_response(out, {200, {}, {}}, kNow, false, true);

  EXPECT_TRUE(out.starts_with("beforeHTTP/1.1 200 OK\r\n"));
}

TEST(HttpWriterTest, RefusalIsJson) {
  const HttpResponse response = plain_refusal(400, "a \"quoted\" text");

  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"message":"a \"quoted\" text"})");
}

}  // namespace
}  // namespace heliograph::net
