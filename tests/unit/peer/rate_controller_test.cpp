// What reports of a way do to the bitrate.
#include "peer/rate_controller.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace heliograph::peer {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

/// One report a second, as often as said.
struct Reports {
  double loss;
  int round_trip_ms;
  bool is_blocked;
  int times;
};

struct Case {
  const char* name;
  std::vector<Reports> reports;
  int least;  ///< The target after them.
  int most;
};

const std::vector<Case> kCases = {
    {"a good way keeps the ceiling", {{0, 20, false, 30}}, 1500, 1500},
    {"much loss falls by half of it", {{0, 20, false, 3}, {0.2, 20, false, 1}}, 1300, 1400},
    {"all lost falls by half at most", {{0, 20, false, 3}, {1.0, 20, false, 1}}, 740, 760},
    {"some loss falls a little", {{0, 20, false, 3}, {0.05, 20, false, 1}}, 1250, 1300},
    {"loss that video bears changes nothing", {{0.2, 20, false, 1}, {0.03, 20, false, 20}}, 1300, 1400},
    {"a delay that lasts falls before anything is lost", {{0, 20, false, 3}, {0, 200, false, 4}}, 1000, 1100},
    {"one long round trip is no reason", {{0, 20, false, 3}, {0, 200, false, 1}, {0, 20, false, 1}}, 1500, 1500},
    {"a way that was always long is no reason", {{0, 300, false, 10}}, 1500, 1500},
    {"a full queue of ours falls", {{0, 20, false, 3}, {0, 20, true, 1}}, 1000, 1100},
    {"it ends at the floor", {{0.5, 20, false, 60}}, 150, 150},
    {"it climbs back slowly", {{0.5, 20, false, 2}, {0, 20, false, 9}}, 850, 1150},
    {"it climbs back at last", {{0.5, 20, false, 2}, {0, 20, false, 40}}, 1500, 1500},
};

TEST(RateControllerTest, FollowsReports) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    RateController controller(150, 1500);
    SteadyTime now{};
    for (const Reports& reports : c.reports)
      for (int i = 0; i < reports.times; ++i) {
        now += seconds(1);
        controller.on_report({.at = now,
                              .loss = reports.loss,
                              .round_trip = microseconds(reports.round_trip_ms * 1000),
                              .sent_kbps = static_cast<double>(controller.target_kbps()),
                              .is_blocked = reports.is_blocked});
      }

    EXPECT_GE(controller.target_kbps(), c.least);
    EXPECT_LE(controller.target_kbps(), c.most);
  }
}

TEST(RateControllerTest, WhatWasNeverSentIsNoProof) {
  RateController controller(150, 4000);
  SteadyTime now{};
  for (int i = 0; i < 10; ++i) controller.on_report({.at = now += seconds(1), .loss = 0.5, .sent_kbps = 500});
  for (int i = 0; i < 60; ++i) controller.on_report({.at = now += seconds(1), .sent_kbps = 500});

  EXPECT_LE(controller.target_kbps(), 750);
}

TEST(RateControllerTest, BelowTheFloorIsToldUntilItRecovers) {
  RateController controller(150, 300);
  SteadyTime now{};
  for (int i = 0; i < 10; ++i) controller.on_report({.at = now += seconds(1), .loss = 0.6});

  EXPECT_TRUE(controller.is_below_floor());
  controller.on_report({.at = now += seconds(1), .loss = 0});
  EXPECT_FALSE(controller.is_below_floor());
}

TEST(RateControllerTest, ANewCeilingHoldsAtOnce) {
  RateController controller(150, 1500);

  controller.set_ceiling(400);

  EXPECT_EQ(controller.target_kbps(), 400);
}

}  // namespace
}  // namespace heliograph::peer
