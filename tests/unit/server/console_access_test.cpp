// The console's API signs with keys of the service: who gets at which.
#include "server/console_access.hpp"

#include <gtest/gtest.h>

#include "support/test_world.hpp"

namespace heliograph::server {
namespace {

net::HttpRequest request_with(std::vector<net::HttpHeader> headers) {
  net::HttpRequest request;
  request.method = "POST";
  request.target = "/_heliograph/v1/sign";
  request.headers = std::move(headers);
  request.peer.loopback_listener = true;
  return request;
}

TEST(ConsoleAccessTest, OnlyTheConsoleItselfMayCall) {
  struct Case {
    const char* name;
    std::vector<net::HttpHeader> headers;
    bool allowed;
  };
  const Case cases[] = {
      {"own page",
       {{"Host", "localhost:3000"},
        {"Origin", "http://localhost:3000"},
        {"Sec-Fetch-Site", "same-origin"},
        {"Content-Type", "application/json"}},
       true},
      {"a program without a browser",
       {{"Host", "localhost:3000"}, {"Content-Type", "application/json; charset=utf-8"}},
       true},
      {"another site",
       {{"Host", "localhost:3000"}, {"Origin", "https://evil.example"}, {"Content-Type", "application/json"}},
       false},
      {"another port of this machine",
       {{"Host", "localhost:3000"}, {"Origin", "http://localhost:8080"}, {"Content-Type", "application/json"}},
       false},
      {"marked as cross-site",
       {{"Host", "localhost:3000"}, {"Sec-Fetch-Site", "cross-site"}, {"Content-Type", "application/json"}},
       false},
      {"the page, behind a proxy that ends TLS",
       {{"Host", "cam.example"}, {"Origin", "https://cam.example"}, {"Content-Type", "application/json"}},
       true},
      {"a sandboxed frame",
       {{"Host", "localhost:3000"}, {"Origin", "null"}, {"Content-Type", "application/json"}},
       false},
      {"a form", {{"Host", "localhost:3000"}, {"Content-Type", "text/plain"}}, false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(ConsoleAccess::check_origin(request_with(c.headers)).has_value(), c.allowed);
  }
}

TEST(ConsoleAccessTest, OpenOnlyOnALoopbackListenerUnderALoopbackName) {
  test::AscendingRng rng;
  const ConsoleAccess access(rng);
  EXPECT_TRUE(access.is_open(request_with({{"Host", "localhost:3000"}})));
  EXPECT_TRUE(access.is_open(request_with({{"Host", "[::1]:3000"}})));
  EXPECT_FALSE(access.is_open(request_with({{"Host", "rebound.example:3000"}})));
  for (const char* header :
       {"X-Forwarded-For", "X-Real-IP", "Via", "Forwarded", "X-Forwarded-Proto", "X-Forwarded-Host"})
    EXPECT_FALSE(access.is_open(request_with({{"Host", "localhost:3000"}, {header, "198.51.100.7"}}))) << header;
  EXPECT_FALSE(access.is_open(request_with({})));
  auto elsewhere = request_with({{"Host", "localhost:3000"}});
  elsewhere.peer.loopback_listener = false;
  EXPECT_FALSE(access.is_open(elsewhere));
}

TEST(ConsoleAccessTest, NowhereOpenWhenALoginIsAlwaysAskedFor) {
  test::AscendingRng rng;
  const ConsoleAccess access(rng, ConsoleLogin::kAlways);

  EXPECT_FALSE(access.is_open(request_with({{"Host", "localhost:3000"}})));
}

TEST(ConsoleAccessTest, ASessionLastsTwelveHoursOrUntilLogout) {
  test::SetClock clock;
  test::AscendingRng rng;
  ConsoleAccess access(rng);
  const auto request = request_with({{"Host", "h"}});
  const std::string set_cookie = access.log_in(request, AccessKeyId("AKIABOB"), clock.steady);
  const std::string cookie = set_cookie.substr(0, set_cookie.find(';'));
  EXPECT_NE(set_cookie.find("HttpOnly"), std::string::npos);
  EXPECT_NE(set_cookie.find("SameSite=Strict"), std::string::npos);

  const auto with_cookie = request_with({{"Host", "h"}, {"Cookie", "other=1; " + cookie}});
  EXPECT_EQ(access.session_key(with_cookie, clock.steady), AccessKeyId("AKIABOB"));
  EXPECT_FALSE(access.session_key(request, clock.steady));
  EXPECT_FALSE(access.session_key(request_with({{"Cookie", "heliograph_session="}}), clock.steady));
  EXPECT_FALSE(access.session_key(with_cookie, clock.steady + std::chrono::hours(12)));

  (void)access.log_out(with_cookie);
  EXPECT_FALSE(access.session_key(with_cookie, clock.steady));
}

}  // namespace
}  // namespace heliograph::server
