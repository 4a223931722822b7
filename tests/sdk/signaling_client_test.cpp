// SignalingClient against a service in this process: relays of now, more than the network takes at once, its end.
#include <gmock/gmock.h>

#include <fstream>
#include <future>

#include "heliograph/signaling_events.hpp"
#include "support/channel_client_fixture.hpp"
#include "support/hook_receiver.hpp"
#include "support/signaling_peer.hpp"

namespace heliograph {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::SignalingPeer;
using testing::ElementsAre;
using testing::HasSubstr;

class SignalingClientTest : public test::ChannelClientFixture {
 protected:
  static SignalingClient::Options master(const std::shared_ptr<ChannelClient>& channels) {
    SignalingClient::Options options;
    options.role = Role::kMaster;
    options.channel = "cam";
    options.channels = channels;
    options.reconnect.first = milliseconds(20);
    options.reconnect.most = milliseconds(200);
    return options;
  }
  static SignalingClient::Options viewer(const std::shared_ptr<ChannelClient>& channels) {
    auto options = master(channels);
    options.role = Role::kViewer;
    options.client_id = "v";
    return options;
  }
  /// A channel, and a service that names a relay.
  void start_with_relay() {
    config.turn.mode = server::TurnMode::kExternal;
    config.turn.uris = {"turn:relay.example.org:3478"};
    config.turn.secret_file = (dir.path() / "relay-secret").string();
    std::ofstream(config.turn.secret_file) << "a secret that is long enough to be one\n";
    start();
    ASSERT_TRUE(connect()->create_channel({.name = "cam"}));
  }
  static Result<std::vector<IceServer>> relays_of(SignalingClient& client) {
    const auto promise = std::make_shared<std::promise<Result<std::vector<IceServer>>>>();
    client.ice_servers([promise](Result<std::vector<IceServer>> got) { promise->set_value(std::move(got)); });
    return promise->get_future().get();
  }
};

TEST_F(SignalingClientTest, RelaysAreFoundWhileTheConnectionLasts) {
  ASSERT_NO_FATAL_FAILURE(start_with_relay());
  auto forgetful = options();
  forgetful.ice_grace = std::chrono::hours(1000);  // None is good for long enough.
  forgetful.max_attempts = 1;
  SignalingPeer remembering(master(connect()));
  SignalingPeer asking(viewer(connect(forgetful)));
  for (auto* const peer : {&remembering, &asking}) {
    peer->client->open();
    peer->wait_for("open");
    const auto now = relays_of(*peer->client);
    ASSERT_TRUE(now) << now.error().detail;
    ASSERT_EQ(now->size(), 1U);
    EXPECT_THAT(now->front().uris, ElementsAre("turn:relay.example.org:3478"));
  }

  stop();

  const auto asked = relays_of(*asking.client);
  EXPECT_FALSE(asked && !asked->empty()) << "there is nobody to have asked";
  remembering.client->close();
  remembering.wait_for("closed");
  EXPECT_EQ(relays_of(*remembering.client).error().code, Errc::kClosed);
}

TEST_F(SignalingClientTest, ClientThatLooksNothingUpHasNoRelays) {
  SignalingClient::Options options;
  options.role = Role::kMaster;
  options.channel = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/cam/1712136149494";
  options.endpoint = "ws://127.0.0.1:1";
  options.signer = std::make_shared<SigV4RequestSigner>("us-east-1", Credentials{"id", Secret("secret"), {}, {}});
  const auto client = SignalingClient::create(options, {}).value();

  const auto servers = relays_of(*client);

  ASSERT_TRUE(servers);
  EXPECT_TRUE(servers->empty());
}

TEST_F(SignalingClientTest, ClientsWithLoopsOfTheirOwnShareAChannelClient) {
  ASSERT_NO_FATAL_FAILURE(start_with_relay());
  const auto channels = connect();
  auto first = master(channels);
  first.loop = EventLoop::create().value();
  auto second = viewer(channels);
  second.loop = EventLoop::create().value();
  SignalingPeer camera(first);
  SignalingPeer watcher(second);
  camera.client->open();
  watcher.client->open();

  for (std::size_t i = 2; i < 12; ++i) {  // Each forgets what both find.
    camera.wait_for("open", i - 1);
    watcher.wait_for("open", i - 1);
    camera.client->reconnect();
    watcher.client->reconnect();
    EXPECT_TRUE(relays_of(*camera.client));
  }
}

TEST_F(SignalingClientTest, WhatTheNetworkDoesNotTakeAtOnceIsNotLost) {
  config.limits.max_outbox = 512UL * 1024 * 1024;  // Nor does the master take it at once.
  start();
  const auto channels = connect();
  ASSERT_TRUE(channels->create_channel({.name = "cam"}));
  SignalingPeer camera(master(channels));
  SignalingPeer watcher(viewer(channels));
  camera.client->open();
  watcher.client->open();
  ASSERT_TRUE(watcher.client->send_offer({SessionDescription::Type::kOffer, "first"}));
  camera.wait_for("offer first from v");

  constexpr int kMessages = 300;           // 19 MiB; 8 may wait for the network.
  const std::string filling(48'000, 'x');  // 64 KiB as it is sent.
  std::atomic<int> confirmed = 0;
  std::atomic<int> told = 0;
  for (int i = 0; i < kMessages; ++i) {
    ASSERT_TRUE(watcher.client->send_candidate({std::to_string(i) + filling, "0", 0, {}}, {}, [&](const auto& result) {
      if (result) ++confirmed;
      ++told;
    }));
  }
  camera.wait_for("candidate " + std::to_string(kMessages - 1) + filling + " from v");
  test::wait_until([&]() { return told == kMessages; });

  EXPECT_EQ(confirmed, kMessages);
  EXPECT_EQ(watcher.count("lost"), 0U);
  EXPECT_EQ(camera.lines().size(), 2U + kMessages) << "and every one of them came";
}

TEST_F(SignalingClientTest, DestroyedClientEndsAQuestionForItsNextEvent) {
  start();
  const auto channels = connect();
  ASSERT_TRUE(channels->create_channel({.name = "cam"}));
  const auto events = SignalingEvents::create();
  auto client = SignalingClient::create(master(channels), events->handlers()).value();
  client->open();
  const auto next = [&]() {
    const auto promise = std::make_shared<std::promise<Result<SignalingEvent>>>();
    events->next([promise](Result<SignalingEvent> got) { promise->set_value(std::move(got)); });
    return promise->get_future();
  };
  ASSERT_TRUE(std::holds_alternative<SignalingOpened>(next().get().value()));
  auto waiting = next();

  client.reset();

  ASSERT_EQ(waiting.wait_for(seconds(40)), std::future_status::ready);
  EXPECT_EQ(waiting.get().error().code, Errc::kClosed);
}

TEST_F(SignalingClientTest, NumbersThatMakeNoSenseAreRefusedByTheirNames) {
  start();
  const auto refusal = [options = master(connect())](auto change) {
    auto changed = options;
    change(changed);
    const auto made = SignalingClient::create(changed, {});
    return made ? "none" : made.error().detail;
  };
  EXPECT_EQ(refusal([](auto&) {}), "none");
  EXPECT_THAT(refusal([](auto& o) { o.reconnect.first = milliseconds(-1); }), HasSubstr("reconnect.first"));
  EXPECT_THAT(refusal([](auto& o) { o.reconnect.first = milliseconds(0); }), HasSubstr("reconnect.first"));
  EXPECT_THAT(refusal([](auto& o) { o.reconnect.most = milliseconds(1); }), HasSubstr("reconnect.most"));
  EXPECT_THAT(refusal([](auto& o) { o.reconnect.good_after = milliseconds(-1); }), HasSubstr("good_after"));
  EXPECT_THAT(refusal([](auto& o) { o.reconnect.give_up_after = seconds(-1); }), HasSubstr("give_up_after"));
  EXPECT_THAT(refusal([](auto& o) { o.ping_interval = seconds(-1); }), HasSubstr("ping_interval"));
  EXPECT_THAT(refusal([](auto& o) { o.ping_timeout = seconds(-1); }), HasSubstr("ping_timeout"));
  EXPECT_THAT(refusal([](auto& o) { o.connect_timeout = milliseconds(0); }), HasSubstr("connect_timeout"));
  EXPECT_THAT(refusal([](auto& o) { o.keep_for = seconds(0); }), HasSubstr("keep_for"));
  EXPECT_THAT(refusal([](auto& o) { o.max_payload = 0; }), HasSubstr("max_payload"));
  EXPECT_THAT(refusal([](auto& o) { o.max_queued = 0; }), HasSubstr("max_queued"));
}

TEST_F(SignalingClientTest, EachTryOfAServiceInTroubleIsOneCall) {
  test::HookReceiver in_trouble;
  in_trouble.answer_with([](const net::HttpRequest&, std::size_t) { return net::HttpResponse{503, {}, "down"}; });
  auto wanted = options();
  wanted.endpoint = in_trouble.url("").text();
  wanted.credentials = static_credentials({"id", Secret("secret"), {}, {}});
  wanted.region = "us-west-2";
  wanted.retry_base = milliseconds(1);
  const auto channels = connect(wanted);
  auto patient = master(channels);
  patient.reconnect.first = patient.reconnect.most = std::chrono::hours(1000);
  SignalingPeer peer(patient);

  peer.client->open();
  peer.wait_for("lost");

  EXPECT_EQ(in_trouble.count(), 1U);
  EXPECT_FALSE(relays_of(*peer.client));
  EXPECT_EQ(in_trouble.count(), 5U) << "who asks for relays has nobody else who tries again";
}

}  // namespace
}  // namespace heliograph
