// How two real peers come together: trickle and not, early candidates, restarts, ends at bad moments, misuse.
#include <gtest/gtest.h>

#include "support/peer_pair.hpp"

namespace heliograph {
namespace {

using State = PeerConnection::State;
using test::PeerPair;

class NegotiationTest : public ::testing::Test {
 protected:
  void open(const PeerConnection::Config& config) {
    pair.viewer.open(config);
    pair.master.open(config);
    auto made = pair.viewer.peer->create_data_channel("chat", {}, pair.viewer.channel_handlers());
    ASSERT_TRUE(made) << made.error().detail;
    channel = *std::move(made);
  }
  void offer() {
    const auto offered = pair.viewer.peer->create_offer();
    ASSERT_TRUE(offered) << offered.error().detail;
  }
  /// Sends until it arrives: after a restart the way may be new.
  [[nodiscard]] bool talks(const std::string& text) {
    if (!pair.board.await([&]() { return channel->state() == DataChannel::State::kOpen; })) return false;
    if (!channel->send_text(text)) return false;
    return pair.board.await([&]() { return !pair.master.texts.empty() && pair.master.texts.back() == text; });
  }

  PeerPair pair;
  std::shared_ptr<DataChannel> channel;
};

TEST_F(NegotiationTest, TrickledCandidatesConnect) {
  ASSERT_NO_FATAL_FAILURE(open(pair.config()));

  ASSERT_NO_FATAL_FAILURE(offer());

  ASSERT_TRUE(pair.await_connected()) << pair.story();
  EXPECT_TRUE(talks("hello")) << pair.story();
  EXPECT_EQ(pair.viewer.descriptions.front().sdp.find("a=candidate:"), std::string::npos);
  EXPECT_TRUE(pair.viewer.candidates.front().sdp_mid.has_value());
  EXPECT_EQ(pair.viewer.peer->state(), State::kConnected);
}

TEST_F(NegotiationTest, WithoutTrickleTheDescriptionHasThemAll) {
  auto config = pair.config();
  config.trickle = false;
  ASSERT_NO_FATAL_FAILURE(open(config));

  ASSERT_NO_FATAL_FAILURE(offer());

  ASSERT_TRUE(pair.await_connected()) << pair.story();
  EXPECT_TRUE(pair.viewer.candidates.empty());
  EXPECT_TRUE(pair.master.candidates.empty());
  EXPECT_NE(pair.viewer.descriptions.front().sdp.find("a=candidate:"), std::string::npos);
  EXPECT_NE(pair.master.descriptions.front().sdp.find("a=end-of-candidates"), std::string::npos);
}

TEST_F(NegotiationTest, CandidatesMayComeBeforeTheDescription) {
  ASSERT_NO_FATAL_FAILURE(open(pair.config()));
  pair.viewer.holds_back = true;
  ASSERT_NO_FATAL_FAILURE(offer());
  // The last one is empty: there are no more.
  ASSERT_TRUE(pair.board.await([&]() {
    return !pair.viewer.candidates.empty() && pair.viewer.candidates.back().candidate.empty();
  })) << pair.story();

  for (const IceCandidate& candidate : pair.viewer.candidates)
    EXPECT_TRUE(pair.master.peer->add_ice_candidate(candidate));
  EXPECT_TRUE(pair.master.peer->set_remote_description(pair.viewer.descriptions.front()));

  EXPECT_TRUE(pair.await_connected()) << pair.story();
}

TEST_F(NegotiationTest, HiddenNamesOfOneSideAreFoundByItsChecks) {
  ASSERT_NO_FATAL_FAILURE(open(pair.config()));
  pair.viewer.passes = [this](const IceCandidate& candidate) {
    // As browsers do: a name that nobody here can look up.
    if (candidate.candidate.empty()) return true;
    IceCandidate hidden = candidate;
    hidden.candidate = "candidate:1 1 udp 2113937151 2f6b9c1e-8f3a-4d5e-9c1b-0a1b2c3d4e5f.local 51234 typ host";
    EXPECT_TRUE(pair.master.peer->add_ice_candidate(hidden));
    return false;
  };

  ASSERT_NO_FATAL_FAILURE(offer());

  EXPECT_TRUE(pair.await_connected()) << pair.story();
  EXPECT_TRUE(talks("found")) << pair.story();
}

TEST_F(NegotiationTest, IceRestartByTheOffererKeepsTheChannel) {
  ASSERT_NO_FATAL_FAILURE(open(pair.config()));
  ASSERT_NO_FATAL_FAILURE(offer());
  ASSERT_TRUE(pair.await_connected()) << pair.story();
  ASSERT_TRUE(talks("before")) << pair.story();

  const auto restarted = pair.viewer.peer->create_offer({.ice_restart = true});

  ASSERT_TRUE(restarted) << restarted.error().detail;
  ASSERT_TRUE(pair.board.await([&]() { return pair.master.descriptions.size() == 2; })) << pair.story();
  const auto ufrag = [](const SessionDescription& description) {
    const auto at = description.sdp.find("a=ice-ufrag:");
    return description.sdp.substr(at, description.sdp.find('\r', at) - at);
  };
  EXPECT_NE(ufrag(pair.viewer.descriptions[0]), ufrag(pair.viewer.descriptions[1]));
  EXPECT_NE(ufrag(pair.master.descriptions[0]), ufrag(pair.master.descriptions[1]));
  EXPECT_TRUE(talks("after")) << pair.story();
  EXPECT_TRUE(talks("and again")) << pair.story();
  EXPECT_TRUE(pair.viewer.errors.empty()) << pair.story();
}

TEST_F(NegotiationTest, RestartMayComeFromTheOtherSide) {
  ASSERT_NO_FATAL_FAILURE(open(pair.config()));
  ASSERT_NO_FATAL_FAILURE(offer());
  ASSERT_TRUE(pair.await_connected()) << pair.story();

  const auto restarted = pair.master.peer->create_offer({.ice_restart = true});

  ASSERT_TRUE(restarted) << restarted.error().detail;
  ASSERT_TRUE(pair.board.await([&]() { return pair.viewer.descriptions.size() == 2; })) << pair.story();
  EXPECT_TRUE(talks("after")) << pair.story();
}

TEST_F(NegotiationTest, ClosingInsideAHandlerIsToldAndTellsTheOtherSide) {
  ASSERT_NO_FATAL_FAILURE(open(pair.config()));
  pair.viewer.on_state = [this](State state) {
    if (state == State::kConnected) pair.viewer.peer->close();
  };

  ASSERT_NO_FATAL_FAILURE(offer());

  ASSERT_TRUE(pair.board.await([&]() { return pair.viewer.has_been(State::kClosed); })) << pair.story();
  EXPECT_EQ(std::count(pair.viewer.states.begin(), pair.viewer.states.end(), State::kClosed), 1);
  EXPECT_EQ(pair.viewer.peer->create_offer().error().code, Errc::kClosed);
  EXPECT_EQ(pair.viewer.peer->add_ice_candidate({}).error().code, Errc::kClosed);
}

TEST_F(NegotiationTest, DestructionInsideAHandlerIsFine) {
  ASSERT_NO_FATAL_FAILURE(open(pair.config()));
  bool is_gone = false;
  pair.viewer.on_state = [&](State state) {
    if (state != State::kConnecting) return;
    pair.viewer.peer.reset();
    pair.board.change([&]() { is_gone = true; });
  };

  ASSERT_NO_FATAL_FAILURE(offer());

  EXPECT_TRUE(pair.board.await([&]() { return is_gone; })) << pair.story();
}

TEST_F(NegotiationTest, DestructionAtAnyStepLeavesNothingRunning) {
  // Each round gets a little further before it ends, by the number of things that have been told.
  for (std::size_t told = 0; told < 6; ++told) {
    PeerPair doomed;
    doomed.viewer.open(doomed.config());
    doomed.master.open(doomed.config());
    ASSERT_TRUE(doomed.viewer.peer->create_data_channel("chat", {}, {}));
    ASSERT_TRUE(doomed.viewer.peer->create_offer());
    ASSERT_TRUE(doomed.board.await([&]() {
      return doomed.viewer.descriptions.size() + doomed.master.descriptions.size() + doomed.viewer.candidates.size() +
                 doomed.viewer.states.size() >=
             told;
    }));

    doomed.close_all();
    const std::size_t events = doomed.board.read([&]() { return doomed.viewer.states.size(); });

    EXPECT_EQ(doomed.viewer.states.size(), events);
  }
}

TEST_F(NegotiationTest, MisuseIsRefusedAtOnce) {
  pair.viewer.holds_back = true;
  pair.viewer.open(pair.config());
  EXPECT_EQ(pair.viewer.peer->create_offer().error().code, Errc::kInvalidArgument);  // There is nothing to offer.
  EXPECT_EQ(pair.viewer.peer->create_offer({.ice_restart = true}).error().code, Errc::kInvalidArgument);
  ASSERT_TRUE(pair.viewer.peer->create_data_channel("chat", {}, {}));

  ASSERT_TRUE(pair.viewer.peer->create_offer());

  EXPECT_EQ(pair.viewer.peer->create_offer().error().code, Errc::kResourceInUse);
  EXPECT_EQ(pair.viewer.peer->set_ice_servers({}).error().code, Errc::kResourceInUse);
  ASSERT_TRUE(pair.board.await([&]() { return !pair.viewer.descriptions.empty(); })) << pair.story();
  SessionDescription own = pair.viewer.descriptions.front();
  EXPECT_EQ(pair.viewer.peer->set_remote_description(own).error().code, Errc::kResourceInUse);  // Glare.
  own.type = SessionDescription::Type::kAnswer;
  pair.master.open(pair.config());
  EXPECT_EQ(pair.master.peer->set_remote_description(own).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(pair.master.peer->set_remote_description({SessionDescription::Type::kOffer, "v=0"}).error().code,
            Errc::kInvalidArgument);
  EXPECT_EQ(pair.master.peer->add_ice_candidate({.candidate = "nonsense"}).error().code, Errc::kInvalidArgument);
}

TEST_F(NegotiationTest, OfferWithoutMidsIsRefusedRatherThanFatal) {
  pair.viewer.holds_back = true;
  ASSERT_NO_FATAL_FAILURE(open(pair.config()));
  ASSERT_NO_FATAL_FAILURE(offer());
  ASSERT_TRUE(pair.board.await([&]() { return !pair.viewer.descriptions.empty(); })) << pair.story();
  SessionDescription offer = pair.viewer.descriptions.front();
  const auto at = offer.sdp.find("a=mid:");
  offer.sdp.erase(at, offer.sdp.find('\n', at) - at + 1);

  const auto taken = pair.master.peer->set_remote_description(offer);

  ASSERT_FALSE(taken);
  EXPECT_NE(taken.error().detail.find("mid"), std::string::npos);
}

TEST_F(NegotiationTest, AfterAnOfferThatCannotBeAnsweredTheOtherSideMayMakeAnother) {
  pair.viewer.holds_back = true;
  ASSERT_NO_FATAL_FAILURE(open(pair.config()));
  ASSERT_NO_FATAL_FAILURE(offer());
  ASSERT_TRUE(pair.board.await([&]() { return !pair.viewer.descriptions.empty(); })) << pair.story();
  const SessionDescription offered = pair.viewer.descriptions.front();
  SessionDescription broken = offered;
  const auto at = broken.sdp.find("a=sctp-port:");
  ASSERT_NE(at, std::string::npos) << broken.sdp;
  broken.sdp.erase(at, broken.sdp.find('\n', at) - at + 1);

  ASSERT_TRUE(pair.master.peer->set_remote_description(broken));
  ASSERT_TRUE(pair.board.await([&]() { return !pair.master.errors.empty(); })) << pair.story();

  EXPECT_NE(pair.master.errors.front().detail.find("the negotiation failed"), std::string::npos);
  const auto ours = pair.master.peer->create_offer();
  ASSERT_FALSE(ours);
  EXPECT_EQ(ours.error().code, Errc::kResourceInUse);
  EXPECT_NE(ours.error().detail.find("could not be answered"), std::string::npos);
  pair.viewer.holds_back = false;
  for (const auto& candidate : pair.board.read([&]() { return pair.viewer.candidates; }))
    EXPECT_TRUE(pair.master.peer->add_ice_candidate(candidate));
  ASSERT_TRUE(pair.master.peer->set_remote_description(offered));
  EXPECT_TRUE(pair.await_connected()) << pair.story();
}

TEST_F(NegotiationTest, ConfigThatContradictsItselfIsRefused) {
  auto relay_only = pair.config();
  relay_only.transport_policy = PeerConnection::TransportPolicy::kRelay;
  auto no_credentials = pair.config();
  no_credentials.ice_servers = {{.uris = {"turn:127.0.0.1:3478"}}};
  auto ports = pair.config();
  ports.lowest_port = 2000;
  ports.highest_port = 1000;

  auto no_video = pair.config();
  no_video.codecs = {Codec::kOpus};
  no_video.receive_video = true;
  auto no_audio = pair.config();
  no_audio.codecs = {Codec::kVp8};
  no_audio.receive_audio = true;
  auto mute = pair.config();
  mute.codecs = {Codec::kOpus};
  mute.send = *MediaSource::create({.input = MediaSource::Application{.video = Codec::kH264}});

  for (const auto& config : {relay_only, no_credentials, ports, no_video, no_audio, mute})
    EXPECT_EQ(PeerConnection::create(config, {}).error().code, Errc::kInvalidArgument);
}

TEST_F(NegotiationTest, TimesOutOfBoundsAreRefusedByName) {
  using namespace std::chrono_literals;
  using Config = PeerConnection::Config;
  struct Case {
    std::string name;
    std::chrono::milliseconds Config::* field;
    std::chrono::milliseconds most;
  };
  for (const Case& c :
       {Case{"jitter_buffer", &Config::jitter_buffer, 10s}, Case{"gathering_patience", &Config::gathering_patience, 1h},
        Case{"connect_patience", &Config::connect_patience, 1h}}) {
    for (const auto value : {-1ms, c.most + 1ms}) {
      auto config = pair.config();
      config.*c.field = value;
      const auto made = PeerConnection::create(config, {});
      ASSERT_FALSE(made) << c.name;
      EXPECT_EQ(made.error().code, Errc::kInvalidArgument);
      EXPECT_EQ(made.error().detail, c.name + " must be from 0 to " + std::to_string(c.most.count()) + " ms");
    }
  }
}

TEST_F(NegotiationTest, NobodyThereIsAFailureWithAReason) {
  auto config = pair.config();
  config.connect_patience = std::chrono::milliseconds(500);
  pair.viewer.passes = [](const IceCandidate&) { return false; };
  pair.master.passes = pair.viewer.passes;
  ASSERT_NO_FATAL_FAILURE(open(config));

  ASSERT_NO_FATAL_FAILURE(offer());

  ASSERT_TRUE(pair.board.await([&]() { return pair.viewer.has_been(State::kFailed); })) << pair.story();
  EXPECT_NE(pair.viewer.reasons.back().find("ours were host"), std::string::npos) << pair.viewer.reasons.back();
  EXPECT_NE(pair.viewer.reasons.back().find("no TURN server was given"), std::string::npos);
}

}  // namespace
}  // namespace heliograph
