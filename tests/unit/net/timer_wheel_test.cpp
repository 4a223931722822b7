// TimerWheel: against a list that is searched from end to end.
#include "net/timer_wheel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <random>
#include <vector>

namespace heliograph::net {
namespace {

using std::chrono::milliseconds;

constexpr SteadyTime kStart{std::chrono::hours(5)};
constexpr milliseconds kTurn = TimerWheel::kTick * static_cast<int>(TimerWheel::kSlots);

std::size_t advance(TimerWheel& wheel, SteadyTime now) {
  std::size_t reached = 0;
  wheel.advance(now, [&reached](TimerWheel::Timer&) { ++reached; });
  return reached;
}

TEST(TimerWheelTest, DeadlineIsReachedNeverEarlyAndAtMostOneTickLate) {
  for (const int ms : {0, 1, 49, 50, 51, 99, 100, 12'345, 51'199, 51'200, 51'201, 102'400, 1'000'003}) {
    SCOPED_TRACE(ms);
    TimerWheel wheel(kStart);
    TimerWheel::Timer timer;
    const SteadyTime deadline = kStart + milliseconds(ms);
    wheel.arm(timer, deadline);

    EXPECT_EQ(advance(wheel, deadline - milliseconds(1)), 0U);
    EXPECT_EQ(advance(wheel, deadline + TimerWheel::kTick), 1U);
    EXPECT_FALSE(timer.is_armed());
    EXPECT_TRUE(wheel.empty());
  }
}

TEST(TimerWheelTest, OneInThePastIsReachedAtTheNextTick) {
  TimerWheel wheel(kStart);
  EXPECT_EQ(advance(wheel, kStart + std::chrono::minutes(10)), 0U);
  TimerWheel::Timer timer;

  wheel.arm(timer, kStart);

  EXPECT_EQ(advance(wheel, kStart + std::chrono::minutes(10) + TimerWheel::kTick), 1U);
}

TEST(TimerWheelTest, NothingIsForgottenOverALongPause) {
  TimerWheel wheel(kStart);
  std::deque<TimerWheel::Timer> timers(3000);
  for (std::size_t i = 0; i < timers.size(); ++i) wheel.arm(timers[i], kStart + milliseconds(i * 37));

  EXPECT_EQ(advance(wheel, kStart + 7 * kTurn), timers.size());
}

TEST(TimerWheelTest, WheelThatStoodStillWhileEmptyKeepsNewDeadlines) {
  TimerWheel wheel(kStart);
  TimerWheel::Timer timer;
  const SteadyTime later = kStart + 5 * kTurn + milliseconds(1);

  wheel.arm(timer, later);  // No advance() since the start: nobody asked, nothing was armed.

  EXPECT_EQ(advance(wheel, later - milliseconds(1)), 0U);
  EXPECT_EQ(advance(wheel, later + TimerWheel::kTick), 1U);
}

TEST(TimerWheelTest, DisarmedTimerIsNotReached) {
  TimerWheel wheel(kStart);
  TimerWheel::Timer timer;
  wheel.arm(timer, kStart);
  timer.disarm();
  timer.disarm();  // Twice is fine.

  EXPECT_TRUE(wheel.empty());
  EXPECT_EQ(advance(wheel, kStart + kTurn), 0U);
}

TEST(TimerWheelTest, TimerThatGoesDisarmsItself) {
  TimerWheel wheel(kStart);
  auto timer = std::make_unique<TimerWheel::Timer>();
  wheel.arm(*timer, kStart);

  timer.reset();

  EXPECT_EQ(advance(wheel, kStart + kTurn), 0U);
}

TEST(TimerWheelTest, CallbackMayDisarmTheOthersOfItsSlot) {
  TimerWheel wheel(kStart);
  std::deque<TimerWheel::Timer> timers(5);
  for (auto& timer : timers) wheel.arm(timer, kStart + milliseconds(10));
  std::size_t reached = 0;

  wheel.advance(kStart + TimerWheel::kTick, [&](TimerWheel::Timer&) {
    ++reached;
    for (auto& timer : timers) timer.disarm();
  });

  EXPECT_EQ(reached, 1U);
  EXPECT_TRUE(wheel.empty());
}

TEST(TimerWheelTest, CallbackThatArmsItselfAgainIsReachedAgainLater) {
  TimerWheel wheel(kStart);
  TimerWheel::Timer timer;
  wheel.arm(timer, kStart);
  std::size_t reached = 0;
  SteadyTime now = kStart;
  for (int i = 0; i < 10; ++i) {
    now += TimerWheel::kTick;
    wheel.advance(now, [&](TimerWheel::Timer& due) {
      ++reached;
      wheel.arm(due, now + 2 * TimerWheel::kTick);
    });
  }

  EXPECT_EQ(reached, 4U);  // At ticks 1, 4, 7, 10: two ticks, and one for never being early.
}

TEST(TimerWheelTest, CallbackThatArmsInThePastEnds) {
  TimerWheel wheel(kStart);
  TimerWheel::Timer timer;
  wheel.arm(timer, kStart);
  std::size_t reached = 0;

  wheel.advance(kStart + kTurn, [&](TimerWheel::Timer& due) {
    ++reached;
    wheel.arm(due, kStart);
  });

  EXPECT_LE(reached, TimerWheel::kSlots + 1);  // Once per tick that passed, and not for ever.
  EXPECT_TRUE(timer.is_armed());
}

/// Random arms, disarms and steps of time; callbacks that arm and disarm as well. After every step each timer whose
/// deadline is a tick in the past was reached, and none too early.
TEST(TimerWheelTest, AgreesWithASearchedList) {
  struct Model : TimerWheel::Timer {
    bool armed = false;
    SteadyTime wanted{};
    SteadyTime due{};  ///< Not before it was armed.
  };
  for (unsigned seed = 0; seed < 30; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    TimerWheel wheel(kStart);
    std::vector<std::unique_ptr<Model>> timers;
    for (int i = 0; i < 40; ++i) timers.push_back(std::make_unique<Model>());
    SteadyTime now = kStart;
    const auto pick = [&]() -> Model& { return *timers[random() % timers.size()]; };
    const auto some_time = [&]() {
      const std::uint32_t span[] = {10, 200, 60'000, 400'000};
      return milliseconds(random() % span[random() % 4]);
    };
    const auto arm = [&](Model& timer) {
      timer.wanted = now + some_time() - milliseconds(random() % 3 == 0 ? 1000 : 0);
      timer.due = std::max(timer.wanted, now);
      timer.armed = true;
      wheel.arm(timer, timer.wanted);
    };
    const auto disarm = [](Model& timer) {
      timer.armed = false;
      timer.disarm();
    };

    for (int step = 0; step < 400; ++step) {
      for (unsigned i = random() % 4; i > 0; --i) arm(pick());
      if (random() % 3 == 0) disarm(pick());
      if (random() % 10 == 0) timers[random() % timers.size()] = std::make_unique<Model>();
      now += some_time();
      wheel.advance(now, [&](TimerWheel::Timer& reached) {
        auto& timer = static_cast<Model&>(reached);
        ASSERT_TRUE(timer.armed);
        ASSERT_LE(timer.wanted, now);
        timer.armed = false;
        if (random() % 4 == 0) arm(pick());
        if (random() % 4 == 0) disarm(pick());
      });
      for (const auto& timer : timers) {
        ASSERT_EQ(timer->armed, timer->is_armed());
        if (timer->armed) {
          ASSERT_GT(timer->due + TimerWheel::kTick, now);
        }
      }
    }
  }
}

}  // namespace
}  // namespace heliograph::net
