// Webhook: takes events out of the outbox and to the receiver.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "net/http_client.hpp"
#include "server/events/delivery_schedule.hpp"
#include "server/events/event_meter.hpp"
#include "server/events/hook_signer.hpp"
#include "store/sqlite_outbox.hpp"

namespace heliograph::server::events {

struct WebhookTarget {
  net::HttpUrl url;
  std::chrono::milliseconds timeout{5000};
  std::size_t max_waiting = 100'000;
};

/// An event is in the outbox until the receiver has answered 2xx, or until it is given up: see docs/webhooks.md.
/// Threads: the context's only. The parts must outlive it; the client's calls must have ended before it goes.
class Webhook {
 public:
  /// Nobody is told any more of what happened so long ago.
  static constexpr std::chrono::hours kMaxAge{24};

  struct Parts {
    boost::asio::io_context& context;
    store::SqliteOutbox& outbox;
    net::HttpClient& client;
    const HookSigner& signer;
    const Clock& clock;
    Rng& rng;
    LogSink& log;
    EventMeter& meter;
  };
  Webhook(Parts parts, WebhookTarget target);

  /// What an earlier process left is sent first.
  [[nodiscard]] Result<void> load();
  /// Writes events to the outbox: when this returns, a kill of the process does not lose them.
  [[nodiscard]] Result<void> accept(const std::vector<EventPtr>& events);
  /// Nothing waits, or nothing can go now.
  [[nodiscard]] bool is_idle() const;
  void stop();

 private:
  void pump();
  void send(const DeliverySchedule::Delivery& delivery);
  void on_answer(const DeliverySchedule::Delivery& delivery, SteadyTime began, const Result<net::HttpReply>& answer);
  /// The receiver's state has changed: the log says so once.
  void tell_state(bool is_taking, const std::string& why);
  void remove(std::int64_t number);
  void measure();
  [[nodiscard]] double jitter();

  Parts parts_;
  WebhookTarget target_;
  DeliverySchedule schedule_;
  boost::asio::steady_timer timer_;
  bool is_taking_ = true;
  bool is_stopped_ = false;
};

}  // namespace heliograph::server::events
