// epoll(7) and eventfd(2).
#include "net/reactor.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <limits>
#include <system_error>
#include <utility>

namespace heliograph::net {
namespace {

/// A descriptor or, where the machine gives none, the reason as an exception.
Descriptor checked(int number, const char* what) {
  if (number < 0) throw std::system_error(errno, std::system_category(), what);
  return Descriptor(number);
}

}  // namespace

void Descriptor::reset(int number) noexcept {
  if (number_ >= 0) ::close(number_);
  number_ = number;
}

Reactor::Alarm::Alarm(Reactor& reactor, std::function<void()> on_time)
    : reactor_(reactor), on_time_(std::move(on_time)) {
  reactor_.alarms_.push_back(this);
}

Reactor::Alarm::~Alarm() { std::erase(reactor_.alarms_, this); }

Reactor::Reactor(std::function<void()> on_wake, std::function<void()> on_turn_end)
    : on_wake_(std::move(on_wake)),
      on_turn_end_(std::move(on_turn_end)),
      epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll")),
      bell_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;  // Edges: nobody has to read the counter back.
  event.data.ptr = nullptr;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, bell_.get(), &event) != 0)
    throw std::system_error(errno, std::system_category(), "epoll");
}

bool Reactor::add(int descriptor, std::uint32_t events, Watcher& watcher) noexcept {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void Reactor::change(int descriptor, std::uint32_t events, Watcher& watcher) noexcept {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  static_cast<void>(::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, descriptor, &event));
}

void Reactor::remove(int descriptor, const Watcher& watcher) noexcept {
  epoll_event none{};
  static_cast<void>(::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, &none));
  for (std::size_t i = next_event_; i < event_count_; ++i)
    if (events_[i].data.ptr == &watcher) events_[i].events = 0;
}

void Reactor::wake() noexcept {
  if (is_rung_.exchange(true)) return;
  static_cast<void>(::eventfd_write(bell_.get(), 1));
}

int Reactor::wait_milliseconds() const noexcept {
  if (is_hurried_) return 0;
  std::optional<SteadyTime> first;
  for (const Alarm* alarm : alarms_)
    if (alarm->time_ && (!first || *alarm->time_ < *first)) first = alarm->time_;
  if (!first) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*first - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
}

void Reactor::ring_alarms() {
  // By index: an alarm's work may set alarms, but makes and ends none.
  for (std::size_t i = 0; i < alarms_.size(); ++i) {
    Alarm& alarm = *alarms_[i];
    if (!alarm.time_ || *alarm.time_ > std::chrono::steady_clock::now()) continue;
    alarm.time_.reset();
    alarm.on_time_();
  }
}

void Reactor::run() {
  while (!is_stopped_) {
    const int ready = ::epoll_wait(epoll_.get(), events_.data(), kMostEvents, wait_milliseconds());
    is_hurried_ = false;
    event_count_ = ready > 0 ? static_cast<std::size_t>(ready) : 0;
    next_event_ = 0;  // An alarm's work may remove any watcher, too.
    ring_alarms();
    while (next_event_ < event_count_) {
      const epoll_event& event = events_[next_event_++];
      if (event.events == 0) continue;  // Its watcher was removed since.
      if (event.data.ptr != nullptr) {
        static_cast<Watcher*>(event.data.ptr)->on_events(event.events);
      } else {
        is_rung_.store(false);
        on_wake_();
      }
    }
    on_turn_end_();
  }
}

}  // namespace heliograph::net
