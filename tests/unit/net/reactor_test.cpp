// Reactor: who hears of what, and when. Real descriptors, no waiting but for what the test has set.
#include "net/reactor.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <string>
#include <thread>

namespace heliograph::net {
namespace {

/// Two ends of a stream.
struct Pair {
  Pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) != 0) std::abort();
    near.reset(ends[0]);
    far.reset(ends[1]);
  }
  void speak() const { ASSERT_EQ(::write(far.get(), "x", 1), 1); }

  Descriptor near;
  Descriptor far;
};

class Listening final : public Reactor::Watcher {
 public:
  explicit Listening(std::function<void(std::uint32_t)> heard) : heard_(std::move(heard)) {}
  void on_events(std::uint32_t events) override { heard_(events); }

 private:
  std::function<void(std::uint32_t)> heard_;
};

class ReactorTest : public ::testing::Test {
 protected:
  void run_turns(int turns) {
    turns_left_ = turns;
    reactor_.run();
  }

  int wakeups_ = 0;
  int turns_ = 0;
  int turns_left_ = -1;
  Reactor reactor_{[this]() { ++wakeups_; },
                   [this]() {
                     ++turns_;
                     if (--turns_left_ == 0) reactor_.stop();
                   }};
};

TEST_F(ReactorTest, TellsWhoIsReadable) {
  const Pair pair;
  std::uint32_t told = 0;
  Listening watcher([&](std::uint32_t events) { told = events; });
  ASSERT_TRUE(reactor_.add(pair.near.get(), EPOLLIN, watcher));
  pair.speak();

  run_turns(1);

  EXPECT_EQ(told, std::uint32_t{EPOLLIN});
}

TEST_F(ReactorTest, TellsAgainWhatWasLeftUnread) {
  const Pair pair;
  int times = 0;
  Listening watcher([&](std::uint32_t) { ++times; });
  ASSERT_TRUE(reactor_.add(pair.near.get(), EPOLLIN, watcher));
  pair.speak();

  run_turns(3);

  EXPECT_EQ(times, 3);
}

TEST_F(ReactorTest, WhoIsRemovedHearsNotEvenWhatIsReadyAlready) {
  Pair one;
  Pair other;
  int heard = 0;
  std::array<Listening*, 2> both{};
  std::array<Pair*, 2> pairs{&one, &other};
  // Whoever comes first ends both.
  const auto end_both = [&](std::uint32_t) {
    ++heard;
    for (std::size_t i = 0; i < 2; ++i) {
      reactor_.remove(pairs[i]->near.get(), *both[i]);
    }
  };
  Listening first(end_both);
  Listening second(end_both);
  both = {&first, &second};
  ASSERT_TRUE(reactor_.add(one.near.get(), EPOLLIN, first));
  ASSERT_TRUE(reactor_.add(other.near.get(), EPOLLIN, second));
  one.speak();
  other.speak();
  reactor_.hurry();

  run_turns(1);

  EXPECT_EQ(heard, 1);
}

TEST_F(ReactorTest, WhoIsRemovedHearsNothingAlsoWhenSomebodyHoldsACopyOfTheDescriptor) {
  Pair pair;
  Listening watcher([](std::uint32_t) { FAIL() << "it was removed"; });
  ASSERT_TRUE(reactor_.add(pair.near.get(), EPOLLIN, watcher));
  const Descriptor copy(::dup(pair.near.get()));

  reactor_.remove(pair.near.get(), watcher);
  pair.near.reset();
  pair.speak();
  reactor_.hurry();

  run_turns(1);
}

TEST_F(ReactorTest, WhoIsRemovedByAnAlarmHearsNotEvenWhatIsReadyAlready) {
  const Pair pair;
  int times = 0;
  Listening watcher([&](std::uint32_t) { ++times; });
  ASSERT_TRUE(reactor_.add(pair.near.get(), EPOLLIN, watcher));
  Reactor::Alarm alarm(reactor_, [&]() { reactor_.remove(pair.near.get(), watcher); });
  pair.speak();
  run_turns(1);
  ASSERT_EQ(times, 1);

  alarm.set(std::chrono::steady_clock::now());
  run_turns(1);

  EXPECT_EQ(times, 1);
}

TEST_F(ReactorTest, AnyNumberOfWakesFromOtherThreadsIsOne) {
  std::thread([this]() {
    for (int i = 0; i < 100; ++i) reactor_.wake();
  }).join();

  run_turns(1);
  EXPECT_EQ(wakeups_, 1);
}

TEST_F(ReactorTest, WakeDuringTheWorkOfOneIsNotLost) {
  Reactor* self = nullptr;
  int wakeups = 0;
  Reactor reactor(
      [&]() {
        if (++wakeups == 1) std::thread([&]() { self->wake(); }).join();
        if (wakeups == 2) self->stop();
      },
      []() {});
  self = &reactor;
  reactor.wake();

  reactor.run();

  EXPECT_EQ(wakeups, 2);
}

TEST_F(ReactorTest, AlarmRingsOnceAndNotBeforeItsTime) {
  const SteadyTime time = std::chrono::steady_clock::now() + std::chrono::milliseconds(3);
  SteadyTime rang{};
  int times = 0;
  Reactor::Alarm alarm(reactor_, [&]() {
    rang = std::chrono::steady_clock::now();
    ++times;
    reactor_.hurry();
  });
  Reactor::Alarm last(reactor_, [this]() { reactor_.stop(); });
  alarm.set(time);
  last.set(time + std::chrono::milliseconds(3));

  reactor_.run();

  EXPECT_EQ(times, 1);
  EXPECT_GE(rang, time);
}

TEST_F(ReactorTest, CancelledAlarmIsSilent) {
  Reactor::Alarm alarm(reactor_, []() { FAIL() << "it was cancelled"; });
  Reactor::Alarm last(reactor_, [this]() { reactor_.stop(); });
  const SteadyTime now = std::chrono::steady_clock::now();
  alarm.set(now);
  alarm.cancel();
  last.set(now + std::chrono::milliseconds(2));

  reactor_.run();
}

TEST_F(ReactorTest, HurriedTurnWaitsForNothing) {
  reactor_.hurry();

  run_turns(1);

  EXPECT_EQ(turns_, 1);
}

TEST(DescriptorTest, ClosesWhatItOwns) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const Descriptor reader(ends[0]);
  {
    Descriptor writer(ends[1]);
    const Descriptor moved(std::move(writer));
  }
  char byte = 0;

  EXPECT_EQ(::read(reader.get(), &byte, 1), 0);  // The end: nobody can write any more.
}

}  // namespace
}  // namespace heliograph::net
