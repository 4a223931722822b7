// The phases of a drain on the main thread's clock.
#include "server/drain.hpp"

#include <boost/asio/post.hpp>
#include <string>
#include <utility>

namespace heliograph::server {
namespace {

constexpr std::chrono::seconds kReportInterval{1};
// Between two reports a service manager must not lose its patience.
constexpr std::chrono::microseconds kTimeAskedFor = std::chrono::seconds(15);

std::string count_text(std::chrono::milliseconds time) { return std::to_string(time.count()); }

}  // namespace

Drain::Drain(Parts parts, std::function<void()> on_over)
    : parts_(parts), on_over_(std::move(on_over)), notice_(parts.context), report_(parts.context) {}

void Drain::begin(const DrainTimes& times, std::string_view why) {
  switch (phase_) {
    case Phase::kServing:
      phase_ = Phase::kNotice;
      times_ = times;
      if (parts_.notify) parts_.notify("STOPPING=1");
      report_later();
      parts_.service.begin_leaving();
      parts_.log.write(LogLevel::kInfo, "stopping", {{"why", why}, {"notice_ms", count_text(times.notice)}});
      if (times.notice.count() == 0) return leave();
      notice_.expires_after(times.notice);
      notice_.async_wait([this](boost::system::error_code error) {
        if (!error && phase_ == Phase::kNotice) leave();
      });
      return;
    case Phase::kNotice:
    case Phase::kLeaving:
      phase_ = Phase::kHurrying;
      notice_.cancel();
      parts_.log.write(LogLevel::kInfo, "stopping at once", {{"why", why}});
      return stop_network({});
    case Phase::kHurrying:
    case Phase::kOver:
      return;
  }
}

void Drain::leave() {
  phase_ = Phase::kLeaving;
  const std::uint64_t websockets = parts_.network.stats().open_websockets;
  const auto window = times_.window.value_or(drain_window(websockets));
  parts_.log.write(LogLevel::kInfo, "closing connections",
                   {{"websockets", std::to_string(websockets)}, {"window_ms", count_text(window)}});
  stop_network({.window = window, .patience = times_.patience});
}

void Drain::stop_network(const net::StopPlan& plan) {
  parts_.end_calls();
  parts_.network.begin_stop(plan, [this]() { boost::asio::post(parts_.context, [this]() { finish(); }); });
}

void Drain::report_later() {
  report_.expires_after(kReportInterval);
  report_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    const net::NetStats stats = parts_.network.stats();
    parts_.log.write(LogLevel::kInfo, "still stopping",
                     {{"remaining_websockets", std::to_string(stats.open_websockets)},
                      {"remaining_sockets", std::to_string(stats.open_sockets)}});
    ask_for_time(stats.open_websockets);
    report_later();
  });
}

void Drain::ask_for_time(std::uint64_t remaining) const {
  if (!parts_.notify) return;
  parts_.notify("EXTEND_TIMEOUT_USEC=" + std::to_string(kTimeAskedFor.count()) +
                "\nSTATUS=Leaving; WebSockets that remain: " + std::to_string(remaining));
}

void Drain::finish() {
  if (std::exchange(phase_, Phase::kOver) == Phase::kOver) return;
  report_.cancel();
  on_over_();
}

}  // namespace heliograph::server
