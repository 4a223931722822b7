// Lookups against resolvers that answer, and that do not.
#include "net/host_lookup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>

namespace heliograph::net {
namespace {

using ::testing::ElementsAre;
using Found = Result<std::vector<std::string>>;

/// What threads have posted, to be called by the test.
class Tasks {
 public:
  void post(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    changed_.notify_all();
  }
  void run_one() {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(20), [this]() { return !tasks_.empty(); }));
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
};

class HostLookupTest : public ::testing::Test {
 protected:
  ~HostLookupTest() override { speak(); }

  /// Names that begin with "silent" get their address when speak() is called.
  ResolveHost resolver() {
    return [calls = calls_, word = word_.get_future().share()](const std::string& host) -> Found {
      ++*calls;
      if (host.starts_with("silent")) word.wait();
      return std::vector<std::string>{"192.0.2.7"};
    };
  }
  void speak() {
    if (!std::exchange(has_spoken_, true)) word_.set_value();
  }

  std::promise<void> word_;
  bool has_spoken_ = false;
  std::shared_ptr<std::atomic<int>> calls_ = std::make_shared<std::atomic<int>>(0);
  Tasks tasks_;
  std::optional<HostLookup> lookup_{std::in_place, [this](std::function<void()> task) { tasks_.post(std::move(task)); },
                                    resolver()};
};

TEST_F(HostLookupTest, NameThatNobodyAnswersForHoldsUpNoOther) {
  bool is_silent_found = false;
  std::vector<std::string> other;
  lookup_->find("silent.example", [&](const Found&) { is_silent_found = true; });

  lookup_->find("other.example", [&](const Found& found) { other = found.value(); });
  tasks_.run_one();

  EXPECT_THAT(other, ElementsAre("192.0.2.7"));
  EXPECT_FALSE(is_silent_found);
  speak();
  tasks_.run_one();
  EXPECT_TRUE(is_silent_found);
}

TEST_F(HostLookupTest, NameIsLookedUpOnceForAllWhoAskMeanwhile) {
  int answered = 0;
  for (int i = 0; i < 3; ++i) lookup_->find("silent.example", [&](const Found& found) { answered += found ? 1 : 0; });

  speak();
  tasks_.run_one();

  EXPECT_EQ(answered, 3);
  EXPECT_EQ(calls_->load(), 1);
}

TEST_F(HostLookupTest, EndsWithoutWaitingForTheResolverAndForgetsWhoAsked) {
  auto asker = std::make_shared<int>(0);
  const std::weak_ptr<int> left = asker;
  lookup_->find("silent.example", [asker = std::move(asker)](const Found&) { ++*asker; });

  lookup_.reset();

  EXPECT_TRUE(left.expired());
}

TEST_F(HostLookupTest, ManySilentNamesFailInsteadOfTakingAThreadEach) {
  std::optional<Error> failure;
  for (std::size_t i = 0; i < HostLookup::kMaxUnderWay; ++i)
    lookup_->find("silent" + std::to_string(i), [](const Found&) {});

  lookup_->find("one.more", [&](const Found& found) { failure = found.error(); });

  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, Errc::kIo);
}

TEST_F(HostLookupTest, SystemsResolverGivesAddressesAsTexts) {
  EXPECT_THAT(resolve_host("127.0.0.1").value(), ElementsAre("127.0.0.1"));
  EXPECT_THAT(resolve_host("::1").value(), ElementsAre("::1"));
}

}  // namespace
}  // namespace heliograph::net
