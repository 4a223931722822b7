// PeerPair: two real peer connections in one process, their signaling carried by hand over the loop.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "heliograph/peer_connection.hpp"

namespace heliograph::test {

inline constexpr std::chrono::seconds kMediaPatience{40};

/// Waits until something holds. It is looked at anew whenever a peer has told something, and now and then.
class Board {
 public:
  template <class Change>
  void change(Change apply) {
    {
      const std::lock_guard lock(mutex_);
      apply();
    }
    changed_.notify_all();
  }
  /// Whether it came to hold in time.
  template <class Condition>
  [[nodiscard]] bool await(Condition holds, std::chrono::milliseconds patience = kMediaPatience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    std::unique_lock lock(mutex_);
    while (!holds()) {
      if (std::chrono::steady_clock::now() > end) return false;
      changed_.wait_for(lock, std::chrono::milliseconds(20));
    }
    return true;
  }
  template <class Read>
  [[nodiscard]] auto read(Read value) {
    const std::lock_guard lock(mutex_);
    return value();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

/// One side, with all that it was told. Signaling goes to `other`, by way of the loop.
struct Side {
  std::string name{};
  Board* board = nullptr;
  std::unique_ptr<PeerConnection> peer{};
  Side* other = nullptr;
  std::vector<PeerConnection::State> states{};
  std::vector<std::string> reasons{};
  std::vector<Error> errors{};
  std::vector<IceCandidate> candidates{};
  std::vector<SessionDescription> descriptions{};
  std::vector<std::shared_ptr<DataChannel>> channels{};
  std::vector<std::shared_ptr<MediaTrack>> tracks{};
  std::vector<std::string> texts{};
  std::vector<std::vector<std::byte>> binaries{};
  int opened_channels = 0;
  int closed_channels = 0;
  bool holds_back = false;  ///< What is to be signaled stays in `descriptions` and `candidates`.
  std::function<bool(const IceCandidate&)> passes{};  ///< Which candidates are signaled; empty: all.
  /// What becomes of descriptions on their way; empty: nothing.
  std::function<SessionDescription(SessionDescription)> alter{};
  std::function<void(PeerConnection::State)> on_state{};

  [[nodiscard]] DataChannel::Handlers channel_handlers() {
    return {.on_open = [this]() { board->change([&]() { ++opened_channels; }); },
            .on_text = [this](std::string_view text) { board->change([&]() { texts.emplace_back(text); }); },
            .on_binary =
                [this](std::span<const std::byte> data) {
                  board->change([&]() { binaries.emplace_back(data.begin(), data.end()); });
                },
            .on_close = [this]() { board->change([&]() { ++closed_channels; }); }};
  }

  [[nodiscard]] PeerConnection::Handlers handlers() {
    PeerConnection::Handlers handlers;
    handlers.on_local_description = [this](const SessionDescription& description) {
      board->change([&]() { descriptions.push_back(description); });
      if (holds_back || other == nullptr || other->peer == nullptr) return;
      const auto taken = other->peer->set_remote_description(alter ? alter(description) : description);
      EXPECT_TRUE(taken) << taken.error().detail;
    };
    handlers.on_ice_candidate = [this](const IceCandidate& candidate) {
      board->change([&]() { candidates.push_back(candidate); });
      if (holds_back || other == nullptr || other->peer == nullptr || (passes && !passes(candidate))) return;
      static_cast<void>(other->peer->add_ice_candidate(candidate));  // It may have been closed.
    };
    handlers.on_connection_state = [this](PeerConnection::State state, std::string_view reason) {
      board->change([&]() {
        states.push_back(state);
        reasons.emplace_back(reason);
      });
      if (on_state) on_state(state);
    };
    handlers.on_data_channel = [this](std::shared_ptr<DataChannel> channel) {
      channel->set_handlers(channel_handlers());
      board->change([&]() { channels.push_back(std::move(channel)); });
    };
    handlers.on_track = [this](std::shared_ptr<MediaTrack> track) {
      board->change([&]() { tracks.push_back(std::move(track)); });
    };
    handlers.on_error = [this](const Error& error) { board->change([&]() { errors.push_back(error); }); };
    return handlers;
  }

  void open(PeerConnection::Config config) {
    auto made = PeerConnection::create(std::move(config), handlers());
    ASSERT_TRUE(made) << made.error().detail;
    peer = *std::move(made);
  }
  [[nodiscard]] bool has_been(PeerConnection::State state) const {
    return std::find(states.begin(), states.end(), state) != states.end();
  }
  [[nodiscard]] bool is_connected() const { return has_been(PeerConnection::State::kConnected); }
};

/// A viewer that offers and a master that answers.
class PeerPair {
 public:
  PeerPair() : PeerPair(*EventLoop::create()) {}
  explicit PeerPair(std::shared_ptr<EventLoop> shared) : loop(std::move(shared)) {
    viewer.name = "viewer";
    master.name = "master";
    for (Side* const side : {&viewer, &master}) side->board = &board;
    viewer.other = &master;
    master.other = &viewer;
  }
  PeerPair(const PeerPair&) = delete;
  PeerPair& operator=(const PeerPair&) = delete;
  /// On the loop, where no handler of the other is looking at the one that goes.
  ~PeerPair() { close_all(); }
  void close_all() {
    bool is_done = false;
    loop->post([&]() {
      viewer.peer.reset();
      master.peer.reset();
      board.change([&]() { is_done = true; });
    });
    EXPECT_TRUE(board.await([&]() { return is_done; }));
  }

  [[nodiscard]] PeerConnection::Config config() const {
    PeerConnection::Config config;
    config.loop = loop;
    config.log = [](LogLevel, std::string_view line) {
      std::printf("  %.*s\n", static_cast<int>(line.size()), line.data());
    };
    return config;
  }
  [[nodiscard]] bool await_connected() {
    return board.await([&]() { return viewer.is_connected() && master.is_connected(); });
  }
  /// What to print when a test fails.
  [[nodiscard]] std::string story() {
    std::string text;
    board.change([&]() {
      for (const Side* const side : {&viewer, &master}) {
        text += side->name + ":";
        for (const auto state : side->states) text += " " + std::string(to_string(state));
        for (const auto& reason : side->reasons) text += reason.empty() ? "" : " (" + reason + ")";
        for (const auto& error : side->errors) text += " error: " + error.detail;
        text += ", candidates " + std::to_string(side->candidates.size()) + "\n";
      }
    });
    return text;
  }

  Board board;
  std::shared_ptr<EventLoop> loop;
  Side viewer;
  Side master;
};

}  // namespace heliograph::test
