// What reports of a way do to the bitrate.
#include "peer/rate_controller.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace heliograph::peer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Five reports a second, for so long.
struct Reports {
  double loss;
  int queue_ms;
  double received;  ///< Of what is sent.
  double seconds;
};

struct Case {
  const char* name;
  std::vector<Reports> reports;
  int least;  ///< The target after them.
  int most;
};

const std::vector<Case> kCases = {
    {"a good way keeps the ceiling", {{0, 5, 1, 30}}, 1500, 1500},
    {"a queue falls below what arrives before anything is lost", {{0, 5, 1, 3}, {0, 70, 0.8, 0.4}}, 1000, 1030},
    {"a very long queue falls at once, and further", {{0, 5, 1, 3}, {0, 180, 0.8, 0.2}}, 830, 850},
    {"nothing falls by more than half at once", {{0, 5, 1, 3}, {0, 180, 0.1, 0.2}}, 750, 750},
    {"a queue in one report is no reason", {{0, 5, 1, 3}, {0, 90, 1, 0.2}, {0, 5, 1, 1}}, 1500, 1500},
    {"a queue that stays though little is sent is somebody else's", {{0, 5, 1, 3}, {0, 90, 1, 15}}, 900, 950},
    {"some loss changes nothing", {{0, 5, 1, 3}, {0.02, 5, 0.98, 30}}, 1500, 1500},
    {"loss that is the way's own costs little", {{0, 5, 1, 3}, {0.12, 5, 0.88, 60}}, 900, 1100},
    {"loss of what is too much falls to what arrives", {{0, 5, 1, 3}, {0.4, 5, 0.6, 0.2}}, 840, 860},
    {"nearly all lost falls to the floor", {{0, 5, 1, 3}, {0.8, 5, 0.2, 30}}, 150, 150},
    {"it climbs carefully near what was too much", {{0, 5, 1, 3}, {0, 70, 0.6, 0.4}, {0, 5, 1, 4}}, 830, 950},
    {"it climbs back at last", {{0, 5, 1, 3}, {0, 180, 0.2, 0.6}, {0, 5, 1, 30}}, 1500, 1500},
};

TEST(RateControllerTest, FollowsReports) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    RateController controller(150, 1500);
    SteadyTime now{};
    for (const Reports& reports : c.reports)
      for (double passed = 0; passed < reports.seconds - 0.01; passed += 0.2) {
        const double sent = controller.target_kbps();
        controller.on_report({.at = now += milliseconds(200),
                              .loss = reports.loss,
                              .queue = milliseconds(reports.queue_ms),
                              .sent_kbps = sent,
                              .received_kbps = sent * reports.received});
      }

    EXPECT_GE(controller.target_kbps(), c.least);
    EXPECT_LE(controller.target_kbps(), c.most);
  }
}

/// A way with a queue that is emptied at a rate, and an encoder that follows its target slowly, as x264 does.
class Way {
 public:
  void run(RateController& controller, double rate_kbps, double longest_ms, int reports) {
    for (int i = 0; i < reports; ++i) {
      encoder_ += (controller.target_kbps() - encoder_) * 0.3;
      const double kept = std::clamp(queue_ms_ + 200 * (encoder_ / rate_kbps - 1), 0.0, longest_ms);
      const double received = std::min(encoder_, rate_kbps);
      const bool is_full = kept >= longest_ms;
      queue_ms_ = kept;
      if (is_full) ++full_;
      controller.on_report({.at = now_ += milliseconds(200),
                            .loss = is_full ? 1 - received / encoder_ : 0,
                            .queue = milliseconds(static_cast<int>(queue_ms_)),
                            .sent_kbps = encoder_,
                            .received_kbps = received});
    }
  }
  [[nodiscard]] int take_full() { return std::exchange(full_, 0); }
  [[nodiscard]] double queue_ms() const { return queue_ms_; }

 private:
  SteadyTime now_{};
  double encoder_ = 2000;
  double queue_ms_ = 0;
  int full_ = 0;
};

TEST(RateControllerTest, SettlesBelowAWayThatBecomesNarrowAndComesBack) {
  RateController controller(150, 2000);
  Way way;
  way.run(controller, 5000, 200, 50);
  EXPECT_EQ(controller.target_kbps(), 2000);

  way.run(controller, 600, 200, 15);
  EXPECT_LE(controller.target_kbps(), 600) << "after three seconds";
  EXPECT_LT(way.queue_ms(), 50);
  static_cast<void>(way.take_full());

  way.run(controller, 600, 200, 300);
  EXPECT_EQ(way.take_full(), 0) << "in a minute at the edge nothing is lost";
  EXPECT_GE(controller.target_kbps(), 400);

  way.run(controller, 5000, 200, 150);
  EXPECT_EQ(controller.target_kbps(), 2000) << "30 seconds after the way is wide again";
}

TEST(RateControllerTest, WithoutWhatArrivesItFallsStepByStep) {
  RateController controller(150, 1500);
  SteadyTime now{};
  for (int i = 0; i < 3; ++i) controller.on_report({.at = now += seconds(1), .queue = milliseconds(20)});
  for (int i = 0; i < 4; ++i)
    controller.on_report({.at = now += seconds(1), .loss = 0.3, .queue = milliseconds(120), .sent_kbps = 1500});

  EXPECT_GE(controller.target_kbps(), 800);
  EXPECT_LE(controller.target_kbps(), 1100);
}

TEST(RateControllerTest, FramesDroppedOnOurSideAreAReason) {
  RateController controller(150, 1500);

  controller.on_report({.at = SteadyTime(seconds(1)), .sent_kbps = 1500, .received_kbps = 1000, .is_blocked = true});

  EXPECT_EQ(controller.target_kbps(), 850);
}

TEST(RateControllerTest, WhatWasNeverSentIsNoProof) {
  RateController controller(150, 4000);
  SteadyTime now{};
  for (int i = 0; i < 20; ++i)
    controller.on_report({.at = now += seconds(1), .loss = 0.5, .sent_kbps = 1000, .received_kbps = 500});
  for (int i = 0; i < 60; ++i) controller.on_report({.at = now += seconds(1), .sent_kbps = 500, .received_kbps = 500});

  EXPECT_LE(controller.target_kbps(), 750);
}

TEST(RateControllerTest, WhoTakesLessThanTheFloorIsThinUntilItWasGoodForAWhile) {
  RateController controller(150, 300);
  SteadyTime now{};
  const auto report = [&](int queue_ms, int times) {
    for (int i = 0; i < times; ++i)
      controller.on_report(
          {.at = now += milliseconds(200), .queue = milliseconds(queue_ms), .sent_kbps = 300, .received_kbps = 80});
  };
  report(200, 20);
  EXPECT_TRUE(controller.is_below_floor());

  report(0, 30);
  EXPECT_TRUE(controller.is_below_floor()) << "key frames alone prove little";
  report(0, 20);
  EXPECT_FALSE(controller.is_below_floor());
}

TEST(RateControllerTest, ANewCeilingHoldsAtOnce) {
  RateController controller(150, 1500);

  controller.set_ceiling(400);

  EXPECT_EQ(controller.target_kbps(), 400);
}

}  // namespace
}  // namespace heliograph::peer
