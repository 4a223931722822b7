// ChannelClient::join(): the calls, those that can be spared, and what happens when what is remembered is wrong.
#include "unit/sdk/channel_fixture.hpp"

namespace heliograph::test {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class JoiningTest : public ChannelFixture {
 protected:
  Got<JoinInfo> join(std::string channel = "door", std::string client = "v1", Role role = Role::kViewer) {
    if (!api) start();
    Got<JoinInfo> got;
    api->join({std::move(channel), role, std::move(client)}, got.handler(), attempts);
    script.run();
    return got;
  }
  /// The paths asked for, oldest first.
  std::vector<std::string> asked() {
    script.run();
    std::vector<std::string> paths;
    for (const auto& request : script.calls) paths.push_back(request.call.url.target);
    return paths;
  }
  /// A whole join.
  void learn() {
    const auto got = join();
    script.answer(200, described());
    script.answer(200, kEndpoints);
    script.answer(200, kIce);
    ASSERT_TRUE(got.result()) << got.detail();
  }

  int attempts = 0;

  static constexpr const char* kDescribe = "/describeSignalingChannel";
  static constexpr const char* kEndpoint = "/getSignalingChannelEndpoint";
  static constexpr const char* kIcePath = "/v1/get-ice-server-config";
};

TEST_F(JoiningTest, FromANameToEverythingThatIsNeeded) {
  const auto got = join();

  expect_control(kDescribe, R"({"ChannelName":"door"})", described());
  expect_control(kEndpoint,
                 R"({"ChannelARN":")" + kArn +
                     R"(","SingleMasterChannelEndpointConfiguration":{"Protocols":["WSS","HTTPS"],"Role":"VIEWER"}})",
                 kEndpoints);
  expect("https://r-1.example.org/v1/get-ice-server-config", R"({"ChannelARN":")" + kArn + R"(","ClientId":"v1"})",
         kIce);

  ASSERT_TRUE(got.result()) << got.detail();
  const JoinInfo& info = got.result().value();
  EXPECT_EQ(info.channel_arn, kArn);
  EXPECT_EQ(info.wss_endpoint, "wss://v-1.example.org");
  EXPECT_EQ(info.https_endpoint, "https://r-1.example.org");
  EXPECT_EQ(info.region, "us-west-2");
  EXPECT_FALSE(info.ice_error);
  ASSERT_EQ(info.ice_servers.size(), 2U);
  EXPECT_THAT(info.ice_servers[0].uris, ElementsAre("stun:stun.kinesisvideo.us-west-2.amazonaws.com:443"));
  EXPECT_THAT(info.ice_servers[1].uris, ElementsAre("turn:relay.example.org:443?transport=udp"));
}

TEST_F(JoiningTest, AwssStunServerIsNotAskedWhereTheServiceIsNotAwss) {
  options.endpoint = "https://localhost:3000";
  const auto got = join(kArn);
  script.answer(200, kEndpoints);

  script.answer(200, kIce);

  ASSERT_EQ(got.result().value().ice_servers.size(), 1U);
  EXPECT_EQ(got.result().value().ice_servers[0].username, "u");
}

TEST_F(JoiningTest, ArnSparesTheDescription) {
  const auto got = join(kArn, "", Role::kMaster);

  EXPECT_THAT(asked(), ElementsAre(kEndpoint));
  EXPECT_EQ(script.request().json().at("SingleMasterChannelEndpointConfiguration").at("Role").as_string(), "MASTER");
  script.answer(200, kEndpoints);
  expect("https://r-1.example.org/v1/get-ice-server-config", R"({"ChannelARN":")" + kArn + "\"}", kIce);
  EXPECT_TRUE(got.result());
}

TEST_F(JoiningTest, RelaysAreAskedForTogetherWithTheEndpointsWhenItIsKnownWhere) {
  options.signaling_endpoint = "https://signaling.example.org";
  const auto got = join(kArn);

  EXPECT_THAT(asked(), ::testing::UnorderedElementsAre(kEndpoint, kIcePath));
  script.answer(200, script.request().call.url.target == kEndpoint ? kEndpoints : kIce);
  EXPECT_FALSE(got.is_there());
  script.answer(200, script.request().call.url.target == kEndpoint ? kEndpoints : kIce);

  ASSERT_TRUE(got.result());
  EXPECT_EQ(got.result().value().ice_servers.size(), 2U);
}

TEST_F(JoiningTest, WhatIsRememberedIsNotAskedForAgain) {
  learn();
  script.advance(seconds(100));

  const auto got = join();

  EXPECT_TRUE(script.calls.empty());
  ASSERT_TRUE(got.result());
  EXPECT_EQ(got.result().value().wss_endpoint, "wss://v-1.example.org");
  EXPECT_EQ(got.result().value().ice_servers.back().ttl, seconds(200));
}

TEST_F(JoiningTest, AnotherClientHasRelaysOfItsOwnAndAnotherRoleEndpoints) {
  learn();

  const auto viewer = join("door", "v2");
  EXPECT_THAT(asked(), ElementsAre(kIcePath));
  script.answer(200, kIce);
  const auto master = join("door", "", Role::kMaster);
  EXPECT_THAT(asked(), ElementsAre(kEndpoint));
  script.answer(200, kEndpoints);
  script.answer(200, kIce);

  EXPECT_TRUE(viewer.result());
  EXPECT_TRUE(master.result());
}

TEST_F(JoiningTest, RelaysAreAskedForAnewBeforeTheirCredentialsEnd) {
  learn();
  script.advance(seconds(270));

  const auto got = join();

  EXPECT_THAT(asked(), ElementsAre(kIcePath));
  script.answer(200, kIce);
  EXPECT_TRUE(got.result());
}

