// What a service manager is told, and how often it wants to hear.
#include "server/service_notifier.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "support/notify_socket.hpp"
#include "support/test_world.hpp"

namespace heliograph::server {
namespace {

using std::chrono::milliseconds;

TEST(ServiceNotifierTest, AssignmentsArriveAsTheyAre) {
  const test::TempDir dir;
  for (const std::string& address :
       {(dir.path() / "notify").string(), "@heliograph-test-" + std::to_string(::getpid())}) {
    SCOPED_TRACE(address);
    test::NotifySocket manager(address);

    ServiceNotifier(address).tell("READY=1\nSTATUS=Serving");

    EXPECT_EQ(manager.read(), "READY=1\nSTATUS=Serving");
  }
}

TEST(ServiceNotifierTest, WithoutAManagerNothingHappens) {
  for (const std::string& address :
       {std::string(), std::string("/nowhere/notify"), std::string("relative"), "/" + std::string(200, 'x')}) {
    SCOPED_TRACE(address);

    const ServiceNotifier notifier(address);
    notifier.tell("READY=1");
  }
  EXPECT_EQ(::access("relative", F_OK), -1);
}

TEST(ServiceNotifierTest, WatchdogWantsThreeSignsInItsTimeFromThisProcess) {
  const std::string own = std::to_string(::getpid());
  struct Case {
    const char* microseconds;
    const char* pid;
    std::optional<milliseconds> interval;
  };
  const Case cases[] = {
      {"30000000", nullptr, milliseconds(10'000)},
      {"30000000", own.c_str(), milliseconds(10'000)},
      {"30000000", "1", std::nullopt},
      {nullptr, nullptr, std::nullopt},
      {"", nullptr, std::nullopt},
      {"soon", nullptr, std::nullopt},
      {"0", nullptr, std::nullopt},
      {"-5", nullptr, std::nullopt},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.microseconds == nullptr ? "none" : c.microseconds);

    EXPECT_EQ(watchdog_interval(c.microseconds, c.pid), c.interval);
  }
}

}  // namespace
}  // namespace heliograph::server
