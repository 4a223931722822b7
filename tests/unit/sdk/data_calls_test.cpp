// Endpoints, and the calls that go to them.
#include "unit/sdk/channel_fixture.hpp"

namespace heliograph::test {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DataCallsTest : public ChannelFixture {};

TEST_F(DataCallsTest, EndpointsAreThoseOfTheRoleAndTheProtocolsAskedFor) {
  Got<ChannelEndpoints> got;
  start().get_endpoints(
      {.channel = kArn, .role = Role::kMaster, .protocols = {ChannelProtocol::kWss, ChannelProtocol::kWebrtc}},
      got.handler());

  expect_control("/getSignalingChannelEndpoint",
                 R"({"ChannelARN":")" + kArn +
                     R"(","SingleMasterChannelEndpointConfiguration":{"Protocols":["WSS","WEBRTC"],"Role":"MASTER"}})",
                 R"({"ResourceEndpointList":[{"Protocol":"WEBRTC","ResourceEndpoint":"https://w.example.org"},)"
                 R"({"Protocol":"SMOKE","ResourceEndpoint":"x"},7,)"
                 R"({"Protocol":"WSS","ResourceEndpoint":"wss://m.example.org"}]})");

  EXPECT_EQ(got.result().value().wss, "wss://m.example.org");
  EXPECT_EQ(got.result().value().webrtc, "https://w.example.org");
  EXPECT_EQ(got.result().value().https, "");
}

TEST_F(DataCallsTest, RelaysComeFromTheChannelsHttpsEndpoint) {
  Got<std::vector<IceServer>> got;
  start().get_ice_servers({.channel = kArn, .client_id = "v1", .username = "joe"}, got.handler());
  script.answer(200, kEndpoints);

  expect("https://r-1.example.org/v1/get-ice-server-config",
         R"({"ChannelARN":")" + kArn + R"(","ClientId":"v1","Username":"joe"})",
         R"({"IceServerList":[{"Uris":[]},{"Uris":["turn:a:443?transport=udp","turns:a:443?transport=tcp"],)"
         R"("Username":"1:x","Password":"pw","Ttl":300},{"Uris":["stun:b:3478"]}]})");

  const auto& servers = got.result().value();
  ASSERT_EQ(servers.size(), 2U);
  EXPECT_THAT(servers[0].uris, ElementsAre("turn:a:443?transport=udp", "turns:a:443?transport=tcp"));
  EXPECT_EQ(servers[0].username, "1:x");
  EXPECT_EQ(servers[0].password.reveal(), "pw");
  EXPECT_EQ(servers[0].ttl, seconds(300));
  EXPECT_EQ(servers[1].ttl, seconds(0));
}

TEST_F(DataCallsTest, EndpointThatWasRememberedAndHasGoneIsAskedForAgain) {
  Got<std::vector<IceServer>> first;
  Got<std::vector<IceServer>> second;
  start().get_ice_servers({.channel = kArn}, first.handler());
  script.answer(200, kEndpoints);
  script.answer(200, kIce);

  api->get_ice_servers({.channel = kArn}, second.handler());
  EXPECT_EQ(script.request().call.url.host, "r-1.example.org");
  script.refuse(403, "AccessDeniedException");
  EXPECT_EQ(script.request().call.url.target, "/getSignalingChannelEndpoint");
  script.answer(200, R"({"ResourceEndpointList":[{"Protocol":"HTTPS","ResourceEndpoint":"https://r-2.example.org"}]})");
  EXPECT_EQ(script.request().call.url.host, "r-2.example.org");
  script.refuse(403, "AccessDeniedException");

  EXPECT_TRUE(first.result());
  EXPECT_EQ(second.code(), Errc::kAccessDenied) << "once is enough";
}

TEST_F(DataCallsTest, EndpointThatIsNoUrlIsCorrupt) {
  Got<std::vector<IceServer>> got;
  start().get_ice_servers({.channel = kArn}, got.handler());

  script.answer(200, R"({"ResourceEndpointList":[]})");

  EXPECT_EQ(got.code(), Errc::kCorrupt);
  EXPECT_THAT(got.detail(), HasSubstr("no usable endpoint"));
}

TEST_F(DataCallsTest, VariablesForTheOtherServicesAreHonoured) {
  script.variables["AWS_ENDPOINT_URL_KINESIS_VIDEO_SIGNALING"] = "https://signaling.example.org/base";
  script.variables["AWS_ENDPOINT_URL_KINESIS_VIDEO_WEBRTC_STORAGE"] = "https://storage.example.org";
  Got<std::vector<IceServer>> ice;
  Got<void> storage;
  start().get_ice_servers({.channel = kArn}, ice.handler());
  expect("https://signaling.example.org/base/v1/get-ice-server-config", R"({"ChannelARN":")" + kArn + "\"}", kIce);

  api->join_storage_session({.channel = kArn}, storage.handler());
  expect("https://storage.example.org/joinStorageSession", R"({"channelArn":")" + kArn + "\"}", "");

  EXPECT_TRUE(ice.result());
  EXPECT_TRUE(storage.result());
}

TEST_F(DataCallsTest, ViewersJoinAStorageSessionByTheirOwnPath) {
  Got<void> got;
  start().join_storage_session({.channel = kArn, .client_id = "v1"}, got.handler());
  EXPECT_EQ(script.request().json().at("SingleMasterChannelEndpointConfiguration"),
            boost::json::parse(R"({"Protocols":["WEBRTC"],"Role":"VIEWER"})"));
  script.answer(200, R"({"ResourceEndpointList":[{"Protocol":"WEBRTC","ResourceEndpoint":"https://w.example.org"}]})");

  expect("https://w.example.org/joinStorageSessionAsViewer", R"({"channelArn":")" + kArn + R"(","clientId":"v1"})", "");

  EXPECT_TRUE(got.result());
}

TEST_F(DataCallsTest, StorageSessionIsNotJoinedTwiceWhenTheAnswerIsLost) {
  script.variables["AWS_ENDPOINT_URL_KINESIS_VIDEO_WEBRTC_STORAGE"] = "https://storage.example.org";
  Got<void> got;
  start().join_storage_session({.channel = kArn}, got.handler());

  script.lose(Errc::kTimeout);

  EXPECT_EQ(got.code(), Errc::kTimeout);
}

TEST_F(DataCallsTest, AlexaOfferWaitsLongerThanOtherCallsAndIsMadeOnce) {
  Got<std::string> answered;
  Got<std::string> lost;
  start().send_alexa_offer({kArn, "echo", "b2ZmZXI="}, answered.handler());
  script.answer(200, kEndpoints);
  EXPECT_EQ(script.request().call.timeout, seconds(65));
  expect("https://r-1.example.org/v1/send-alexa-offer-to-master",
         R"({"ChannelARN":")" + kArn + R"(","SenderClientId":"echo","MessagePayload":"b2ZmZXI="})",
         R"({"Answer":"YW5zd2Vy"})");
  api->send_alexa_offer({kArn, "echo", "b2ZmZXI="}, lost.handler());
  script.lose();

  EXPECT_EQ(*answered.result(), "YW5zd2Vy");
  EXPECT_EQ(lost.code(), Errc::kIo);
}

}  // namespace
}  // namespace heliograph::test
