// A whole service with a second principal, whose policy is the viewer's of the examples: what it may, and nothing else.
#include <gmock/gmock.h>

#include "support/app_fixture.hpp"
#include "support/paths.hpp"

namespace heliograph::server {
namespace {

using ::testing::HasSubstr;

class AccessTest : public test::AppFixture {
 protected:
  AccessTest() {
    std::ifstream file(test::source_dir() + "/examples/policies/viewer.json");
    auto policy = core::Policy::parse("viewer.json", std::string(std::istreambuf_iterator<char>(file), {}));
    EXPECT_TRUE(policy) << policy.error().detail;
    others.push_back({.name = "watcher",
                      .id = AccessKeyId(watcher.access_key_id),
                      .secret = watcher.secret_access_key,
                      .policies = {*std::move(policy)}});
  }

  std::string by_arn(const std::string& arn) { return R"({"ChannelARN": ")" + arn + "\"}"; }
  void expect_denied(const test::HttpAnswer& answer, int status, const char* type, const std::string& what) {
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.header("x-amzn-ErrorType"), type);
    EXPECT_THAT(answer.body, HasSubstr("User: arn:aws:iam::000000000000:user/watcher is not authorized to perform: "
                                       "kinesisvideo:" +
                                       what));
  }

  wire::SigningCredential watcher{"AKIAWATCHER012345678", Secret("of-the-watcher"), Secret{}, std::nullopt};
};

TEST_F(AccessTest, AViewerWatchesItsChannel) {
  start();
  const std::string door = create_channel("front-door");
  auto master = join({.channel = door});

  EXPECT_EQ(call("/describeSignalingChannel", R"({"ChannelName": "front-door"})", watcher).status, 200);
  EXPECT_EQ(call("/getSignalingChannelEndpoint", by_arn(door), watcher).status, 200);
  EXPECT_EQ(call("/v1/get-ice-server-config", by_arn(door), watcher).status, 200);
  test::WsClient viewer(test::BlockingClient(port), target({.channel = door, .client = "v"}, watcher), host);
  test::Pair pair(std::move(master), std::move(viewer), "v");
  pair.expect_undisturbed();
}

TEST_F(AccessTest, AndIsRefusedEverythingElse) {
  start();
  const std::string door = create_channel("front-door");
  const std::string garden = create_channel("garden");
  const std::string described = call("/describeSignalingChannel", by_arn(door)).body;
  struct Case {
    const char* path;
    std::string body;
    const char* action;
    const char* type;
  };
  const std::string arn = R"({"ResourceARN": ")" + door + "\"";
  const Case cases[] = {
      {"/createSignalingChannel", R"({"ChannelName": "mine"})", "CreateSignalingChannel", "AccessDeniedException"},
      {"/listSignalingChannels", "{}", "ListSignalingChannels", "AccessDeniedException"},
      {"/updateSignalingChannel",
       R"({"ChannelARN": ")" + door +
           R"(", "CurrentVersion": "x", "SingleMasterConfiguration": {"MessageTtlSeconds": 9}})",
       "UpdateSignalingChannel", "AccessDeniedException"},
      {"/deleteSignalingChannel", by_arn(door), "DeleteSignalingChannel", "AccessDeniedException"},
      {"/TagResource", arn + R"(, "Tags": [{"Key": "a", "Value": "b"}]})", "TagResource", "AccessDeniedException"},
      {"/UntagResource", arn + R"(, "TagKeyList": ["a"]})", "UntagResource", "AccessDeniedException"},
      {"/ListTagsForResource", arn + "}", "ListTagsForResource", "AccessDeniedException"},
      {"/describeSignalingChannel", by_arn(garden), "DescribeSignalingChannel", "AccessDeniedException"},
      {"/describeSignalingChannel", R"({"ChannelName": "nowhere"})", "DescribeSignalingChannel",
       "AccessDeniedException"},
      {"/getSignalingChannelEndpoint", by_arn(garden), "GetSignalingChannelEndpoint", "AccessDeniedException"},
      {"/v1/get-ice-server-config", by_arn(garden), "GetIceServerConfig", "NotAuthorizedException"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string(c.path) + c.body);
    expect_denied(call(c.path, c.body, watcher), 401, c.type, c.action);
  }

  const auto knock_as_watcher = [this](const test::Presign& wanted) { return knock(target(wanted, watcher)); };
  expect_denied(knock_as_watcher({.channel = door}), 403, "AccessDeniedException",
                "ConnectAsMaster on resource: " + door);
  expect_denied(knock_as_watcher({.channel = garden, .client = "v"}), 403, "AccessDeniedException",
                "ConnectAsViewer on resource: " + garden);
  EXPECT_EQ(call("/describeSignalingChannel", by_arn(door)).body, described);
}

TEST_F(AccessTest, ThePageHasThePermissionsOfWhoLoggedIn) {
  config.console_login = ConsoleLogin::kAlways;
  start();
  const std::string garden = create_channel("garden");
  const auto ask = [this](const std::string& name, const std::string& body, const std::string& cookie) {
    return test::BlockingClient(port).ask("POST /_heliograph/v1/" + name + " HTTP/1.1\r\nHost: " + host +
                                          "\r\nContent-Type: application/json\r\nCookie: " + cookie +
                                          "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  const std::string join_garden = R"({"channelName": "garden", "role": "VIEWER", "clientId": "v"})";
  EXPECT_EQ(ask("join", join_garden, "none=1").status, 401);

  const auto login =
      ask("login", R"({"accessKeyId": "AKIAWATCHER012345678", "secretAccessKey": "of-the-watcher"})", "none=1");
  ASSERT_EQ(login.status, 204) << login.body;
  const std::string cookie = login.header("Set-Cookie").substr(0, login.header("Set-Cookie").find(';'));
  expect_denied(ask("join", join_garden, cookie), 401, "AccessDeniedException",
                "DescribeSignalingChannel on resource: " + garden);
  const auto signed_url =
      ask("sign", R"({"endpoint": "ws://)" + host + R"(", "queryParams": {"X-Amz-ChannelARN": ")" + garden + "\"}}",
          cookie);

  ASSERT_EQ(signed_url.status, 200) << signed_url.body;
  const std::string url(boost::json::parse(signed_url.body).at("url").as_string());
  expect_denied(knock(url.substr(url.find(host) + host.size())), 403, "AccessDeniedException",
                "ConnectAsMaster on resource: " + garden);
}

}  // namespace
}  // namespace heliograph::server
