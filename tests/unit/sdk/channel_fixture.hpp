// ChannelFixture: a ChannelApi against a script.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdk/channel/channel_api.hpp"
#include "support/sdk_script.hpp"

namespace heliograph::test {

inline const std::string kArn = "arn:aws:kinesisvideo:us-west-2:123456789012:channel/door/1712136149494";

inline std::string channel_json(const std::string& status = "ACTIVE", const std::string& arn = kArn) {
  return R"({"ChannelName":"door","ChannelARN":")" + arn + R"(","ChannelType":"SINGLE_MASTER","ChannelStatus":")" +
         status + R"(","CreationTime":1.712136149494E9,"FullMeshConfiguration":null,)" +
         R"("SingleMasterConfiguration":{"MessageTtlSeconds":60},"Version":"v1"})";
}
inline std::string described(const std::string& status = "ACTIVE", const std::string& arn = kArn) {
  return R"({"ChannelInfo":)" + channel_json(status, arn) + "}";
}
inline const std::string kEndpoints =
    R"({"ResourceEndpointList":[{"Protocol":"HTTPS","ResourceEndpoint":"https://r-1.example.org"},)"
    R"({"Protocol":"WSS","ResourceEndpoint":"wss://v-1.example.org"}]})";
inline const std::string kIce =
    R"({"IceServerList":[{"Uris":["turn:relay.example.org:443?transport=udp"],"Username":"u","Password":"p","Ttl":300}]})";

class ChannelFixture : public ::testing::Test {
 protected:
  ChannelFixture() {
    options.credentials = credentials;
    options.region = "us-west-2";
  }
  ~ChannelFixture() override {
    if (!api) return;
    api->close();
    script.run();
  }
  sdk::ChannelApi& start() {
    auto settings = sdk::to_settings(options, script.world().variable);
    EXPECT_TRUE(settings) << settings.error().detail;
    api = sdk::ChannelApi::make(script.world(), *std::move(settings));
    return *api;
  }
  /// What the next request asks for, and its answer.
  void expect(const std::string& url, const std::string& body, const std::string& answer) {
    const auto request = script.request();
    EXPECT_EQ(request.url(), url);
    EXPECT_EQ(request.json(), boost::json::parse(body)) << request.call.body;
    script.answer(200, answer);
  }
  void expect_control(const std::string& path, const std::string& body, const std::string& answer) {
    expect("https://kinesisvideo.us-west-2.amazonaws.com" + path, body, answer);
  }

  SdkScript script;
  std::shared_ptr<ScriptedCredentials> credentials = std::make_shared<ScriptedCredentials>();
  ChannelClient::Options options;
  std::shared_ptr<sdk::ChannelApi> api;
};

}  // namespace heliograph::test
