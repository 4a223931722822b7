#include "peer/rate_controller.hpp"

#include <algorithm>

namespace heliograph::peer {
namespace {

using std::chrono::microseconds;

constexpr double kMuchLoss = 0.10;
constexpr double kSomeLoss = 0.04;
constexpr double kLittleLoss = 0.02;
constexpr microseconds kLeastDelay{60'000};
constexpr std::chrono::seconds kCaution{10};

}  // namespace

RateController::RateController(int floor_kbps, int ceiling_kbps)
    : floor_(std::min(floor_kbps, ceiling_kbps)), ceiling_(ceiling_kbps), target_(ceiling_kbps) {}

void RateController::set_ceiling(int kbps) {
  ceiling_ = std::max(kbps, floor_);
  target_ = std::min(target_, static_cast<double>(ceiling_));
}

int RateController::on_report(const PathReport& report) {
  if (report.round_trip.count() > 0) {
    // The shortest drifts up slowly, for ways that change.
    shortest_ = shortest_.count() == 0 ? report.round_trip : std::min(report.round_trip, shortest_ + shortest_ / 100);
    const bool is_long = report.round_trip > shortest_ + std::max(kLeastDelay, shortest_ / 2);
    delayed_ = is_long ? delayed_ + 1 : 0;
  }
  if (report.is_blocked || report.loss > kMuchLoss) {
    lower(std::clamp(1 - report.loss / 2, 0.5, report.is_blocked ? 0.7 : 1.0), report);
  } else if (report.loss >= kSomeLoss || delayed_ >= 2) {
    lower(0.85, report);
  } else if (report.loss <= kLittleLoss && delayed_ == 0) {
    raise(report);
  }
  last_report_ = report.at;
  return target_kbps();
}

void RateController::lower(double factor, const PathReport& report) {
  const double base = report.sent_kbps > 0 ? std::min(target_, std::max(report.sent_kbps, target_ / 2)) : target_;
  below_floor_ = target_ <= floor_;
  target_ = std::clamp(base * factor, static_cast<double>(floor_), static_cast<double>(ceiling_));
  last_fall_ = report.at;
  delayed_ = 0;
}

void RateController::raise(const PathReport& report) {
  below_floor_ = false;
  const double seconds =
      last_report_ ? std::clamp(std::chrono::duration<double>(report.at - *last_report_).count(), 0.0, 5.0) : 1.0;
  const bool is_cautious = last_fall_ && report.at - *last_fall_ < kCaution;
  double next = target_ * (1 + (is_cautious ? 0.02 : 0.05) * seconds) + 1;
  // What was never sent proves nothing about the way.
  if (report.sent_kbps > 0) next = std::max(target_, std::min(next, report.sent_kbps * 1.5));
  target_ = std::clamp(next, static_cast<double>(floor_), static_cast<double>(ceiling_));
}

}  // namespace heliograph::peer