TEST_F(JoiningTest, EverythingIsAskedForAnewAfterItsLife) {
  learn();
  script.advance(seconds(600));

  const auto got = join();

  EXPECT_THAT(asked(), ElementsAre(kDescribe));
}

TEST_F(JoiningTest, InvalidatingByArnOrNameBeginsAnew) {
  for (const std::string& by : {kArn, std::string("door")}) {
    SCOPED_TRACE(by);
    learn();

    api->invalidate(by);
    const auto got = join();

    EXPECT_THAT(asked(), ElementsAre(kDescribe));
    script.refuse(404, "ResourceNotFoundException");
    EXPECT_EQ(got.code(), Errc::kResourceNotFound);
  }
}

TEST_F(JoiningTest, ChannelThatIsBeingCreatedIsWaitedFor) {
  const auto got = join();
  script.answer(200, described("CREATING"));
  EXPECT_TRUE(script.calls.empty());
  script.advance(seconds(1));
  EXPECT_THAT(asked(), ElementsAre(kDescribe));
  script.answer(200, described("ACTIVE"));
  script.answer(200, kEndpoints);
  script.answer(200, kIce);

  EXPECT_TRUE(got.result());
}

TEST_F(JoiningTest, ChannelThatIsBeingDeletedIsNotFound) {
  const auto got = join();

  script.answer(200, described("DELETING"));

  EXPECT_EQ(got.code(), Errc::kResourceNotFound);
  EXPECT_THAT(got.detail(), HasSubstr("being deleted"));
}

TEST_F(JoiningTest, WithoutRelaysItStillSaysWhereToJoin) {
  const auto got = join(kArn);
  script.answer(200, kEndpoints);

  script.refuse(401, "NotAuthorizedException", "not allowed to kinesisvideo:GetIceServerConfig");

  // An endpoint that had just been given is not asked for again.
  ASSERT_TRUE(got.result()) << got.detail();
  ASSERT_TRUE(got.result().value().ice_error);
  EXPECT_EQ(got.result().value().ice_error->code, Errc::kNotAuthorized);
  EXPECT_EQ(got.result().value().ice_servers.size(), 1U) << "the STUN server";
}

TEST_F(JoiningTest, ChannelDeletedAndMadeAnewIsFoundUnderItsNewArn) {
  learn();
  script.advance(seconds(280));  // Relays have to be asked for.
  const std::string newer = "arn:aws:kinesisvideo:us-west-2:123456789012:channel/door/1812136149494";

  const auto got = join();
  script.refuse(404, "ResourceNotFoundException");  // At the endpoint remembered.
  script.refuse(404, "ResourceNotFoundException");  // The endpoint of the old ARN.
  EXPECT_THAT(asked(), ElementsAre(kDescribe));
  script.answer(200, described("ACTIVE", newer));
  script.answer(200, kEndpoints);
  script.answer(200, kIce);

  ASSERT_TRUE(got.result()) << got.detail();
  EXPECT_EQ(got.result().value().channel_arn, newer);
}

TEST_F(JoiningTest, EndpointsThatMovedAreThoseOfTheResult) {
  learn();
  script.advance(seconds(280));

  const auto got = join();
  script.refuse(403, "AccessDeniedException");
  EXPECT_THAT(asked(), ElementsAre(kEndpoint));
  script.answer(200, R"({"ResourceEndpointList":[{"Protocol":"HTTPS","ResourceEndpoint":"https://r-2.example.org"},)"
                     R"({"Protocol":"WSS","ResourceEndpoint":"wss://v-2.example.org"}]})");
  script.answer(200, kIce);

  EXPECT_EQ(got.result().value().wss_endpoint, "wss://v-2.example.org");
  EXPECT_EQ(got.result().value().https_endpoint, "https://r-2.example.org");
}

TEST_F(JoiningTest, EndpointThatIsNoWebSocketIsCorrupt) {
  const auto got = join(kArn);

  script.answer(200, R"({"ResourceEndpointList":[{"Protocol":"WSS","ResourceEndpoint":"https://v-1.example.org"}]})");

  EXPECT_EQ(got.code(), Errc::kCorrupt);
}

TEST_F(JoiningTest, ClosingEndsAJoin) {
  const auto describing = join();
  const auto asking = join(kArn);

  api->close();
  script.run();

  EXPECT_EQ(describing.code(), Errc::kClosed);
  EXPECT_EQ(asking.code(), Errc::kClosed);
}

TEST_F(JoiningTest, WhoTriesAgainByHimselfHasEachCallThatFindsTheChannelMadeOnce) {
  attempts = 1;
  const auto described_once = join();
  script.lose(Errc::kIo);
  EXPECT_EQ(described_once.code(), Errc::kIo);

  const auto found_once = join();
  script.answer(200, described());
  script.answer(503, "down");
  EXPECT_EQ(found_once.code(), Errc::kServiceUnavailable);
  EXPECT_TRUE(script.is_quiet());
}

TEST_F(JoiningTest, RelaysAreAskedForAgainAlsoForWhoTriesAgainByHimself) {
  attempts = 1;
  const auto got = join();
  script.answer(200, described());
  script.answer(200, kEndpoints);
  script.answer(503, "down");
  script.advance(seconds(1));
  script.answer(200, kIce);
  ASSERT_TRUE(got.result()) << got.detail();
  EXPECT_FALSE(got.result()->ice_error);
}

}  // namespace
}  // namespace heliograph::test
