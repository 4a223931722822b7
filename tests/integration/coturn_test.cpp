// The relay as a child: a real coturn, killed, started again, and gone when its parent is, however that ends.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <fstream>
#include <iterator>

#include "server/dev_ca.hpp"
#include "server/relay/child_process.hpp"
#include "server/relay/coturn_supervisor.hpp"
#include "support/net_fixture.hpp"
#include "support/served_certificate.hpp"
#include "support/service_process.hpp"

namespace heliograph::server::relay {
namespace {

using std::chrono::milliseconds;

/// Whether a process runs; one that ended but was not waited for does not.
bool is_running(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto state = text.rfind(") ");
  return state != std::string::npos && text[state + 2] != 'Z' && text[state + 2] != 'X';
}

std::string name_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

/// Never 0 or -1, which would be everybody.
void end_process(pid_t pid) {
  ASSERT_GT(pid, 1);
  ::kill(pid, SIGKILL);
}

uid_t owner_of(pid_t pid) {
  struct stat facts{};
  return ::stat(("/proc/" + std::to_string(pid)).c_str(), &facts) == 0 ? facts.st_uid : 0;
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    if (entry.path().filename().string().find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "stat");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto state = text.rfind(") ");
    if (state == std::string::npos) continue;
    if (std::stol(text.substr(state + 4)) == parent) found.push_back(static_cast<pid_t>(std::stol(text)));
  }
  return found;
}

CoturnSettings settings_in(const test::TempDir& dir) {
  CoturnSettings settings;
  settings.port = pick_port("127.0.0.1", 0);
  settings.tls_port = pick_port("127.0.0.1", 0);
  settings.state_dir = (dir.path() / "turn").string();
  settings.key_password = Secret("of nobody");
  return settings;
}

class CoturnTest : public ::testing::Test {
 protected:
  template <class Condition>
  void run_until(Condition holds) {
    context.restart();
    const auto end = std::chrono::steady_clock::now() + milliseconds(test::kPatienceMs);
    while (!holds() && std::chrono::steady_clock::now() < end) context.run_one_for(milliseconds(20));
    EXPECT_TRUE(holds()) << log.text();
  }
  /// Of every child that the log tells of, in order.
  [[nodiscard]] std::vector<pid_t> started() const {
    const std::string text = log.text();
    constexpr std::string_view kMark = "relay started pid=";
    std::vector<pid_t> pids;
    for (auto at = text.find(kMark); at != std::string::npos; at = text.find(kMark, at + 1))
      pids.push_back(static_cast<pid_t>(std::stol(text.substr(at + kMark.size()))));
    return pids;
  }
  [[nodiscard]] bool has_logged(std::string_view what) const { return log.text().find(what) != std::string::npos; }

