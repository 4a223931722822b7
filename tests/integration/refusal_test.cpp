// Refusals that explain themselves: to the peer, to the log, and to the administrator who asks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "support/app_fixture.hpp"

namespace heliograph::server {
namespace {

namespace json = boost::json;
using test::HttpAnswer;
using ::testing::HasSubstr;
using ::testing::Not;

class RefusalTest : public test::AppFixture {
 protected:
  /// Signed for one host, sent to another, as behind a proxy that rewrites it.
  HttpAnswer knock_through_proxy(const std::string& arn) {
    const std::string request = target({.channel = arn, .client = "v"});
    return test::BlockingClient(port).ask(test::ws_request(request, "backend.internal"));
  }
  json::value refusals() {
    const auto answer = get_signed("/_heliograph/v1/admin/refusals");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body).at("refusals");
  }
  json::value refusal(const std::string& id) {
    const auto answer = get_signed("/_heliograph/v1/admin/refusals/" + id);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body);
  }
  HttpAnswer presign(const std::string& body) { return call("/_heliograph/v1/admin/presign", body); }
};

TEST_F(RefusalTest, HandshakesAreRefusedWithStatusTypeReasonAndId) {
  others.push_back({.name = "nobody", .id = AccessKeyId("AKIANOBODY"), .secret = Secret("s")});
  ASSERT_NO_FATAL_FAILURE(start());
  const std::string arn = create_channel("door");
  wire::SigningCredential wrong = key;
  wrong.secret_access_key = Secret("wrong");
  const wire::SigningCredential unknown{"AKIAUNKNOWN", Secret("s"), Secret{}, std::nullopt};
  const wire::SigningCredential nobody{"AKIANOBODY", Secret("s"), Secret{}, std::nullopt};
  struct Case {
    const char* name;
    std::string target;
    int status;
    const char* reason;
  };
  const std::vector<Case> cases{
      {"no signature", "/?X-Amz-ChannelARN=x", 403, "Missing Authentication Token"},
      {"wrong secret", target({.channel = arn}, wrong), 403, "does not match"},
      {"unknown key", target({.channel = arn}, unknown), 403, "security token"},
      {"old", target({.channel = arn, .ago = std::chrono::seconds(1000)}), 403, "Signature expired"},
      {"other region", target({.channel = arn, .region = "eu-west-1"}), 403, "region"},
      {"no permission", target({.channel = arn}, nobody), 403,
       "is not authorized to perform: kinesisvideo:ConnectAsMaster"},
      {"no channel", target({.channel = arn.substr(0, arn.size() - 3) + "000"}), 404, "not found"},
      {"no ARN", target({}), 400, "X-Amz-ChannelARN"},
      {"bad client", target({.channel = arn, .client = "a b"}), 400, "X-Amz-ClientId"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);

    const HttpAnswer answer = knock(c.target);

    EXPECT_EQ(answer.status, c.status);
    EXPECT_EQ(answer.header("x-amzn-RequestId").size(), 36U);
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    const json::value body = json::parse(answer.body);
    EXPECT_FALSE(answer.header("x-amzn-ErrorType").empty());
    EXPECT_EQ(body.at("__type").as_string(), answer.header("x-amzn-ErrorType"));
    const auto* small = body.as_object().if_contains("message");
    const std::string text(small != nullptr ? small->as_string() : body.at("Message").as_string());
    EXPECT_THAT(text, HasSubstr(c.reason));
  }
}

TEST_F(RefusalTest, MismatchIsExplainedByTheIdOfItsAnswer) {
  ASSERT_NO_FATAL_FAILURE(start());
  const HttpAnswer answer = knock_through_proxy(create_channel("door"));
  ASSERT_EQ(answer.status, 403);

  const json::value why = refusal(answer.header("x-amzn-RequestId"));

  EXPECT_TRUE(why.at("proven").as_bool());
  EXPECT_EQ(why.at("skewSeconds").as_int64(), 0);
  const json::value& difference = why.at("differences").at(0);
  EXPECT_EQ(difference.at("part").as_string(), "host");
  EXPECT_EQ(difference.at("received").as_string(), "backend.internal");
  EXPECT_EQ(difference.at("signed").as_string(), host);
  EXPECT_THAT(std::string(why.at("expectedCanonicalRequest").as_string()), HasSubstr("\nhost:backend.internal\n"));
  EXPECT_THAT(std::string(why.at("signedCanonicalRequest").as_string()), HasSubstr("\nhost:" + host + "\n"));
  EXPECT_THAT(log.text(), HasSubstr("differs=host: received 'backend.internal', signed '" + host + "'"));
}

