// The HTTP client's own failures: what it does not send, and where it was going.
#include <gmock/gmock.h>

#include "net/http_client.hpp"
#include "support/hook_receiver.hpp"
#include "support/test_ca.hpp"

namespace heliograph::net {
namespace {

using ::testing::HasSubstr;

TEST(HttpClientFailureTest, HeadersThatWouldBreakTheRequestAreNotSentAndTheirValuesNotTold) {
  test::HookReceiver server;
  const auto client = HttpClient::make({}).value();
  for (const char* value : {"tok\r\nX-Injected: yes", "tok\n", "t\x01ok", "tok\x7F"}) {
    const auto refused = client->run({.url = server.url(), .headers = {{"X-Token", value}}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::kInvalidArgument);
    EXPECT_EQ(refused.error().detail, "the header X-Token has a line break or a control character");
  }
  for (const char* name : {"X-A: yes\r\nX-B", "X A", "X:", ""})
    EXPECT_FALSE(client->run({.url = server.url(), .headers = {{name, "x"}}}));
  EXPECT_EQ(server.count(), 0U);

  EXPECT_TRUE(client->run({.url = server.url(), .headers = {{"X-Token", "a\tb"}}}));
  EXPECT_EQ(server.wait_for(1).front().header("X-Token"), "a\tb");
}

TEST(HttpClientFailureTest, RefusedConnectionNamesWhereItWasGoing) {
  test::HookReceiver server;
  const HttpUrl url = server.url();
  server.down();

  const auto refused = HttpClient::make({}).value()->run({.url = url});

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().detail,
            "cannot connect to localhost:" + std::to_string(url.port) + " (Connection refused)");
}

class ClientCertificateTest : public ::testing::Test {
 protected:
  std::string failure(HttpClient& client, const std::string& host) {
    HttpUrl url = server.url();
    url.host = host;
    const auto refused = client.run({.url = url});
    return refused ? "none" : refused.error().detail;
  }
  static Result<std::vector<std::string>> resolve(const std::string&) { return std::vector<std::string>{"127.0.0.1"}; }

  test::TestCa ca;
  test::CertificateFiles files = ca.issue("server", "serverAuth");
  test::HookReceiver server{{files.certificate, files.key}};
};

TEST_F(ClientCertificateTest, UnknownAuthorityIsToldWithTheHost) {
  const auto client = HttpClient::make({}).value();
  const std::string said = failure(*client, "localhost");
  EXPECT_THAT(said, HasSubstr("TLS with localhost:" + std::to_string(server.url().port) + " failed ("));
  EXPECT_THAT(said, HasSubstr("certificate verify failed"));
  EXPECT_THAT(said, HasSubstr(": unable to get local issuer certificate)"));
}

TEST_F(ClientCertificateTest, AuthorityThatOnlyHasTheSameNameIsToldToo) {
  const test::TestCa other;
  const auto client = HttpClient::make(other.ca_file()).value();
  EXPECT_THAT(failure(*client, "localhost"), HasSubstr(": certificate signature failure)"));
}

TEST_F(ClientCertificateTest, CertificateOfAnotherHostIsSaidToBe) {
  const auto client = HttpClient::make(ca.ca_file(), resolve).value();
  EXPECT_EQ(failure(*client, "localhost"), "none");
  const std::string said = failure(*client, "other.example");
  EXPECT_THAT(said, HasSubstr("TLS with other.example:"));
  EXPECT_THAT(said, HasSubstr("ostname mismatch"));
}

}  // namespace
}  // namespace heliograph::net
