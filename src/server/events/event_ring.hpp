// EventRing: the last events, for those who follow them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/events/event.hpp"

namespace heliograph::server::events {

/// Followers hold no queue of their own: each has a place in the one ring, and a follower that falls out of it has lost
/// events and is told so. Threads: any; its lock is held for a few copies of pointers.
class EventRing {
 public:
  /// @param prefix  of the ids of this process' events.
  explicit EventRing(std::string prefix, std::size_t size = 4096) : prefix_(std::move(prefix)), size_(size) {}

  void publish(const std::vector<EventPtr>& events);
  /// Wakes every follower without an event: it is time for a sign of life.
  void beat();

  struct Page {
    std::vector<EventPtr> events;  ///< In order, from the number asked for.
    std::uint64_t missed = 0;      ///< Events before them that are not there any more.
    std::uint64_t next = 0;        ///< What to ask for next.
    std::uint64_t beats = 0;
  };
  /// At most `most` events from number `from` on.
  [[nodiscard]] Page read(std::uint64_t from, std::size_t most) const;

  /// Where to go on after an event's id; nothing when it is not of this process.
  [[nodiscard]] std::optional<std::uint64_t> after(std::string_view id) const;
  /// The number that the next event will have.
  [[nodiscard]] std::uint64_t end() const;

  /// `wake` is called after each change, on the thread that makes it, until unfollow().
  [[nodiscard]] std::uint64_t follow(std::function<void()> wake);
  void unfollow(std::uint64_t follower);

 private:
  void wake_all();

  const std::string prefix_;
  const std::size_t size_;
  mutable std::mutex mutex_;
  std::deque<EventPtr> events_;
  std::uint64_t end_ = 1;
  std::uint64_t beats_ = 0;
  std::uint64_t last_follower_ = 0;
  std::map<std::uint64_t, std::function<void()>> followers_;
};

}  // namespace heliograph::server::events
