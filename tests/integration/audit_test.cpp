// The audit log of a whole service: who did what, and nothing that must stay secret.
#include <gmock/gmock.h>

#include "support/identity_fixture.hpp"

namespace heliograph::server {
namespace {

using ::testing::HasSubstr;

class AuditTest : public test::IdentityFixture {
 protected:
  AuditTest() { config.audit_log = log_file.string(); }

  /// The lines so far; waits until there are that many.
  std::vector<boost::json::object> lines(std::size_t count) {
    std::vector<boost::json::object> all;
    test::wait_until([&]() {
      all.clear();
      std::ifstream stream(log_file);
      for (std::string line; std::getline(stream, line) && !stream.eof();)
        all.push_back(boost::json::parse(line).as_object());
      return all.size() >= count;
    });
    EXPECT_EQ(all.size(), count);
    return all;
  }

  static std::string text(const boost::json::object& line, const char* member) {
    return std::string(line.at(member).as_string());
  }

  const std::filesystem::path log_file = dir.path() / "audit.log";
};

TEST_F(AuditTest, CallsSayWhoFromWhereWhatAndWhy) {
  start();
  const std::string door = create_channel("front-door");
  const auto ann = add_viewer("ann");
  EXPECT_EQ(describe(ann), 200);
  const auto denied = call("/deleteSignalingChannel", R"({"ChannelARN": ")" + door + "\"}", ann);
  EXPECT_EQ(denied.status, 401);
  auto stranger = ann;
  stranger.secret_access_key = Secret("guessed");
  EXPECT_EQ(describe(stranger), 403);

  const auto all = lines(5);

