// EventStream: events as Server-Sent Events, to one follower.
//
// (HTML standard, 9.2: fields `id`, `event`, `data`, `retry`; a line that begins with a colon is a comment.)
//
// What comes besides the events, with the same fields but without an id:
//   event: gap      where the follower wanted to go on is not there any more; data {"missed":n}, 0 for unknown
//   event: dropped  the follower has fallen behind while it was connected; data {"reason":…,"missed":n}; then it ends
//   event: bye      the service goes down; then it ends
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "net/http.hpp"
#include "server/events/event_meter.hpp"
#include "server/events/event_ring.hpp"

namespace heliograph::server::events {

/// Threads: as net::BodySource. The ring and the meter must outlive it.
class EventStream final : public net::BodySource {
 public:
  static constexpr std::size_t kMaxPerRead = 64;

  struct Start {
    std::uint64_t from = 0;   ///< The first event's number.
    bool is_unknown = false;  ///< … which is not of this process.
    std::string channel{};    ///< Only events of this channel, by name or ARN; empty: all.
  };
  EventStream(EventRing& ring, EventMeter& meter, Start start);
  ~EventStream() override;

  void start(std::function<void()> wake) override;
  [[nodiscard]] bool read(std::string& out) override;
  void go_down() override { is_going_down_ = true; }
  void on_stall() override { meter_.streams_dropped += 1; }

 private:
  [[nodiscard]] bool is_wanted(const Event& event) const noexcept;

  EventRing& ring_;
  EventMeter& meter_;
  const Start start_;
  std::uint64_t next_;
  std::uint64_t beats_ = 0;
  std::uint64_t follower_ = 0;
  bool has_begun_ = false;
  bool is_going_down_ = false;
  /// A wake is under way. Shared, because a wake may come when this has gone.
  std::shared_ptr<std::atomic<bool>> is_awake_ = std::make_shared<std::atomic<bool>>(false);
  std::function<void()> wake_;
};

}  // namespace heliograph::server::events
