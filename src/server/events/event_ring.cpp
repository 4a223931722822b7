// The ring under its lock; waking outside of it.
#include "server/events/event_ring.hpp"

#include <algorithm>
#include <charconv>

namespace heliograph::server::events {

void EventRing::publish(const std::vector<EventPtr>& events) {
  if (events.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    for (const EventPtr& event : events) {
      events_.push_back(event);
      end_ = event->number() + 1;
    }
    while (events_.size() > size_) events_.pop_front();
  }
  wake_all();
}

void EventRing::beat() {
  {
    const std::lock_guard lock(mutex_);
    ++beats_;
  }
  wake_all();
}

void EventRing::wake_all() {
  std::vector<std::function<void()>> wakes;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, wake] : followers_) wakes.push_back(wake);
  }
  for (const auto& wake : wakes) wake();
}

EventRing::Page EventRing::read(std::uint64_t from, std::size_t most) const {
  const std::lock_guard lock(mutex_);
  Page page{.events = {}, .missed = 0, .next = from, .beats = beats_};
  const std::uint64_t first = events_.empty() ? end_ : events_.front()->number();
  if (from < first) {
    page.missed = first - from;
    page.next = first;
  }
  const auto skip = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(page.next - first, events_.size()));
  for (auto event = events_.begin() + skip; event != events_.end() && page.events.size() < most; ++event) {
    page.events.push_back(*event);
    page.next = (*event)->number() + 1;
  }
  return page;
}

std::optional<std::uint64_t> EventRing::after(std::string_view id) const {
  if (!id.starts_with(prefix_) || id.substr(prefix_.size(), 1) != "-") return std::nullopt;
  const std::string_view digits = id.substr(prefix_.size() + 1);
  std::uint64_t number = 0;
  const auto [last, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || last != digits.data() + digits.size()) return std::nullopt;
  if (number >= end()) return std::nullopt;
  return number + 1;
}

std::uint64_t EventRing::end() const {
  const std::lock_guard lock(mutex_);
  return end_;
}

std::uint64_t EventRing::follow(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  followers_.emplace(++last_follower_, std::move(wake));
  return last_follower_;
}

void EventRing::unfollow(std::uint64_t follower) {
  const std::lock_guard lock(mutex_);
  followers_.erase(follower);
}

}  // namespace heliograph::server::events
