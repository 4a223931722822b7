// When handlers of peer connections are called: on executors of several threads, and around the end.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <optional>
#include <thread>

#include "support/media_fixture.hpp"
#include "support/temp_dir.hpp"
#include "support/thread_pool.hpp"

namespace heliograph {
namespace {

using State = PeerConnection::State;
using test::PeerPair;

TEST(HandlersTest, RunOneAtATimeInTheirOrderOnManyThreads) {
  constexpr std::size_t kMessages = 1000;
  test::ThreadPool pool(4);
  PeerPair pair(*EventLoop::create({.executor = pool.executor()}));
  pair.viewer.open(pair.config());
  pair.master.open(pair.config());
  const auto channel = *pair.viewer.peer->create_data_channel("chat", {}, pair.viewer.channel_handlers());
  ASSERT_TRUE(pair.viewer.peer->create_offer());
  const auto is_gathered = [](const test::Side& side) {
    return !side.candidates.empty() && side.candidates.back().candidate.empty();
  };
  ASSERT_TRUE(pair.board.await([&]() {
    return is_gathered(pair.viewer) && is_gathered(pair.master) && pair.master.channels.size() == 1 &&
           channel->state() == DataChannel::State::kOpen;
  })) << pair.story();
  std::atomic<int> inside = 0;
  std::atomic<bool> is_alone = true;
  auto handlers = pair.master.channel_handlers();
  handlers.on_text = [&, next = handlers.on_text](std::string_view text) {
    if (++inside != 1) is_alone = false;
    next(text);
    std::this_thread::yield();
    --inside;
  };
  pair.master.channels.front()->set_handlers(std::move(handlers));

  for (std::size_t i = 0; i < kMessages; ++i) ASSERT_TRUE(channel->send_text(std::to_string(i)));

  ASSERT_TRUE(pair.board.await([&]() { return pair.master.texts.size() == kMessages; })) << pair.story();
  for (std::size_t i = 0; i < kMessages; ++i) ASSERT_EQ(pair.master.texts[i], std::to_string(i));
  EXPECT_TRUE(is_alone);
  pair.master.peer.reset();  // Not in a handler: so none is running now.
  EXPECT_EQ(inside, 0);
}

TEST(HandlersTest, StatisticsAreAnsweredWhenTheConnectionIsClosedBefore) {
  PeerPair pair;
  pair.viewer.open(pair.config());
  std::vector<Errc> answers;
  const auto ask = [&]() {
    pair.viewer.peer->stats([&](const Result<PeerStats>& stats) {
      pair.board.change([&]() { answers.push_back(stats ? Errc::kIo : stats.error().code); });
    });
  };

  pair.loop->post([&]() {
    ask();
    pair.viewer.peer->close();  // Before the question's turn has come.
    ask();
  });

  EXPECT_TRUE(pair.board.await([&]() { return answers.size() == 2; })) << pair.story();
  EXPECT_EQ(answers, (std::vector<Errc>{Errc::kClosed, Errc::kClosed}));
}

TEST(HandlersTest, ClosingInsideOnErrorEndsTheNegotiation) {
  PeerPair pair;
  pair.viewer.open(pair.config());
  auto handlers = pair.master.handlers();
  int errors = 0;
  handlers.on_error = [&](const Error&) {
    pair.board.change([&]() { ++errors; });
    pair.master.peer->close();
  };
  pair.master.peer = *PeerConnection::create(pair.config(), handlers);
  // What only webrtcbin sees, which refuses it.
  pair.viewer.alter = [](SessionDescription offer) {
    const auto at = offer.sdp.find("a=sctp-port:");
    offer.sdp.erase(at, offer.sdp.find('\n', at) - at + 1);
    return offer;
  };
  ASSERT_TRUE(pair.viewer.peer->create_data_channel("chat", {}, {}));

  ASSERT_TRUE(pair.viewer.peer->create_offer());

  ASSERT_TRUE(pair.board.await([&]() { return pair.master.has_been(State::kClosed); })) << pair.story();
  EXPECT_EQ(errors, 1);
  EXPECT_TRUE(pair.master.descriptions.empty());
}

TEST(HandlersTest, ClosingDoesNotHoldUpTheLoop) {
  const test::TempDir dir;
  const std::string path = dir / "pipe.mkv";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const int reader = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  ASSERT_GE(::fcntl(reader, F_SETPIPE_SZ, 4096), 0);
  const auto recorder = *MediaSink::record({.path = path, .expect_audio = false});
  test::Viewing viewing(test::small_source(), Codec::kVp8, *EventLoop::create(), false, recorder);
  ASSERT_TRUE(viewing.await_frames(30)) << viewing.pair.story();  // More than the pipe holds, and nobody reads.
  auto& pair = viewing.pair;
  std::optional<bool> is_closed_before;

  pair.viewer.peer->close();
  pair.loop->post([&]() {
    pair.loop->post([&]() { pair.board.change([&]() { is_closed_before = pair.viewer.has_been(State::kClosed); }); });
  });

  EXPECT_TRUE(pair.board.await([&]() { return is_closed_before.has_value(); })) << pair.story();
  EXPECT_FALSE(is_closed_before.value_or(true));
  std::array<char, 65536> piece{};
  EXPECT_TRUE(pair.board.await([&]() {  // It asks every 20 ms.
    while (::read(reader, piece.data(), piece.size()) > 0) {
    }
    return pair.viewer.has_been(State::kClosed);
  })) << pair.story();
  ::close(reader);
}

TEST(HandlersTest, ConnectionMayBeClosedAndGoInAHandlerOfItsSink) {
  PeerPair pair;
  bool was_told = false;
  bool is_gone = false;
  // On another loop, so that the connection's own goes on while the handler waits.
  const auto sink =
      MediaSink::frames({.loop = *EventLoop::create(), .on_frame = [&](const EncodedFrame&) {
                           if (pair.viewer.peer == nullptr) return;
                           EXPECT_TRUE(pair.board.await([&]() {
                             return !pair.master.candidates.empty() && pair.master.candidates.back().candidate.empty();
                           }));
                           pair.viewer.peer->close();
                           was_told = pair.board.await([&]() { return pair.viewer.has_been(State::kClosed); });
                           pair.viewer.peer.reset();
                           pair.board.change([&]() { is_gone = true; });
                         }});
  auto viewing = pair.config();
  viewing.receive_video = true;
  viewing.sink = sink;
  auto sending = pair.config();
  sending.send = test::small_source();
  pair.viewer.open(viewing);
  pair.master.open(sending);

  ASSERT_TRUE(pair.viewer.peer->create_offer());

  EXPECT_TRUE(pair.board.await([&]() { return is_gone; }, 2 * test::kMediaPatience)) << pair.story();
  EXPECT_TRUE(was_told);
  EXPECT_TRUE(sink->stop());
}

}  // namespace
}  // namespace heliograph
