// Peers that reach each other through a real coturn only.
#include <gtest/gtest.h>

#include "support/media_fixture.hpp"
#include "support/relay_process.hpp"

namespace heliograph {
namespace {

class RelayTest : public ::testing::TestWithParam<const char*> {};

TEST_P(RelayTest, MediaAndMessagesGoThroughTheRelay) {
  const test::RelayProcess relay;
  test::PeerPair pair;
  const auto sink = MediaSink::headless();
  auto viewing = pair.config();
  viewing.ice_servers = {relay.server(GetParam())};
  viewing.transport_policy = PeerConnection::TransportPolicy::kRelay;
  auto sending = viewing;
  viewing.receive_video = viewing.receive_audio = true;
  viewing.sink = sink;
  sending.send = test::small_source();
  pair.viewer.open(viewing);
  pair.master.open(sending);
  auto channel = pair.viewer.peer->create_data_channel("chat", {}, pair.viewer.channel_handlers());
  ASSERT_TRUE(channel);

  ASSERT_TRUE(pair.viewer.peer->create_offer());

  ASSERT_TRUE(pair.await_connected()) << pair.story();
  for (const test::Side* const side : {&pair.viewer, &pair.master})
    for (const IceCandidate& candidate : side->candidates)
      EXPECT_TRUE(candidate.candidate.empty() || candidate.candidate.find("typ relay") != std::string::npos)
          << candidate.candidate;
  ASSERT_TRUE(pair.board.await([&]() { return sink->stats(MediaKind::kVideo).frames >= 15; })) << pair.story();
  ASSERT_TRUE(pair.board.await([&]() { return (*channel)->state() == DataChannel::State::kOpen; }));
  EXPECT_TRUE((*channel)->send_text("through"));
  EXPECT_TRUE(pair.board.await([&]() { return pair.master.texts.size() == 1; })) << pair.story();
  std::optional<PeerStats> stats;
  pair.viewer.peer->stats([&](Result<PeerStats> got) { pair.board.change([&]() { stats = got.value(); }); });
  ASSERT_TRUE(pair.board.await([&]() { return stats.has_value(); }));
  ASSERT_TRUE(stats->local.has_value());
  EXPECT_EQ(stats->local->type, "relay") << to_json(*stats);
}

INSTANTIATE_TEST_SUITE_P(Transports, RelayTest, ::testing::Values("tcp"),
                         [](const auto& transport) { return std::string(transport.param); });

/// Two peers that have reached each other through the relay.
class RelayReleaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto config = pair.config();
    config.ice_servers = {relay.server("tcp")};
    config.transport_policy = PeerConnection::TransportPolicy::kRelay;
    pair.viewer.open(config);
    pair.master.open(config);
    ASSERT_TRUE(pair.viewer.peer->create_data_channel("chat", {}, {}));
    ASSERT_TRUE(pair.viewer.peer->create_offer());
    ASSERT_TRUE(pair.await_connected()) << pair.story();
    ASSERT_GE(relay.held(), 2);
  }

  const test::RelayProcess relay;
  test::PeerPair pair;
};

TEST_F(RelayReleaseTest, ClosedPeersGiveTheirAllocationsBack) {
  pair.viewer.peer->close();
  pair.master.peer->close();

  EXPECT_TRUE(pair.board.await([&]() { return relay.held() == 0; })) << relay.held();
}

TEST_F(RelayReleaseTest, PeersThatAreGoneHaveGivenThemBack) {
  pair.viewer.peer.reset();
  pair.master.peer.reset();

  EXPECT_EQ(relay.held(), 0);
}

TEST(RelayFailureTest, WrongPasswordIsAFailureThatNamesTheRelay) {
  const test::RelayProcess relay;
  test::PeerPair pair;
  auto config = pair.config();
  config.ice_servers = {relay.server("tcp")};
  config.ice_servers.front().password = Secret("wrong");
  config.transport_policy = PeerConnection::TransportPolicy::kRelay;
  config.connect_patience = std::chrono::milliseconds(3000);
  pair.viewer.open(config);
  pair.master.open(config);
  ASSERT_TRUE(pair.viewer.peer->create_data_channel("chat", {}, {}));

  ASSERT_TRUE(pair.viewer.peer->create_offer());

  ASSERT_TRUE(pair.board.await([&]() { return pair.viewer.has_been(PeerConnection::State::kFailed); })) << pair.story();
  EXPECT_NE(pair.viewer.reasons.back().find("no relay answered"), std::string::npos) << pair.viewer.reasons.back();
}

}  // namespace
}  // namespace heliograph
