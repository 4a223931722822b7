// Link: an emulated byte stream that delays, stalls or ends.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"

namespace heliograph::test {

/// One direction of a connection: a byte stream, so that loss shows as delay or as its end.
class Link {
 public:
  void send(SteadyTime now, std::string bytes, std::chrono::milliseconds delay) {
    if (!ended_ && !bytes.empty()) under_way_.push_back({now + delay, std::move(bytes)});
  }
  /// No more is sent; what is under way arrives.
  void end() { ended_ = true; }
  /// As end(), and what is under way is lost.
  void cut() {
    ended_ = true;
    under_way_.clear();
  }
  /// Holds everything back from now on.
  void stall(bool stalled) { stalled_ = stalled; }
  [[nodiscard]] bool at_end() const { return ended_ && under_way_.empty(); }
  [[nodiscard]] std::optional<SteadyTime> next() const {
    if (under_way_.empty() || stalled_) return std::nullopt;
    return under_way_.front().at;
  }
  /// What has arrived by `now`, in one piece.
  [[nodiscard]] std::string receive(SteadyTime now) {
    std::string bytes;
    while (!stalled_ && !under_way_.empty() && under_way_.front().at <= now) {
      bytes += under_way_.front().bytes;
      under_way_.pop_front();
    }
    return bytes;
  }

 private:
  struct Piece {
    SteadyTime at;
    std::string bytes;
  };
  std::deque<Piece> under_way_;
  bool ended_ = false;
  bool stalled_ = false;
};

}  // namespace heliograph::test
