// Endpoints, ICE servers, tags, and failures of the store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/api/host_header.hpp"
#include "server/relay/turn_credentials.hpp"
#include "support/api_world.hpp"

namespace heliograph::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
namespace json = boost::json;

class ControlPlaneEndpointsTest : public testing::Test {
 protected:
  std::string endpoint(const std::string& configuration) {
    return world_
        .call(Operation::kGetSignalingChannelEndpoint, R"({"ChannelARN":")" + arn_ + R"(")" + configuration + "}")
        .body;
  }
  json::array ice_servers(const std::string& more = {}) {
    return world_.ask(Operation::kGetIceServerConfig, R"({"ChannelARN":")" + arn_ + R"(")" + more + "}")
        .at("IceServerList")
        .as_array();
  }

  test::ApiWorld world_;
  std::string arn_ = world_.create("door");
};

TEST_F(ControlPlaneEndpointsTest, EndpointsMirrorSchemeAndHost) {
  const std::string both =
      R"(,"SingleMasterChannelEndpointConfiguration":{"Protocols":["WSS","HTTPS"],"Role":"VIEWER"})";

  EXPECT_EQ(endpoint(both), R"({"ResourceEndpointList":[{"Protocol":"WSS","ResourceEndpoint":"ws://localhost:3000"},)"
                            R"({"Protocol":"HTTPS","ResourceEndpoint":"http://localhost:3000"}]})");

  world_.context.tls = true;
  world_.context.host = "signal.example.org";
  EXPECT_EQ(endpoint(both),
            R"({"ResourceEndpointList":[{"Protocol":"WSS","ResourceEndpoint":"wss://signal.example.org"},)"
            R"({"Protocol":"HTTPS","ResourceEndpoint":"https://signal.example.org"}]})");
}

TEST_F(ControlPlaneEndpointsTest, WithoutConfigurationBothProtocolsAreAnswered) {
  const std::string both = endpoint(R"(,"SingleMasterChannelEndpointConfiguration":{"Protocols":["WSS","HTTPS"]})");

  for (const char* configuration :
       {"", R"(,"SingleMasterChannelEndpointConfiguration":{})", R"(,"SingleMasterChannelEndpointConfiguration":null)",
        R"(,"SingleMasterChannelEndpointConfiguration":{"Role":"MASTER","Protocols":null})"}) {
    SCOPED_TRACE(configuration);
    EXPECT_EQ(endpoint(configuration), both);
  }
}

TEST_F(ControlPlaneEndpointsTest, EachProtocolIsAnsweredOnceInTheOrderAsked) {
  EXPECT_EQ(endpoint(R"(,"SingleMasterChannelEndpointConfiguration":{"Protocols":["HTTPS","HTTPS","WSS","HTTPS"]})"),
            R"({"ResourceEndpointList":[{"Protocol":"HTTPS","ResourceEndpoint":"http://localhost:3000"},)"
            R"({"Protocol":"WSS","ResourceEndpoint":"ws://localhost:3000"}]})");
}

TEST_F(ControlPlaneEndpointsTest, HostThatIsNoHostIsABadRequest) {
  for (const char* host : {"", "a b", "a\"b", "evil/../", "user@host", "host:", "host:0", "host:65536", "host:1x",
                           "[::1", "[]", "[::1]x", "::1", "[gg]", "host:99999999999999999999"}) {
    SCOPED_TRACE(host);
    world_.context.host = host;
    const auto answer = world_.call(Operation::kGetSignalingChannelEndpoint, R"({"ChannelARN":")" + arn_ + "\"}");
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.error_type, "BadRequestException");
    EXPECT_EQ(world_.call(Operation::kGetIceServerConfig, R"({"ChannelARN":")" + arn_ + "\"}").status, 400);
  }
}

TEST_F(ControlPlaneEndpointsTest, HostHeaderIsSplitIntoHostAndPort) {
  struct Case {
    const char* text;
    const char* host;
  };
  for (const auto& c :
       {Case{"localhost", "localhost"}, Case{"localhost:3000", "localhost"}, Case{"[::1]:3000", "[::1]"},
        Case{"[fe80::1]", "[fe80::1]"}, Case{"192.0.2.1:65535", "192.0.2.1"}}) {
    SCOPED_TRACE(c.text);
    const auto parsed = api::parse_host_header(c.text);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->authority, c.text);
    EXPECT_EQ(parsed->host, c.host);
  }
}

