// The administrator's requests: who may, what is answered; and what the service does by itself about certificates.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/dev_ca.hpp"
#include "support/app_fixture.hpp"
#include "support/served_certificate.hpp"

namespace heliograph::server {
namespace {

using test::BlockingClient;
using test::HttpAnswer;
using test::served_serial;
using test::wait_until;
using ::testing::HasSubstr;

constexpr const char* kReload = "/_heliograph/v1/admin/reload";

class AdminApiTest : public test::AppFixture {
 protected:
  AdminApiTest() {
    hooks.reread = [this]() -> std::variant<Config, ExitRequest> {
      if (!mistake.empty()) return ExitRequest{mistake + "\n", 2};
      Config wanted = config;
      wanted.settings = {{"limits", "aws"}, {"region", "eu-west-1"}};
      return wanted;
    };
  }
  HttpAnswer post(std::string_view more_headers) {
    return BlockingClient(port).ask("POST " + std::string(kReload) + " HTTP/1.1\r\nHost: " + host + "\r\n" +
                                    std::string(more_headers) + "Content-Length: 0\r\n\r\n");
  }

  std::string mistake;
};

TEST_F(AdminApiTest, ReloadOnLoopbackNeedsNoLoginAndAnswersWhatItDid) {
  start();

  const auto answer = post("Content-Type: application/json\r\n");

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"applied":["limits"],"needsRestart":["region"]})");
}

TEST_F(AdminApiTest, MistakeIsAnsweredWithItsReason) {
  mistake = "--limits: none is not among {open,aws}";
  start();

  const auto answer = post("Content-Type: application/json\r\n");

  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.header("x-amzn-ErrorType"), "InvalidArgumentException");
  EXPECT_THAT(answer.body, HasSubstr("none is not among"));
}

TEST_F(AdminApiTest, PagesOfOthersAndOtherMethodsAreRefused) {
  start();

  EXPECT_EQ(post("Content-Type: application/json\r\nOrigin: https://elsewhere.example\r\n").status, 403);
  EXPECT_EQ(post("Content-Type: text/plain\r\n").status, 403);
  EXPECT_EQ(BlockingClient(port).get(kReload).status, 405);
  EXPECT_EQ(BlockingClient(port).get("/_heliograph/v1/admin/nothing").status, 404);
  EXPECT_EQ(log.text().find("reloaded"), std::string::npos);
}

TEST_F(AdminApiTest, WhereALoginIsNeededTheAdministratorsSignatureIsOne) {
  config.console_login = ConsoleLogin::kAlways;
  start();

  EXPECT_EQ(post("Content-Type: application/json\r\n").status, 401);
  EXPECT_EQ(call(kReload, "").status, 200);
  key.secret_access_key = Secret("guessed");
  EXPECT_EQ(call(kReload, "").status, 403);
  key.access_key_id = "AKIASTRANGER12345678";
  EXPECT_EQ(call(kReload, "").status, 403);
}

TEST_F(AdminApiTest, DevelopmentCertificateIsRenewedWhileTheServiceRuns) {
  start();
  const std::string first = served_serial(port);

  clock.skip(std::chrono::hours(24) * 380);

  wait_until([&]() {
    const std::string now = served_serial(port);
    return !now.empty() && now != first;
  });
  EXPECT_THAT(log.text(), HasSubstr("certificate read again"));
}

TEST_F(AdminApiTest, CertificateWhoseFilesChangeIsReadAgainAndABrokenOneIsNot) {
  const auto own = dir.path() / "own";
  config.tls = *ensure_dev_certificate(own, {"localhost"}, clock.wall_now());
  start();
  const std::string first = served_serial(port);
  std::ofstream(config.tls.certificate_chain_file) << "no certificate";
  clock.skip(std::chrono::seconds(61));
  wait_until([&]() { return log.text().find("the one before stays") != std::string::npos; });
  EXPECT_EQ(served_serial(port), first);

  std::filesystem::remove_all(own);
  ASSERT_TRUE(ensure_dev_certificate(own, {"localhost"}, clock.wall_now()));
  clock.skip(std::chrono::seconds(61));

  wait_until([&]() {
    const std::string now = served_serial(port);
    return !now.empty() && now != first;
  });
}

}  // namespace
}  // namespace heliograph::server
