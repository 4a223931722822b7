// The executor: full queues, and work that throws.
#include "server/executor.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <string>

namespace heliograph::server {
namespace {

TEST(ExecutorTest, MoreWorkThanItMayQueueIsRefused) {
  Executor executor(1, 1);
  std::promise<void> release;
  std::promise<void> refused_ran;

  const bool first = executor.try_post([held = release.get_future().share()] { held.wait(); });
  const bool second = executor.try_post([&refused_ran] { refused_ran.set_value(); });
  release.set_value();

  EXPECT_TRUE(first);
  EXPECT_FALSE(second);
}

TEST(ExecutorTest, WorkThatThrowsIsReportedToWhoeverPostedIt) {
  std::promise<std::string> known;
  std::promise<std::string> unknown;
  Executor executor(1, 8);

  const bool first =
      executor.try_post([] { throw std::runtime_error("no memory"); }, [&](const char* why) { known.set_value(why); });
  const bool second = executor.try_post([] { throw 1; }, [&](const char* why) { unknown.set_value(why); });

  EXPECT_TRUE(first && second);
  EXPECT_EQ(known.get_future().get(), "no memory");
  EXPECT_EQ(unknown.get_future().get(), "an exception of unknown type");
}

TEST(ExecutorTest, WorkThatThrowsGivesItsPlaceBack) {
  std::promise<void> ran;
  Executor executor(1, 4);

  // More failures than places; each waits for the one before, and the place is free a moment after the report.
  for (int i = 0; i < 16; ++i) {
    std::promise<void> failed;
    while (!executor.try_post([] { throw std::runtime_error(""); }, [&](const char*) { failed.set_value(); })) {
    }
    failed.get_future().wait();
  }
  while (!executor.try_post([&] { ran.set_value(); })) {
  }

  ran.get_future().wait();
}

}  // namespace
}  // namespace heliograph::server
