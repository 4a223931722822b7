// EventDesk: where presence becomes events: written down, handed to the webhook, shown to those who follow.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "server/events/event_meter.hpp"
#include "server/events/event_ring.hpp"
#include "server/events/presence.hpp"
#include "server/events/webhook.hpp"

namespace heliograph::server::events {

/// One thread of its own, which waits for the outbox's disk so that nobody else has to. An event is shown in the stream
/// only when it is in the outbox: what somebody has seen will reach the receiver, even if the process is killed then.
/// Threads: on_presence from any; start and stop from one.
class EventDesk final : public PresenceWatcher {
 public:
  /// Moves changes into the vector, in order (Signaling::take_presence).
  using Take = std::function<void(std::vector<PresenceChange>&)>;

  struct Parts {
    Take take;
    const Clock& clock;
    Rng& rng;
    LogSink& log;
    EventMeter& meter;
  };
  explicit EventDesk(Parts parts);
  ~EventDesk() override;

  /// Where the webhook, if there is one, does its work.
  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
  [[nodiscard]] EventRing& ring() noexcept { return ring_; }

  /// @param webhook  null: nobody is called. Must outlive stop().
  [[nodiscard]] Result<void> start(Webhook* webhook);
  /// Takes what there is, waits a moment for the receiver to take it, ends the thread.
  void stop(std::chrono::milliseconds patience);

  [[nodiscard]] WallTime wall_now() const override { return parts_.clock.wall_now(); }
  void on_presence() override;

 private:
  void on_call();
  void collect();
  void accept(const std::vector<EventPtr>& events);
  void beat();
  void leave_when_idle(SteadyTime deadline);

  static constexpr std::chrono::seconds kBeat{15};
  /// Who comes in a crowd is written down together: waking a thread costs more than an event.
  static constexpr std::chrono::milliseconds kGather{10};

  Parts parts_;
  EventWriter writer_;
  EventRing ring_;
  boost::asio::io_context context_{1};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> keep_;
  boost::asio::steady_timer beat_timer_{context_};
  boost::asio::steady_timer leave_timer_{context_};
  boost::asio::steady_timer gather_timer_{context_};
  std::chrono::steady_clock::time_point collected_{};
  Webhook* webhook_ = nullptr;
  std::atomic<bool> is_called_{false};
  std::vector<PresenceChange> changes_;
  std::thread thread_;
};

}  // namespace heliograph::server::events
