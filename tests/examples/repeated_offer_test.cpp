// Messages may come twice: after a break the SDK sends again what was confirmed shortly before. An offer that does
// must cost nobody the connection that it brought about.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "heliograph/peer_connection.hpp"
#include "heliograph/signaling_client.hpp"
#include "support/examples_fixture.hpp"

namespace heliograph {
namespace {

using test::Program;

/// A viewer that can send its offer once more.
class Alice {
 public:
  explicit Alice(const std::shared_ptr<ChannelClient>& channels) {
    SignalingClient::Handlers on;
    on.on_answer = [this](const SessionDescription& answer, const std::string&) {
      (void)peer_->set_remote_description(answer);
    };
    on.on_candidate = [this](const IceCandidate& candidate, const std::string&) {
      (void)peer_->add_ice_candidate(candidate);
    };
    auto joined = SignalingClient::create(
        {.role = Role::kViewer, .client_id = "alice", .channel = "cam", .channels = channels}, std::move(on));
    signaling_ = *std::move(joined);
    PeerConnection::Handlers media;
    media.on_local_description = [this](const SessionDescription& offer) {
      offer_ = offer;
      (void)signaling_->send_offer(offer);
    };
    media.on_ice_candidate = [this](const IceCandidate& candidate) { (void)signaling_->send_candidate(candidate); };
    MediaSink::Frames frames{.loop = channels->loop(),
                             .on_frame = [this](const EncodedFrame&) { note([this]() { ++pictures_; }); }};
    auto made = PeerConnection::create(
        {.loop = channels->loop(), .receive_video = true, .sink = MediaSink::frames(std::move(frames))},
        std::move(media));
    peer_ = *std::move(made);
    DataChannel::Handlers line;
    line.on_text = [this](std::string_view text) { note([this, text]() { texts_.emplace_back(text); }); };
    line_ = peer_->create_data_channel("kvsDataChannel", {}, std::move(line)).value();
    signaling_->open();
    (void)peer_->create_offer();
  }
  Alice(const Alice&) = delete;
  Alice& operator=(const Alice&) = delete;
  ~Alice() {
    peer_.reset();
    signaling_.reset();
  }

  /// Returns when the service has read it.
  void repeat_offer() {
    std::promise<void> sent;
    EXPECT_TRUE(signaling_->send_offer(offer_, {}, [&](const auto&) { sent.set_value(); }));
    sent.get_future().wait();
  }
  /// From now on.
  [[nodiscard]] bool sees(int pictures) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, Program::kPatience,
                             [&, most = pictures_ + pictures]() { return pictures_ >= most; });
  }
  [[nodiscard]] bool hears(const std::string& text, std::chrono::milliseconds patience = Program::kPatience) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience,
                             [&]() { return std::find(texts_.begin(), texts_.end(), text) != texts_.end(); });
  }

 private:
  template <class What>
  void note(What what) {
    const std::lock_guard lock(mutex_);
    what();
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int pictures_ = 0;
  std::vector<std::string> texts_;
  SessionDescription offer_;  ///< Read when it has been answered.
  std::unique_ptr<SignalingClient> signaling_;
  std::unique_ptr<PeerConnection> peer_;
  std::shared_ptr<DataChannel> line_;
};

class RepeatedOfferTest : public test::ExamplesFixture {
 protected:
  /// A master's offers are served in their order: once bob is there, what alice sent before has been dealt with.
  void expect_pictures_go_on(Program& master) {
    ASSERT_TRUE(master.says("waiting for viewers")) << master.text();
    Alice alice(channels_);
    ASSERT_TRUE(alice.sees(5)) << master.text();

    alice.repeat_offer();
    const auto bob = run("viewer", {"cam", "bob", "60"});
    ASSERT_TRUE(bob->says("peer connection: connected")) << bob->text() << master.text();

    EXPECT_TRUE(alice.sees(30)) << master.text();
  }
};

TEST_F(RepeatedOfferTest, CostsNoViewerOfTheMasterItsPictures) {
  const auto master = run("master", {"cam"});
  expect_pictures_go_on(*master);
}

TEST_F(RepeatedOfferTest, CostsNoViewerOfTheCameraItsPictures) {
  const auto camera = run("camera", {"cam"});
  expect_pictures_go_on(*camera);
}

TEST_F(RepeatedOfferTest, CostsNobodyInTheChatItsLine) {
  const auto master = run("chat", {"cam"});
  Alice alice(channels_);
  const auto is_heard = [&](const std::string& line) {
    for (int attempt = 0; attempt < 60; ++attempt) {
      master->write(line + "\n");
      if (alice.hears("master: " + line, std::chrono::milliseconds(500))) return true;
    }
    return false;
  };
  ASSERT_TRUE(is_heard("welcome")) << master->text();

  alice.repeat_offer();
  const auto bob = run("chat", {"cam", "bob"});
  ASSERT_TRUE(hears(*bob, *master, "from bob")) << bob->text() << master->text();

  EXPECT_TRUE(is_heard("still here")) << master->text();
}

}  // namespace
}  // namespace heliograph