TEST_F(ControlPlaneEndpointsTest, IceServersHaveTheServicesUrisInTheServicesOrder) {
  world_.relays.running = true;

  const auto servers = ice_servers(R"(,"ClientId":"viewer-1","Service":"TURN")");

  ASSERT_EQ(servers.size(), 1U);
  EXPECT_EQ(servers[0].at("Uris"),
            (json::array{"turn:localhost:3478?transport=udp", "turns:localhost:5349?transport=udp",
                         "turns:localhost:5349?transport=tcp"}));
  EXPECT_EQ(servers[0].at("Ttl"), 300);
}

TEST_F(ControlPlaneEndpointsTest, PlainTcpComesLastAndFillsTheFourPlaces) {
  world_.relays.running = true;
  world_.relays.plain_tcp = true;
  world_.context.host = "[::1]:3000";

  const auto servers = ice_servers();

  EXPECT_EQ(servers[0].at("Uris"), (json::array{"turn:[::1]:3478?transport=udp", "turns:[::1]:5349?transport=udp",
                                                "turns:[::1]:5349?transport=tcp", "turn:[::1]:3478?transport=tcp"}));
}

TEST_F(ControlPlaneEndpointsTest, IceAnswerEscapesNothing) {
  world_.relays.running = true;

  const auto answer = world_.call(Operation::kGetIceServerConfig, R"({"ChannelARN":")" + arn_ + "\"}");

  // The C SDK copies strings as they stand between the quotes.
  EXPECT_THAT(answer.body, testing::Not(testing::HasSubstr("\\")));
}

TEST_F(ControlPlaneEndpointsTest, CredentialsAreTheTurnRestConvention) {
  world_.relays.running = true;

  const auto servers = ice_servers();

  // Checked with: printf %s "$username" | openssl dgst -sha1 -hmac north -binary | base64
  EXPECT_EQ(
      servers[0].at("Username").as_string(),
      "1712136449:djE6YXJuOmF3czpraW5lc2lzdmlkZW86ZXUtd2VzdC0xOjEyMzQ1Njc4OTAxMjpjaGFubmVsL2Rvb3IvMTcxMjEzNjE0OTQ5N"
      "A==");
  EXPECT_EQ(servers[0].at("Password").as_string(), "JUR8ios7mnPuwBdnHkNa3LIVmOY=");
}

