// A signaling client whose handlers run on an executor of several threads.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "heliograph/channel_client.hpp"
#include "support/service_process.hpp"
#include "support/signaling_peer.hpp"
#include "support/thread_pool.hpp"
#include "wire/credentials_file.hpp"

namespace heliograph {
namespace {

using test::SignalingPeer;

class SdkExecutorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(service_.launch(dir_.path() / "data", {"--listen", "127.0.0.1:0", "--turn", "off"}));
    std::ifstream file(dir_.path() / "data" / "credentials");
    const auto profiles = wire::parse_credentials_file(std::string(std::istreambuf_iterator<char>(file), {})).value();
    ChannelClient::Options options;
    options.credentials = static_credentials({profiles.front().id.str(), profiles.front().secret, {}, {}});
    options.region = "us-east-1";
    options.endpoint = "http://localhost:" + std::to_string(service_.port());
    channels_ = ChannelClient::create(options).value();
    const auto made = channels_->create_channel({.name = "cam"});
    ASSERT_TRUE(made) << made.error().detail;
  }
  [[nodiscard]] SignalingClient::Options options(Role role, const std::string& id) const {
    SignalingClient::Options options;
    options.role = role;
    options.channel = "cam";
    options.client_id = id;
    options.channels = channels_;
    return options;
  }

  test::TempDir dir_;
  test::ServiceProcess service_;
  std::shared_ptr<ChannelClient> channels_;
};

TEST_F(SdkExecutorTest, MessagesAreHandledOneAtATimeInTheirOrder) {
  constexpr int kMessages = 200;
  test::ThreadPool pool(4);
  auto many = options(Role::kMaster, {});
  many.loop = EventLoop::create({.executor = pool.executor()}).value();
  std::atomic<int> inside = 0;
  std::atomic<bool> is_alone = true;
  {
    SignalingPeer camera(many, [&](const std::string&) {
      if (++inside != 1) is_alone = false;
      std::this_thread::yield();
      --inside;
    });
    SignalingPeer watcher(options(Role::kViewer, "v"));
    camera.client->open();
    camera.wait_for("open");
    watcher.client->open();
    watcher.wait_for("open");

    // Candidates follow an offer.
    ASSERT_TRUE(watcher.client->send_offer({SessionDescription::Type::kOffer, "sdp"}));
    std::vector<std::string> expected{"open", "offer sdp from v"};
    for (int i = 0; i < kMessages; ++i) {
      ASSERT_TRUE(watcher.client->send_candidate({std::to_string(i), "0", 0, {}}));
      expected.push_back("candidate " + std::to_string(i) + " from v");
    }
    camera.wait_for(expected.back());

    EXPECT_EQ(camera.lines(), expected);
    camera.client.reset();
    EXPECT_EQ(inside, 0);
  }
  EXPECT_TRUE(is_alone);
}

}  // namespace
}  // namespace heliograph
