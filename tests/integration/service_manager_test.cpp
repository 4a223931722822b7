// A service manager's view: ready, reloading, alive, stopping; and a worker that hangs.
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <future>

#include "server/watchdog.hpp"
#include "support/notify_socket.hpp"
#include "support/service_process.hpp"

namespace heliograph::server {
namespace {

using test::wait_until;

/// The process is told of a manager by its environment.
class ServiceManagerTest : public ::testing::Test {
 protected:
  void launch(const char* watchdog_usec) {
    ::setenv("NOTIFY_SOCKET", address.c_str(), 1);
    if (watchdog_usec != nullptr) ::setenv("WATCHDOG_USEC", watchdog_usec, 1);
    ::unsetenv("WATCHDOG_PID");
    service.launch(dir.path() / "data", {"--listen", "127.0.0.1:0", "--turn", "off"});
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
  }

  test::TempDir dir;
  std::string address = (dir.path() / "notify").string();
  test::NotifySocket manager{address};
  test::ServiceProcess service;
};

TEST_F(ServiceManagerTest, IsToldWhenItIsReadyReloadsAndStops) {
  ASSERT_NO_FATAL_FAILURE(launch(nullptr));
  EXPECT_TRUE(manager.read().starts_with("READY=1\nSTATUS=Serving https://127.0.0.1:"));
  EXPECT_EQ(test::BlockingClient(service.port()).get("/readyz").status, 200);

  service.signal(SIGHUP);
  EXPECT_TRUE(manager.read().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  EXPECT_EQ(manager.read(), "READY=1");

  service.signal(SIGTERM);
  EXPECT_EQ(manager.read(), "STOPPING=1");
  EXPECT_EQ(service.end(), "exit status 0");
}

TEST_F(ServiceManagerTest, HearsThatItLivesAndThatADrainNeedsTime) {
  ASSERT_NO_FATAL_FAILURE(launch("300000"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(manager.read_to("WATCHDOG="), "WATCHDOG=1");
  test::BlockingClient waiting(service.port());
  EXPECT_EQ(waiting.get("/readyz").status, 200);
  service.signal(SIGTERM);
  EXPECT_EQ(manager.read_to("STOPPING="), "STOPPING=1");
  EXPECT_TRUE(waiting.ends());

  // The client lingers: it has not closed its end.
  EXPECT_EQ(manager.read_to("EXTEND_TIMEOUT_USEC="),
            "EXTEND_TIMEOUT_USEC=15000000\nSTATUS=Leaving; WebSockets that remain: 0");
  waiting.close();
  EXPECT_EQ(service.end(), "exit status 0");
}

class AliveTest : public test::NetFixture {
 protected:
  void wait_for_life() {
    bool is_alive = false;
    wait_until([&]() { return is_alive = is_alive || network->check_alive(); });
  }
};

TEST_F(AliveTest, WorkerThatHangsIsFoundAndOneThatComesBackIsForgiven) {
  config.threads = 2;
  std::promise<void> end_of_work;
  std::atomic<bool> is_hanging{false};
  service.on_message = [&](ConnId, std::string_view) {
    is_hanging = true;
    end_of_work.get_future().wait();
  };
  start();
  EXPECT_TRUE(network->check_alive());
  wait_for_life();  // Everybody answers.
  auto client = connect_ws();
  client.send_text("hang");
  wait_until([&]() { return is_hanging.load(); });

  // It may have answered the nudge before, and answers none after it.
  int alive = 0;
  for (int i = 0; i < 10'000; ++i) alive += network->check_alive() ? 1 : 0;
  EXPECT_LE(alive, 1);

  end_of_work.set_value();
  wait_for_life();
}

TEST_F(AliveTest, WorkersThatHaveEndedAreNotMissed) {
  config.threads = 2;
  start();
  EXPECT_TRUE(network->check_alive());
  network->stop(std::chrono::milliseconds(0));

  EXPECT_TRUE(network->check_alive());
  EXPECT_TRUE(network->check_alive());
}

TEST(WatchdogTest, SignsComeOnlyWhileThereIsLife) {
  boost::asio::io_context context;
  test::MemoryLog log;
  int looks = 0;
  std::vector<std::string> told;
  const Watchdog watchdog(
      {context, [&]() { return ++looks % 2 == 1; }, [&](std::string_view text) { told.emplace_back(text); }, log},
      std::chrono::milliseconds(1));

  while (looks < 4) context.run_one();

  EXPECT_EQ(told, std::vector<std::string>(2, "WATCHDOG=1"));
  EXPECT_EQ(log.text(), "a worker does not come round\na worker does not come round\n");
}

}  // namespace
}  // namespace heliograph::server
