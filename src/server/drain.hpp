// Drain: how heliographd leaves: first unready, then closed to newcomers, then connection by connection.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <string_view>

#include "base/log.hpp"
#include "net/network.hpp"
#include "server/drain_times.hpp"
#include "server/http_service.hpp"

namespace heliograph::server {

/// Phases: serving → notice → leaving → (hurrying) → over.
///   notice    /readyz says 503 and upgrades are refused with 503; requests are answered, messages relayed.
///   leaving   the listeners are closed; every WebSocket gets GO_AWAY and half a window later 1001.
///   hurrying  asked a second time: everybody is closed at once.
/// Threads: all calls, and `context`, on one thread. The parts must outlive it.
class Drain {
 public:
  struct Parts {
    boost::asio::io_context& context;
    HttpService& service;
    net::Network& network;
    LogSink& log;
    std::function<void()> end_calls;               ///< Those that wait for somebody, and would hold up the end.
    std::function<void(std::string_view)> notify;  ///< The service manager; may be empty.
  };
  /// @param on_over  called once, on the context, when no connection is left.
  Drain(Parts parts, std::function<void()> on_over);

  /// Begins to leave; the second call hurries, further ones change nothing.
  void begin(const DrainTimes& times, std::string_view why);

 private:
  enum class Phase : std::uint8_t { kServing, kNotice, kLeaving, kHurrying, kOver };

  void leave();
  void stop_network(const net::StopPlan& plan);
  void report_later();
  void ask_for_time(std::uint64_t remaining) const;
  void finish();

  Parts parts_;
  std::function<void()> on_over_;
  DrainTimes times_;
  boost::asio::steady_timer notice_;
  boost::asio::steady_timer report_;
  Phase phase_ = Phase::kServing;
};

}  // namespace heliograph::server