TEST_F(ControlPlaneEndpointsTest, UsernameFitsClientsWhateverTheChannelsName) {
  const WallTime expiry{std::chrono::seconds(1'712'136'449)};
  std::vector<std::string> seen;
  for (const std::size_t length : {1, 80, 100, 120, 255, 256}) {
    SCOPED_TRACE(length);
    const ChannelArn arn(wire::to_channel_arn(world_.store.scope(), std::string(length, 'n'), 1'712'136'149'494));

    const auto credentials = relay::make_turn_credentials(Secret("north"), arn, expiry);

    EXPECT_LE(credentials.username.size(), 256U);
    EXPECT_TRUE(credentials.username.starts_with("1712136449:"));
    EXPECT_THAT(seen, testing::Not(testing::Contains(credentials.username)));
    seen.push_back(credentials.username);
  }
}

TEST_F(ControlPlaneEndpointsTest, WithoutARelayTheListIsEmptyUnlessTurnIsNamed) {
  EXPECT_THAT(ice_servers(), IsEmpty());
  EXPECT_THAT(ice_servers(R"(,"ClientId":"viewer-1")"), IsEmpty());

  const auto for_c_sdk = ice_servers(R"(,"ClientId":"viewer-1","Service":"TURN")");

  ASSERT_EQ(for_c_sdk.size(), 1U);
  EXPECT_EQ(for_c_sdk[0].at("Uris"), (json::array{"stun:localhost:3478"}));
  EXPECT_THAT(std::string(for_c_sdk[0].at("Username").as_string()), testing::HasSubstr(":"));
  EXPECT_EQ(for_c_sdk[0].at("Ttl"), 300);
}

TEST_F(ControlPlaneEndpointsTest, TagsGoInAsAListAndComeOutAsAMap) {
  const std::string resource = R"({"ResourceARN":")" + arn_ + "\"";

  EXPECT_EQ(world_.call(Operation::kListTagsForResource, resource + "}").body, R"({"Tags":{}})");
  EXPECT_EQ(world_
                .call(Operation::kTagResource,
                      resource + R"(,"Tags":[{"Key":"room","Value":"hall"},{"Key":"a/b","Value":"c=d & e"}]})")
                .error_type,
            "InvalidArgumentException");  // `&` is not in the model's character set.
  EXPECT_EQ(world_
                .call(Operation::kTagResource,
                      resource + R"(,"Tags":[{"Key":"room","Value":"hall"},{"Key":"a/b","Value":"c=d+e"}]})")
                .body,
            "{}");
  EXPECT_EQ(world_.call(Operation::kListTagsForResource, resource + R"(,"NextToken":""})").body,
            R"({"Tags":{"a/b":"c=d+e","room":"hall"}})");
  EXPECT_EQ(world_.call(Operation::kUntagResource, resource + R"(,"TagKeyList":["room","never"]})").body, "{}");
  EXPECT_EQ(world_.call(Operation::kListTagsForResource, resource + "}").body, R"({"Tags":{"a/b":"c=d+e"}})");
}

// A store whose disk has died.
class DeadStore final : public store::Store {
 public:
  [[nodiscard]] const wire::ArnScope& scope() const noexcept override { return scope_; }
  [[nodiscard]] Result<store::Channel> create_channel(const store::NewChannel&, WallTime) override { return dead(); }
  [[nodiscard]] Result<store::Channel> channel_by_name(std::string_view) const override { return dead(); }
  [[nodiscard]] Result<store::Channel> channel_by_arn(const ChannelArn&) const override { return dead(); }
  [[nodiscard]] std::optional<store::Channel> recall_channel(const ChannelArn&) const override { return {}; }
  [[nodiscard]] Result<store::ChannelPage> list_channels(const store::ChannelQuery&) const override { return dead(); }
  [[nodiscard]] Result<store::Channel> update_channel(const ChannelArn&, std::string_view,
                                                      std::chrono::seconds) override {
    return dead();
  }
  [[nodiscard]] Result<void> delete_channel(const ChannelArn&, const std::optional<std::string>&) override {
    return dead();
  }
  [[nodiscard]] Result<void> tag_channel(const ChannelArn&, const store::Tags&) override { return dead(); }
  [[nodiscard]] Result<void> untag_channel(const ChannelArn&, const std::vector<std::string>&) override {
    return dead();
  }
  [[nodiscard]] Result<store::Tags> channel_tags(const ChannelArn&) const override { return dead(); }
  [[nodiscard]] std::size_t channel_count() const noexcept override { return 0; }
  [[nodiscard]] Result<store::Stream> create_stream(const store::NewStream&, WallTime) override { return dead(); }
  [[nodiscard]] Result<store::Stream> stream_by_name(std::string_view) const override { return dead(); }
  [[nodiscard]] Result<store::Stream> stream_by_arn(const StreamArn&) const override { return dead(); }
  [[nodiscard]] Result<store::StreamPage> list_streams(const store::ChannelQuery&) const override { return dead(); }
  [[nodiscard]] Result<store::Stream> change_stream(const StreamArn&, const std::optional<std::string>&,
                                                    const std::function<Result<void>(store::Stream&)>&) override {
    return dead();
  }
  [[nodiscard]] Result<void> delete_stream(const StreamArn&, const std::optional<std::string>&) override {
    return dead();
  }

 private:
  static Error dead() { return {Errc::kIo, "the disk of /secret/path is dead"}; }
  wire::ArnScope scope_;
};

TEST(ControlPlaneFailureTest, OurFailuresAreLoggedInFullAndToldInGeneral) {
  DeadStore store;
  test::ApiWorld world;
  const Authorizer authorizer(store, world.log);
  const ControlPlane control_plane(
      {store, world.events, world.relays, world.master, world.throttle, world.log, authorizer});
  const std::string arn = R"({"ChannelARN":"arn:aws:kinesisvideo:r:123456789012:channel/a/1712136149494")";

  const std::vector<std::pair<Operation, std::string>> calls = {
      {Operation::kCreateSignalingChannel, R"({"ChannelName":"a"})"},
      {Operation::kListSignalingChannels, "{}"},
      {Operation::kDeleteSignalingChannel, arn + "}"},
      {Operation::kUpdateSignalingChannel,
       arn + R"(,"CurrentVersion":"v","SingleMasterConfiguration":{"MessageTtlSeconds":60}})"},
      {Operation::kGetIceServerConfig, arn + "}"},
  };
  for (const auto& [operation, body] : calls) {
    SCOPED_TRACE(to_string(operation));
    const auto answer = control_plane.handle({operation, body, world.caller, world.context});
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.error_type, "InternalFailureException");
    EXPECT_THAT(answer.body, testing::Not(testing::HasSubstr("/secret/path")));
  }
  EXPECT_THAT(world.events.seen, IsEmpty());
  ASSERT_EQ(world.log.lines.size(), calls.size());
  EXPECT_EQ(
      world.log.lines[0],
      "request failed operation=CreateSignalingChannel request_id=request-1 error=the disk of /secret/path is dead");
}

}  // namespace
}  // namespace heliograph::server
