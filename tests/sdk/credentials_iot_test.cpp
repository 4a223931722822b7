// AWS IoT: a certificate for credentials, over TLS that demands one.
#include <gmock/gmock.h>

#include "support/mutual_tls_server.hpp"
#include "support/provider_fixture.hpp"

namespace heliograph {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using test::ask;
using test::ask_text;
using test::MutualTlsServer;
using ::testing::HasSubstr;

std::string http(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

std::string good(seconds life = hours(1)) {
  return http(200, R"({"credentials":{"accessKeyId":"ASIA","secretAccessKey":"s","sessionToken":"t","expiration":")" +
                       test::iso_in(life) + "\"}}");
}

class IotCredentialsTest : public test::ProviderFixture {
 protected:
  IotCredentialsTest() {
    const test::CertificateFiles device = ca.issue("front-door", "clientAuth");
    options.loop = loop;
    options.role_alias = "camera";
    options.thing_name = "front-door";
    options.certificate_file = device.certificate;
    options.private_key_file = device.key;
    options.ca_file = ca.ca_file();
  }
  std::shared_ptr<CredentialProvider> provider(const MutualTlsServer& server, const std::string& host = "localhost") {
    options.endpoint = server.authority(host);
    return iot_credentials(options);
  }

  test::TestCa ca;
  IotCredentialsOptions options;
};

TEST_F(IotCredentialsTest, CertificateIsShownAndBuysCredentialsForFortyMinutes) {
  MutualTlsServer server(ca, [](const auto&, std::size_t) { return good(); });
  const auto device = provider(server);

  const auto credentials = ask(*device);
  ASSERT_TRUE(credentials) << credentials.error().detail;
  EXPECT_EQ(credentials->access_key_id, "ASIA");
  EXPECT_LE(*credentials->expires, SystemClock().wall_now() + std::chrono::minutes(40));
  EXPECT_GT(*credentials->expires, SystemClock().wall_now() + std::chrono::minutes(39));
  EXPECT_EQ(ask_text(*device), "ASIA");

  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].client, "front-door");
  EXPECT_EQ(requests[0].sni, "localhost");
  EXPECT_THAT(requests[0].text, ::testing::StartsWith("GET /role-aliases/camera/credentials HTTP/1.1\r\n"));
  EXPECT_THAT(requests[0].text, HasSubstr("x-amzn-iot-thingname: front-door\r\n"));
}

TEST_F(IotCredentialsTest, CertificateOfAnotherAuthorityIsRefused) {
  MutualTlsServer server(ca, [](const auto&, std::size_t) { return good(); });
  test::TestCa other;
  const test::CertificateFiles stranger = other.issue("front-door", "clientAuth");
  options.certificate_file = stranger.certificate;
  options.private_key_file = stranger.key;

  const auto result = ask(*provider(server));

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kIo) << result.error().detail;
  EXPECT_TRUE(server.requests().empty());
  EXPECT_GT(server.refused(), 0U);
}

TEST_F(IotCredentialsTest, ServerThatTheDeviceDoesNotTrustGetsNoRequest) {
  MutualTlsServer server(ca, [](const auto&, std::size_t) { return good(); });
  test::TestCa other;
  options.ca_file = other.ca_file();

  const auto result = ask(*provider(server));

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kIo);
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(IotCredentialsTest, FilesThatAreNotThereAreNamed) {
  MutualTlsServer server(ca, [](const auto&, std::size_t) { return good(); });
  options.certificate_file += ".none";
  EXPECT_THAT(ask_text(*provider(server)), HasSubstr(".none"));
}

TEST_F(IotCredentialsTest, RefusalAndNonsenseAreTold) {
  MutualTlsServer server(ca, [](const auto&, std::size_t number) {
    return number == 0 ? http(403, R"({"message":"Access Denied"})") : http(200, "{}");
  });
  const auto device = provider(server);

  const auto refused = ask(*device);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kAccessDenied);
  EXPECT_THAT(refused.error().detail, HasSubstr("403: Access Denied; see the role alias"));
  const auto nonsense = ask(*device);
  ASSERT_FALSE(nonsense);
  EXPECT_EQ(nonsense.error().code, Errc::kCorrupt);
}

TEST_F(IotCredentialsTest, CredentialsThatHaveEndedAreAFailure) {
  MutualTlsServer server(ca, [](const auto&, std::size_t) { return good(seconds(-60)); });
  const auto result = ask(*provider(server));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kExpiredToken);
}

TEST_F(IotCredentialsTest, SilentServerIsGivenUpAndAskedAgain) {
  MutualTlsServer server(ca, [](const auto&, std::size_t number) {
    return number == 0 ? std::optional<std::string>{} : std::optional(good());
  });
  EXPECT_EQ(ask_text(*provider(server)), "ASIA");
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(IotCredentialsTest, VariablesSetItUp) {
  MutualTlsServer server(ca, [](const auto&, std::size_t) { return good(); });
  const test::ScopedVariable endpoint("AWS_IOT_CORE_CREDENTIAL_ENDPOINT", server.authority());
  const test::ScopedVariable alias("AWS_IOT_CORE_ROLE_ALIAS", "camera");
  const test::ScopedVariable thing("AWS_IOT_CORE_THING_NAME", "front-door");
  const test::ScopedVariable certificate("AWS_IOT_CORE_CERT", options.certificate_file);
  const test::ScopedVariable private_key("AWS_IOT_CORE_PRIVATE_KEY", options.private_key_file);
  const test::ScopedVariable authorities("AWS_KVS_CACERT_PATH", ca.ca_file());

  EXPECT_EQ(ask_text(*iot_credentials()), "ASIA");
}

}  // namespace
}  // namespace heliograph