TEST_F(RefusalTest, DenialNamesTheMissingActionAndTheResource) {
  others.push_back({.name = "nobody", .id = AccessKeyId("AKIANOBODY"), .secret = Secret("s")});
  ASSERT_NO_FATAL_FAILURE(start());
  const std::string arn = create_channel("door");

  const HttpAnswer answer = knock(target({.channel = arn, .client = "v"}, {"AKIANOBODY", Secret("s"), {}, {}}));

  ASSERT_EQ(answer.status, 403);
  const json::value why = refusal(answer.header("x-amzn-RequestId"));
  EXPECT_EQ(why.at("action").as_string(), "kinesisvideo:ConnectAsViewer");
  EXPECT_EQ(why.at("resource").as_string(), arn);
  EXPECT_THAT(log.text(), HasSubstr("action=kinesisvideo:ConnectAsViewer resource=" + arn));
}

TEST_F(RefusalTest, FloodIsCountedNotWritten) {
  ASSERT_NO_FATAL_FAILURE(start());
  constexpr std::size_t kFlood = 200;

  for (std::size_t i = 0; i < kFlood; ++i) EXPECT_EQ(knock("/").status, 403);

  EXPECT_LT(refusals().as_array().size(), kFlood);
  EXPECT_GT(refusals().as_array().size(), 0U);
}

TEST_F(RefusalTest, NothingSecretIsKeptOrLogged) {
  ASSERT_NO_FATAL_FAILURE(start());
  const std::string arn = create_channel("door");
  wire::SigningCredential temporary = key;
  temporary.session_token = Secret("a/very+secret/token");
  const std::string request = target({.channel = arn}, temporary);
  const std::string signature = request.substr(request.find("X-Amz-Signature=") + 16, 64);

  EXPECT_EQ(knock(request).status, 403);
  EXPECT_EQ(knock_through_proxy(arn).status, 403);

  const std::string all = log.text() + json::serialize(refusals());
  for (const std::string& secret : {std::string(key.secret_access_key.reveal()), std::string("very+secret"),
                                    std::string("very%2Bsecret"), signature})
    EXPECT_THAT(all, Not(HasSubstr(secret)));
}

TEST_F(RefusalTest, RefusalsAreForTheAdministrator) {
  config.console_login = ConsoleLogin::kAlways;
  ASSERT_NO_FATAL_FAILURE(start());

  EXPECT_EQ(test::BlockingClient(port).get("/_heliograph/v1/admin/refusals").status, 401);
  EXPECT_EQ(call("/_heliograph/v1/admin/refusals", "{}").status, 405);
  EXPECT_EQ(get_signed("/_heliograph/v1/admin/refusals/unknown").status, 404);
}

TEST_F(RefusalTest, PresignedUrlIsOfTheRoleTheClientAndTheTimeAskedFor) {
  ASSERT_NO_FATAL_FAILURE(start());
  create_channel("door");

  const auto as_viewer = presign(R"({"channelName":"door","role":"VIEWER","clientId":"ann","expiresIn":60})");
  const auto as_master = presign(R"({"channelName":"door","role":"MASTER"})");

  ASSERT_EQ(as_viewer.status, 200) << as_viewer.body;
  ASSERT_EQ(as_master.status, 200) << as_master.body;
  const std::string viewer_url(json::parse(as_viewer.body).at("url").as_string());
  const std::string master_url(json::parse(as_master.body).at("url").as_string());
  const std::string endpoint = "ws://" + host;
  ASSERT_TRUE(viewer_url.starts_with(endpoint));
  EXPECT_THAT(viewer_url, HasSubstr("X-Amz-Expires=60&"));
  test::WsClient master(test::BlockingClient(port), master_url.substr(endpoint.size()), host);
  test::WsClient viewer(test::BlockingClient(port), viewer_url.substr(endpoint.size()), host);
  test::Pair(std::move(master), std::move(viewer), "ann").expect_undisturbed();
}

TEST_F(RefusalTest, PresigningSaysWhatIsWrong) {
  ASSERT_NO_FATAL_FAILURE(start());
  create_channel("door");

  for (const auto& [body, status, reason] : {
           std::tuple{R"({"channelName":"door","role":"GUEST"})", 400, "MASTER or VIEWER"},
           std::tuple{R"({"channelName":"door","role":"MASTER","clientId":"a"})", 400, "leave it out"},
           std::tuple{R"({"channelName":"door","role":"VIEWER","clientId":"a b"})", 400, "clientId"},
           std::tuple{R"({"channelName":"door","role":"MASTER","expiresIn":0})", 400, "604800"},
           std::tuple{R"({"role":"MASTER"})", 400, "channelName"},
           std::tuple{R"({"channelName":"gate","role":"MASTER"})", 404, "gate"},
           std::tuple{"[]", 400, ""},
       }) {
    const auto answer = presign(body);
    EXPECT_EQ(answer.status, status) << body;
    EXPECT_THAT(answer.body, HasSubstr(reason)) << body;
  }
}

TEST_F(RefusalTest, RevokingWithoutARelayOfOursSaysSo) {
  ASSERT_NO_FATAL_FAILURE(start());
  create_channel("door");

  const auto answer = call("/_heliograph/v1/admin/relay/revoke", R"({"channelName":"door"})");

  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("not run by this service"));
}

}  // namespace
}  // namespace heliograph::server