  test::TempDir dir;
  boost::asio::io_context context;
  SystemClock clock;
  test::MemoryLog log;
  std::string binary = find_program("turnserver");
};

TEST_F(CoturnTest, KilledChildIsStartedAgainAfterAGrowingPause) {
  ASSERT_FALSE(binary.empty()) << "apt-get install coturn";
  CoturnSupervisor supervisor(context, clock, log, binary, settings_in(dir));
  const auto result = supervisor.start();
  ASSERT_TRUE(result) << result.error().detail;
  run_until([this]() { return has_logged("coturn text="); });  // Its log is ours.

  for (std::size_t times = 1; times <= 2; ++times) {
    const pid_t pid = started().back();
    ASSERT_TRUE(is_running(pid));
    end_process(pid);
    run_until([this, times]() { return started().size() == times + 1; });
    EXPECT_FALSE(is_running(pid));
  }

  EXPECT_TRUE(has_logged("relay ended how=signal 9"));
  EXPECT_TRUE(has_logged("started again in_ms=250"));
  EXPECT_TRUE(has_logged("started again in_ms=500"));
  const pid_t last = started().back();
  supervisor.stop();
  EXPECT_FALSE(is_running(last));
}

TEST_F(CoturnTest, CertificateIsReadAgainByARunningChild) {
  ASSERT_FALSE(binary.empty()) << "apt-get install coturn";
  CoturnSettings settings = settings_in(dir);
  const auto make = [&]() { return *ensure_dev_certificate(dir.path() / "tls", {"localhost"}, clock.wall_now()); };
  settings.certificate_file = make().certificate_chain_file;
  settings.key_file = make().private_key_file;
  test::SkippingClock skipping;
  CoturnSupervisor supervisor(context, skipping, log, binary, settings);
  ASSERT_TRUE(supervisor.start());
  run_until([&]() { return !test::served_serial(settings.tls_port).empty(); });
  const std::string first = test::served_serial(settings.tls_port);
  const pid_t pid = started().back();
  std::filesystem::remove_all(dir.path() / "tls");
  make();

  skipping.skip(std::chrono::seconds(10));  // It is not asked while it may still be starting.
  supervisor.reload_certificate();

  run_until([&]() {
    const std::string now = test::served_serial(settings.tls_port);
    return !now.empty() && now != first;
  });
  EXPECT_EQ(started().back(), pid);
}

TEST_F(CoturnTest, StoppingLeavesNoChildAndNoDescriptor) {
  ASSERT_FALSE(binary.empty()) << "apt-get install coturn";
  std::size_t before = 0;
  for (int round = 0; round < 3; ++round) {  // The first makes what the context keeps.
    CoturnSupervisor supervisor(context, clock, log, binary, settings_in(dir));
    ASSERT_TRUE(supervisor.start());
    ASSERT_TRUE(is_running(started().back()));

    supervisor.stop();
    supervisor.stop();  // Twice is fine.

    EXPECT_FALSE(is_running(started().back()));
    if (round == 0) before = test::open_descriptors();
    EXPECT_EQ(test::open_descriptors(), before);
  }
}

TEST_F(CoturnTest, ProgramThatCannotRunIsNamed) {
  std::ofstream(dir.path() / "turnserver") << "no program";
  CoturnSupervisor supervisor(context, clock, log, (dir.path() / "turnserver").string(), settings_in(dir));

  const auto result = supervisor.start();

  ASSERT_FALSE(result);
  EXPECT_NE(result.error().detail.find((dir.path() / "turnserver").string()), std::string::npos);
}

TEST_F(CoturnTest, ProgramThatEndsAtOnceIsTriedAgainWithItsReasonInTheLog) {
  const auto program = dir.path() / "turnserver";
  std::ofstream(program) << "#!/bin/sh\necho 'ERROR: this one never works'\nexit 3\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  CoturnSupervisor supervisor(context, clock, log, program.string(), settings_in(dir));
  ASSERT_TRUE(supervisor.start());

  run_until([this]() { return started().size() == 3; });

  EXPECT_TRUE(has_logged("relay ended how=exit status 3"));
  EXPECT_TRUE(has_logged("this one never works"));
}

/// heliographd as a program of its own, with a relay, for tests that end it.
class HeliographdTest : public CoturnTest {
 protected:
  void launch() {
    ASSERT_NO_FATAL_FAILURE(
        service.launch(dir.path() / "data", {"--listen", "127.0.0.1:0", "--turn-port", "0", "--turn-tls-port", "0"}));
    relay = find_relay();
    ASSERT_TRUE(is_running(relay)) << service.text();
  }
  /// coturn among the service's children (the other is what guards it), or 0.
  [[nodiscard]] pid_t find_relay() const {
    for (const pid_t pid : children_of(service.pid()))
      if (name_of(pid) == "turnserver") return pid;
    return 0;
  }

  test::ServiceProcess service;
  pid_t relay = -1;
};

TEST_F(HeliographdTest, KilledServiceTakesItsRelayAlong) {
  ASSERT_NO_FATAL_FAILURE(launch());
  // Started as root, coturn changes its user first, and the kernel forgets whose death it was to share.
  if (::geteuid() == 0) test::wait_until([this]() { return owner_of(relay) != 0; });

  service.signal(SIGKILL);

  EXPECT_EQ(service.end(), "signal 9");
  test::wait_until([this]() { return !is_running(relay); });
}

TEST_F(HeliographdTest, TerminatedServiceEndsInOrder) {
  ASSERT_NO_FATAL_FAILURE(launch());
  test::BlockingClient client(service.port());
  EXPECT_EQ(client.get("/readyz").status, 200);

  service.signal(SIGTERM);

  EXPECT_TRUE(client.ends());
  client.close();
  EXPECT_EQ(service.end(), "exit status 0");
  EXPECT_FALSE(is_running(relay));
  EXPECT_TRUE(service.has_said("stopped")) << service.text();
  EXPECT_FALSE(std::filesystem::exists(service.data() / "runtime.json"));
}

TEST_F(HeliographdTest, KilledRelayComesBackUnderTheSameService) {
  ASSERT_NO_FATAL_FAILURE(launch());
  const pid_t first = relay;

  end_process(first);

  test::wait_until([this, first]() {
    const std::string& text = service.text();
    const auto ended = text.find("relay ended");
    if (ended == std::string::npos || text.rfind("relay started") < ended) return false;
    const pid_t now = find_relay();
    return now != 0 && now != first && is_running(now);
  });
  EXPECT_EQ(test::BlockingClient(service.port()).get("/livez").status, 200);
  service.signal(SIGTERM);
  EXPECT_EQ(service.end(), "exit status 0");
}

TEST_F(HeliographdTest, KilledServiceCanBeStartedAgainOnItsData) {
  ASSERT_NO_FATAL_FAILURE(launch());
  service.signal(SIGKILL);
  EXPECT_EQ(service.end(), "signal 9");

  ASSERT_NO_FATAL_FAILURE(launch());

  EXPECT_EQ(test::BlockingClient(service.port()).get("/readyz").status, 200);
  service.signal(SIGTERM);
  EXPECT_EQ(service.end(), "exit status 0");
}

}  // namespace
}  // namespace heliograph::server::relay
