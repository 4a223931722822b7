// LineQueue: lines of a chat that wait to be sent.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "cli/call/chat_input.hpp"

namespace heliograph::cli {

/// Lines to the same leave in their order. One to a name that is not there lets those to others pass; where nothing but
/// such lines is left, they wait for whoever may still come, but not for ever. Threads: one.
class LineQueue {
 public:
  using Time = std::chrono::steady_clock::time_point;

  enum class Sent : std::uint8_t { kDone, kWait };
  /// Sends a line. kWait: nobody is there to whom it could be sent.
  using Send = std::function<Sent(const ChatInput&)>;

  /// From which on the rest is better left to where lines come from.
  static constexpr std::size_t kMost = 1'000;
  /// For whoever was started together with us to come.
  static constexpr std::chrono::seconds kAbsence{15};

  void push(ChatInput line) { lines_.push_back(std::move(line)); }
  /// Sends what can be sent while `has_room`.
  void flush(const Send& send, const std::function<bool()>& has_room);
  /// Takes out what is left when nothing but lines to names that are not there has been left for long enough, and no
  /// more lines will come or can be taken.
  /// @param has_ended  whether no more will come.
  [[nodiscard]] std::vector<ChatInput> give_up(Time now, bool has_ended);
  /// Somebody has come: others may be about to.
  void on_arrival() { stuck_since_.reset(); }

  [[nodiscard]] bool empty() const noexcept { return lines_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return lines_.size(); }
  [[nodiscard]] bool is_full() const noexcept { return lines_.size() >= kMost; }

 private:
  std::deque<ChatInput> lines_;
  bool is_stuck_ = false;  ///< Whoever is named by what is left is not there.
  std::optional<Time> stuck_since_;
};

}  // namespace heliograph::cli
