// DeliverySchedule: what to send next, and when to try again. Sans-I/O: the webhook's decisions without its sockets.
//
// Rules
//  1. Of one key, entries go one at a time and in their order: the next one goes when the one before was taken. Keys
//     do not wait for each other.
//  2. Not more than max_in_flight are under way at once.
//  3. An entry that the receiver refused is tried again after a back-off of its key: 1 s, 2 s, 4 s … 60 s, of which a
//     random half is taken off, so that many keys do not come at once.
//  4. A receiver that cannot be reached at all makes everything wait: one entry is tried at a time, with the same
//     back-off, until one is answered. Then all go on.
//  5. Bounded: beyond max_waiting the oldest entry that is not under way goes, for a gap at the old end is worth less
//     than the present.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"

namespace heliograph::server::events {

/// Threads: one at a time.
class DeliverySchedule {
 public:
  struct Limits {
    std::size_t max_in_flight = 8;
    std::size_t max_waiting = 100'000;
  };
  struct Delivery {
    std::int64_t number = 0;
    std::string key;
    unsigned attempt = 1;
    WallTime created;
  };
  explicit DeliverySchedule(Limits limits) : limits_(limits) {}

  /// Numbers grow. Gives the number of an entry that had to go for it (rule 5).
  std::optional<std::int64_t> add(std::int64_t number, const std::string& key, WallTime created);
  /// The next to send now, if any; it is under way until one of the following is said of its key.
  [[nodiscard]] std::optional<Delivery> next(SteadyTime now);
  void on_taken(const std::string& key);
  /// The receiver answered, but not that it has it. @param jitter  0 to 1
  void on_refused(const std::string& key, SteadyTime now, double jitter);
  /// There was no answer.
  void on_unreachable(const std::string& key, SteadyTime now, double jitter);
  /// The entry under way is given up: too old, or gone.
  void on_given_up(const std::string& key) { on_taken(key); }

  /// When next() may have something that it has not now, unless something is said before.
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;
  [[nodiscard]] std::size_t waiting() const noexcept { return by_number_.size(); }
  [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_; }
  [[nodiscard]] bool is_receiver_away() const noexcept { return failures_ > 0; }
  /// When the oldest entry came; nothing when none waits.
  [[nodiscard]] std::optional<WallTime> oldest() const;

  static constexpr std::chrono::milliseconds kFirstWait{1000};
  static constexpr std::chrono::milliseconds kLongestWait{60'000};

 private:
  struct Entry {
    std::int64_t number = 0;
    WallTime created;
  };
  struct Line {
    std::deque<Entry> entries;
    unsigned attempts = 0;  ///< Of the first.
    bool is_under_way = false;
    SteadyTime not_before{};
    std::uint64_t turn = 0;
  };
  /// A line with something to send: when it may go, and among equals whose turn it is.
  struct Ready {
    SteadyTime not_before;
    std::uint64_t turn = 0;
    std::string key;
    friend auto operator<=>(const Ready&, const Ready&) = default;
  };
  void make_ready(const std::string& key, Line& line, SteadyTime not_before);
  [[nodiscard]] static std::chrono::milliseconds wait_after(unsigned failures, double jitter);
  void end_attempt(const std::string& key, SteadyTime not_before);
  std::optional<std::int64_t> drop_oldest();

  Limits limits_;
  std::unordered_map<std::string, Line> lines_;
  std::set<Ready> ready_;
  std::uint64_t turns_ = 0;
  std::map<std::int64_t, std::string> by_number_;  ///< Everything that waits, with its key.
  std::size_t in_flight_ = 0;
  unsigned failures_ = 0;  ///< In a row without any answer.
  SteadyTime receiver_not_before_{};
};

}  // namespace heliograph::server::events
