// Delays above the shortest, and what was lost of the packets of the last two seconds.
#include "peer/path_meter.hpp"

#include <algorithm>

namespace heliograph::peer {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Several pictures, so that the first packet of one of them met no other picture of ours in the queue.
constexpr milliseconds kReportInterval{200};
/// Short, so that the rate is soon that of a way that has just become narrow; long enough for some pictures.
constexpr milliseconds kRateWindow{500};
/// Of 200 packets, 2 % are counted as 1 to 3 %.
constexpr seconds kLossWindow{2};
constexpr std::size_t kFewestForLoss = 20;
constexpr seconds kShortestWindow{10};
constexpr seconds kFed{3};

/// Kilobits a second in the last part of a row of times and sizes; zero when they do not go back that far.
class Rate {
 public:
  void add(microseconds at, std::size_t bytes) {
    times_.emplace_back(at, bytes);
    first_ = times_.size() == 1 ? at : std::min(first_, at);
    last_ = times_.size() == 1 ? at : std::max(last_, at);
  }
  [[nodiscard]] double kbps() const {
    if (times_.empty() || last_ - first_ < kRateWindow) return 0;
    std::size_t bytes = 0;
    for (const auto& [at, size] : times_)
      if (at > last_ - kRateWindow) bytes += size;
    return static_cast<double>(bytes) * 8 / static_cast<double>(kRateWindow.count());
  }

 private:
  std::deque<std::pair<microseconds, std::size_t>> times_;
  microseconds first_{};
  microseconds last_{};
};

}  // namespace

microseconds ExcessDelay::on_delay(SteadyTime now, microseconds delay) {
  if (now - since_ > kShortestWindow) {
    shortest_before_ = shortest_;
    shortest_.reset();
    since_ = now;
  }
  shortest_ = std::min(shortest_.value_or(delay), delay);
  return delay - std::min(*shortest_, shortest_before_.value_or(*shortest_));
}

std::optional<PathReport> PathMeter::on_feedback(SteadyTime now, std::span<const PacketReport> packets) {
  last_feedback_ = now;
  for (const PacketReport& packet : packets) {
    seen_.push_back({now, packet});
    if (!packet.arrived) continue;
    const microseconds delay = *packet.arrived - packet.sent;
    shortest_ = std::min(shortest_.value_or(delay), delay);
  }
  while (!seen_.empty() && now - seen_.front().at > kLossWindow) seen_.pop_front();
  if (!last_report_) last_report_ = now;
  if (now - *last_report_ < kReportInterval) return std::nullopt;
  last_report_ = now;
  Rate sent;
  Rate received;
  for (const Seen& one : seen_) {
    sent.add(one.packet.sent, one.packet.bytes);
    if (one.packet.arrived) received.add(*one.packet.arrived, one.packet.bytes);
  }
  PathReport report{.at = now, .loss = loss(), .sent_kbps = sent.kbps(), .received_kbps = received.kbps()};
  if (shortest_) report.queue = excess_.on_delay(now, *shortest_);
  shortest_.reset();
  return report;
}

double PathMeter::loss() const {
  if (seen_.size() < kFewestForLoss) return 0;
  const auto lost = std::count_if(seen_.begin(), seen_.end(), [](const Seen& one) { return !one.packet.arrived; });
  return static_cast<double>(lost) / static_cast<double>(seen_.size());
}

bool PathMeter::is_fed(SteadyTime now) const { return last_feedback_ && now - *last_feedback_ < kFed; }

}  // namespace heliograph::peer
