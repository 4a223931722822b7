// SignalingPeer: a SignalingClient that remembers what it was told, for tests that wait for something.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "heliograph/signaling_client.hpp"

namespace heliograph::test {

/// Threads: the test's; what is heard comes on the loop's.
class SignalingPeer {
 public:
  /// What is heard, as lines: "open", "offer SDP from ID", "answer …", "candidate …", "lost", "go away", "closed".
  explicit SignalingPeer(SignalingClient::Options options, std::function<void(const std::string&)> also = {})
      : also_(std::move(also)) {
    SignalingClient::Handlers on;
    on.on_open = [this](const auto&) { hear("open"); };
    on.on_offer = [this](const SessionDescription& one, const std::string& from) {
      hear("offer " + one.sdp + " from " + from);
    };
    on.on_answer = [this](const SessionDescription& one, const std::string& from) {
      hear("answer " + one.sdp + " from " + from);
    };
    on.on_candidate = [this](const IceCandidate& one, const std::string& from) {
      hear("candidate " + one.candidate + " from " + from);
    };
    on.on_lost = [this](const Error&, auto) { hear("lost"); };
    on.on_go_away = [this]() { hear("go away"); };
    on.on_closed = [this](const Error& why) {
      {
        const std::lock_guard lock(mutex_);
        closed_ = why;
      }
      hear("closed");
    };
    on.on_bad_message = [this](const Error& why) { hear("bad: " + why.detail); };
    auto made = SignalingClient::create(std::move(options), std::move(on));
    EXPECT_TRUE(made) << made.error().detail;
    if (made) client = *std::move(made);
  }

  /// Waits until a line has been heard `count` times.
  void wait_for(const std::string& line, std::size_t count = 1) {
    std::unique_lock lock(mutex_);
    const bool came = changed_.wait_for(lock, std::chrono::seconds(40), [&]() { return heard_count(line) >= count; });
    EXPECT_TRUE(came) << "not heard: " << line << "; the last was " << (lines_.empty() ? "nothing" : lines_.back());
  }
  [[nodiscard]] std::size_t count(const std::string& line) {
    const std::lock_guard lock(mutex_);
    return heard_count(line);
  }
  [[nodiscard]] std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  [[nodiscard]] std::optional<Error> closed() {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  void hear(const std::string& line) {
    {
      const std::lock_guard lock(mutex_);
      lines_.push_back(line);
      changed_.notify_all();
    }
    if (also_) also_(line);
  }

 private:
  [[nodiscard]] std::size_t heard_count(const std::string& line) const {
    return static_cast<std::size_t>(std::count(lines_.begin(), lines_.end(), line));
  }

  std::function<void(const std::string&)> also_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  std::optional<Error> closed_;

 public:
  std::unique_ptr<SignalingClient> client;  ///< The last member: it goes first, and nothing is heard after that.
};

}  // namespace heliograph::test