  EXPECT_EQ(all[0].at("event"), "call");
  EXPECT_EQ(all[0].at("principal"), "arn:aws:iam::000000000000:user/default");
  EXPECT_EQ(all[0].at("action"), "kinesisvideo:CreateSignalingChannel");
  EXPECT_EQ(all[0].at("from"), "127.0.0.1");
  EXPECT_EQ(all[0].at("allowed"), true);
  EXPECT_EQ(all[0].at("why"), "allowed by Statement[0] of AdministratorAccess");
  EXPECT_EQ(all[1].at("event"), "user");
  EXPECT_EQ(all[1].at("action"), "heliograph:AddUser");
  EXPECT_EQ(all[1].at("resource"), "ann");
  EXPECT_EQ(text(all[2], "accessKeyId"), ann.access_key_id);
  EXPECT_EQ(all[2].at("why"), "allowed by Statement[0] (\"WatchFrontDoor\") of viewer.json");
  EXPECT_EQ(text(all[3], "resource"), door);
  EXPECT_EQ(all[3].at("allowed"), false);
  EXPECT_EQ(all[3].at("error"), "AccessDeniedException");
  EXPECT_THAT(std::string(all[3].at("why").as_string()), HasSubstr("its actions do not include"));
  EXPECT_EQ(text(all[3], "requestId"), denied.header("x-amzn-RequestId"));
  EXPECT_FALSE(all[4].contains("principal")) << "nothing is proven";
  EXPECT_EQ(text(all[4], "accessKeyId"), ann.access_key_id);
  EXPECT_EQ(all[4].at("error"), "InvalidSignatureException");
}

TEST_F(AuditTest, ConnectionsSignInsAndCredentialsAreThereAndNoSecretIs) {
  config.console_login = ConsoleLogin::kAlways;
  start();
  const std::string door = create_channel("front-door");
  const auto session = test::credentials_in(sts("Action=GetSessionToken&Version=2011-06-15", key));
  auto master = join({.channel = door});
  EXPECT_EQ(knock(target({.channel = door + "9"}, session)).status, 404);
  const std::string login = R"({"accessKeyId": ")" + key.access_key_id + R"(", "secretAccessKey": "wrong"})";
  EXPECT_EQ(test::BlockingClient(port)
                .ask("POST /_heliograph/v1/login HTTP/1.1\r\nHost: " + host +
                     "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(login.size()) +
                     "\r\n\r\n" + login)
                .status,
            403);

  const auto all = lines(5);

  EXPECT_EQ(all[1].at("event"), "sts");
  EXPECT_EQ(all[1].at("action"), "sts:GetSessionToken");
  EXPECT_EQ(all[2].at("event"), "connect");
  EXPECT_EQ(all[2].at("action"), "kinesisvideo:ConnectAsMaster");
  EXPECT_EQ(all[2].at("allowed"), true);
  EXPECT_EQ(text(all[3], "accessKeyId"), session.access_key_id);
  EXPECT_EQ(all[3].at("error"), "ResourceNotFoundException");
  EXPECT_EQ(all[4].at("event"), "sign-in");
  EXPECT_EQ(all[4].at("allowed"), false);
  std::ifstream stream(log_file);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  for (const std::string_view secret : {key.secret_access_key.reveal(), session.secret_access_key.reveal(),
                                        session.session_token.reveal(), std::string_view("wrong\"")})
    EXPECT_EQ(text.find(secret), std::string::npos);
  EXPECT_EQ(std::filesystem::status(log_file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(AuditTest, WhatAnOperatorDoesIsThereAndWhatIsOnlyLookedAtIsNot) {
  start();
  create_channel("front-door");
  const auto ann = add_viewer("ann");
  const std::string base = "/_heliograph/v1/admin/";
  EXPECT_EQ(get_signed(base + "connections").status, 200);
  EXPECT_EQ(call(base + "disconnect", R"({"channel": "front-door"})", key).status, 200);
  EXPECT_EQ(call(base + "revoke-key", R"({"accessKeyId": "not a key"})", key).status, 400);

  EXPECT_EQ(call(base + "disconnect", R"({"channel": "front-door"})", ann).status, 403);

  const auto all = lines(5);
  EXPECT_EQ(all[2].at("event"), "admin");
  EXPECT_EQ(all[2].at("principal"), "arn:aws:iam::000000000000:user/default");
  EXPECT_EQ(all[2].at("action"), "heliograph:disconnect");
  EXPECT_EQ(all[2].at("resource"), "front-door");
  EXPECT_EQ(all[2].at("allowed"), true);
  EXPECT_FALSE(all[2].contains("error"));
  EXPECT_EQ(all[3].at("resource"), "not a key");
  EXPECT_EQ(all[3].at("error"), "InvalidArgumentException");
  EXPECT_FALSE(all[4].contains("principal"));
  EXPECT_EQ(text(all[4], "accessKeyId"), ann.access_key_id);
  EXPECT_EQ(all[4].at("allowed"), false);
  EXPECT_EQ(all[4].at("error"), "AccessDeniedException");
}

TEST_F(AuditTest, WhatTheConsoleDoesIsThereAndSoIsTheChannelItMade) {
  start();
  const auto post = [this](const std::string& name, const std::string& body) {
    return test::BlockingClient(port).ask(
        "POST /_heliograph/v1/" + name + " HTTP/1.1\r\nHost: " + host +
        "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  const auto joined = post("join", R"({"channelName": "front-door", "role": "MASTER"})");
  ASSERT_EQ(joined.status, 200) << joined.body;
  const std::string door(boost::json::parse(joined.body).at("channelArn").as_string());
  const auto signed_url =
      post("sign", R"({"endpoint": "ws://)" + host + R"(", "queryParams": {"X-Amz-ChannelARN": ")" + door + R"("}})");
  EXPECT_EQ(signed_url.status, 200) << signed_url.body;
  EXPECT_EQ(post("join", R"({"channelName": "no name", "role": "MASTER"})").status, 400);

  const auto all = lines(4);

  for (const auto& line : all) {
    EXPECT_EQ(line.at("event"), "console");
    EXPECT_EQ(line.at("principal"), "arn:aws:iam::000000000000:user/default");
    EXPECT_EQ(line.at("from"), "127.0.0.1");
  }
  EXPECT_EQ(all[0].at("action"), "kinesisvideo:CreateSignalingChannel");
  EXPECT_EQ(all[0].at("allowed"), true);
  EXPECT_EQ(all[1].at("action"), "heliograph:Join");
  EXPECT_EQ(text(all[1], "resource"), door);
  EXPECT_EQ(all[1].at("allowed"), true);
  EXPECT_EQ(all[1].at("why"), "allowed by Statement[0] of AdministratorAccess");
  EXPECT_EQ(text(all[1], "requestId"), joined.header("x-amzn-RequestId"));
  EXPECT_EQ(all[2].at("action"), "heliograph:Sign");
  EXPECT_EQ(text(all[2], "resource"), door);
  EXPECT_EQ(all[2].at("allowed"), true);
  EXPECT_EQ(all[3].at("allowed"), false);
  EXPECT_TRUE(all[3].contains("error"));
}

TEST_F(AuditTest, ConsoleThatNobodyIsLoggedInToIsRefusedAndThatIsThere) {
  config.console_login = ConsoleLogin::kAlways;
  start();

  EXPECT_EQ(test::BlockingClient(port)
                .ask("POST /_heliograph/v1/join HTTP/1.1\r\nHost: " + host +
                     "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                .status,
            401);

  const auto all = lines(1);
  EXPECT_EQ(all[0].at("action"), "heliograph:Join");
  EXPECT_FALSE(all[0].contains("principal"));
  EXPECT_EQ(all[0].at("allowed"), false);
  EXPECT_EQ(all[0].at("why"), "nobody is logged in");
  EXPECT_EQ(all[0].at("error"), "LoginRequired");
}

TEST_F(AuditTest, LogThatWasMovedAwayIsBegunAnewByAReload) {
  hooks.reread = [this]() -> std::variant<Config, ExitRequest> { return config; };
  start();
  create_channel("one");
  lines(1);
  const auto old_file = dir.path() / "audit.log.1";
  std::filesystem::rename(log_file, old_file);

  EXPECT_EQ(call("/_heliograph/v1/admin/reload", "").status, 200);
  test::wait_until([&]() { return std::filesystem::exists(log_file); });
  create_channel("two");

  const auto all = lines(2);
  EXPECT_EQ(all[0].at("action"), "heliograph:reload");
  EXPECT_EQ(all[1].at("resource"), "arn:aws:kinesisvideo:us-east-1:000000000000:channel/two/*");
  std::ifstream before(old_file);
  const std::string text(std::istreambuf_iterator<char>(before), {});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST_F(AuditTest, FullDiskIsInTheLogAndItsLinesAreCounted) {
  config.audit_log = "/dev/full";
  start();
  create_channel("one");
  const auto count = [this](const std::string& number) {
    const std::string page = get_signed("/metrics").body;
    return page.find("\nheliograph_audit_lines_lost_total " + number + "\n") != std::string::npos;
  };
  test::wait_until([&]() { return count("1"); });
  create_channel("two");
  test::wait_until([&]() { return count("2"); });

  EXPECT_TRUE(count("2"));
  const std::string text = log.text();
  const std::string told = "audit log cannot be written file=/dev/full why=No space left on device";
  ASSERT_NE(text.find(told), std::string::npos);
  EXPECT_EQ(text.find(told, text.find(told) + 1), std::string::npos) << "told once";
}

TEST_F(AuditTest, ServiceDoesNotStartWithoutTheLogItShallKeep) {
  config.audit_log = "/nonexistent/audit.log";

  app = std::make_unique<App>(config, clock, rng, log, hooks, others);
  const auto started = app->start();

  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().detail, HasSubstr("cannot write the audit log /nonexistent/audit.log"));
}

}  // namespace
}  // namespace heliograph::server
