// Down at once when the way is full, up slowly when it has room.
#include "peer/rate_controller.hpp"

#include <algorithm>

namespace heliograph::peer {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Above what radio and a busy machine make of an empty way, when the shortest of some pictures is taken.
constexpr milliseconds kLongQueue{50};
/// Here there is no doubt; queues of home routers hold 100 ms and more.
constexpr milliseconds kVeryLongQueue{150};
constexpr milliseconds kShortQueue{25};
/// By so much a queue must have become shorter in a report to be draining: at 85 %, 30 ms drain in 200 ms.
constexpr milliseconds kDraining{10};
constexpr double kUnderWhatArrives = 0.85;
constexpr double kFarUnderWhatArrives = 0.70;
constexpr double kMostAtOnce = 0.5;
/// More is sent than arrives: the queue is ours.
constexpr double kMoreThanArrives = 1.1;
/// 0.85 three times is 0.61: a queue that did not notice is somebody else's.
constexpr int kMostVainQueueFalls = 3;

constexpr double kMuchLoss = 0.10;
/// A little above the 2 % at which Google's congestion control stops climbing: 2 % are counted as 1 to 3 %.
constexpr double kLittleLoss = 0.03;
/// Where nearly all is lost it is never the way's own.
constexpr double kHugeLoss = 0.50;
constexpr double kALittleUnderWhatArrives = 0.95;
constexpr double kHelped = 0.65;
constexpr int kMostVainFalls = 2;
/// As long as loss is counted over, so that a fall is not judged by what was lost before it.
constexpr seconds kLossPause{2};

constexpr seconds kPauseAfterFall{1};
constexpr seconds kEdgeMemory{60};
constexpr double kClimb = 0.12;
constexpr double kCarefulClimb = 0.03;
constexpr double kNearBelow = 0.9;
constexpr double kNearAbove = 1.1;
/// Encoders follow their target only after some seconds: it must not be far ahead when they reach what the way bears.
constexpr double kOverWhatIsSent = 1.5;
constexpr double kALittleOverWhatIsSent = 1.1;
constexpr seconds kThinPatience{8};

}  // namespace

RateController::RateController(int floor_kbps, int ceiling_kbps)
    : floor_(std::min(floor_kbps, ceiling_kbps)), ceiling_(ceiling_kbps), target_(ceiling_kbps) {}

void RateController::set_ceiling(int kbps) {
  ceiling_ = std::max(kbps, floor_);
  target_ = std::min(target_, static_cast<double>(ceiling_));
}

int RateController::on_report(const PathReport& report) {
  const microseconds queue = report.queue.value_or(microseconds(0));
  long_queues_ = queue > kLongQueue ? long_queues_ + 1 : 0;
  if (report.loss <= kLittleLoss) vain_falls_ = 0;
  if (queue < kShortQueue) vain_queue_falls_ = 0;
  if (report.is_blocked || long_queues_ >= 2 || queue > kVeryLongQueue) {
    on_queue(report);
  } else if (report.loss > kMuchLoss) {
    on_loss(report);
  } else if (report.loss <= kLittleLoss && queue < kShortQueue) {
    raise(report);
  }
  queue_before_ = queue;
  last_report_ = report.at;
  return target_kbps();
}

void RateController::on_queue(const PathReport& report) {
  const microseconds queue = report.queue.value_or(microseconds(0));
  const bool drains = queue + kDraining < queue_before_;
  if (drains && !report.is_blocked) return;
  const bool overflows = report.is_blocked || report.loss > kMuchLoss ||
                         (report.received_kbps > 0 && report.sent_kbps > report.received_kbps * kMoreThanArrives);
  if (!overflows) {
    if (last_fall_ && report.at - *last_fall_ < kPauseAfterFall) return;
    if (vain_queue_falls_ >= kMostVainQueueFalls) return;
  }
  vain_queue_falls_ = overflows ? 0 : vain_queue_falls_ + 1;
  lower(queue > kVeryLongQueue ? kFarUnderWhatArrives : kUnderWhatArrives, report);
}

void RateController::on_loss(const PathReport& report) {
  if (last_fall_ && report.at - *last_fall_ < kLossPause) return;
  const bool helped = loss_at_fall_ == 0 || report.loss < loss_at_fall_ * kHelped;
  vain_falls_ = helped ? 0 : vain_falls_ + 1;
  if (vain_falls_ >= kMostVainFalls && report.loss < kHugeLoss) return;
  loss_at_fall_ = report.loss;
  lower(kALittleUnderWhatArrives, report);
}

void RateController::lower(double factor, const PathReport& report) {
  const bool is_known = report.received_kbps > 0;
  // Each fall of this kind is from the one before: time to see what it does.
  if (!is_known && last_fall_ && report.at - *last_fall_ < kPauseAfterFall) return;
  if (target_ <= floor_) thin_since_ = report.at;
  edge_ = is_known ? report.received_kbps : target_;
  const double next = std::clamp(edge_ * factor, target_ * kMostAtOnce, target_);
  target_ = std::clamp(next, static_cast<double>(floor_), static_cast<double>(ceiling_));
  last_fall_ = report.at;
}

void RateController::raise(const PathReport& report) {
  if (thin_since_ && report.at - *thin_since_ > kThinPatience) thin_since_.reset();
  if (last_fall_ && report.at - *last_fall_ < kPauseAfterFall) return;
  loss_at_fall_ = 0;
  const double passed =
      last_report_ ? std::clamp(std::chrono::duration<double>(report.at - *last_report_).count(), 0.0, 2.0) : 0.2;
  const bool is_known = last_fall_ && report.at - *last_fall_ < kEdgeMemory;
  const double sent = report.sent_kbps > 0 ? std::min(report.sent_kbps, target_) : target_;
  const bool is_near = is_known && target_ > edge_ * kNearBelow && sent < edge_ * kNearAbove;
  double next = target_ * (1 + (is_near ? kCarefulClimb : kClimb) * passed);
  // What was never sent proves nothing about the way.
  if (report.sent_kbps > 0)
    next = std::max(target_, std::min(next, report.sent_kbps * (is_near ? kALittleOverWhatIsSent : kOverWhatIsSent)));
  target_ = std::clamp(next, static_cast<double>(floor_), static_cast<double>(ceiling_));
}

}  // namespace heliograph::peer
