// Reloading: what SIGHUP takes in, what it leaves, and that nobody who is connected notices.
#include <gtest/gtest.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>

#include "server/dev_ca.hpp"
#include "support/paths.hpp"
#include "support/served_certificate.hpp"
#include "support/service_process.hpp"
#include "support/signing_client.hpp"

namespace heliograph::server {
namespace {

using test::BlockingClient;
using test::served_serial;
using test::wait_until;

/// A real process with a configuration file of its own.
class ReloadTest : public ::testing::Test, protected test::SigningClient {
 protected:
  void launch(std::string_view text) {
    write(text);
    ASSERT_NO_FATAL_FAILURE(service.launch(dir.path() / "data", {"--listen", "127.0.0.1:0", "--config", file()}));
    use(service.port(), service.data() / "credentials");
  }
  [[nodiscard]] std::string file() const { return (dir.path() / "heliograph.toml").string(); }
  void write(std::string_view text) const { std::ofstream(file()) << text; }
  /// Sends SIGHUP and gives what the service then says of it.
  std::string reload() {
    const std::size_t from = service.text().size();
    service.signal(SIGHUP);
    const auto said = [&]() { return service.text().substr(from); };
    wait_until([&]() {
      return said().find("reloaded by=SIGHUP") != std::string::npos ||
             said().find("reload failed") != std::string::npos;
    });
    return said();
  }
  test::Pair pair() {
    const std::string channel = create_channel("c");
    auto master = join({.channel = channel});
    auto viewer = join({.channel = channel, .client = "v"});
    return {std::move(master), std::move(viewer), "v"};
  }
  /// More than `--limits aws` lets pass.
  static std::string long_offer() {
    return R"({"action":"SDP_OFFER","correlationId":"c","messagePayload":")" + std::string(20'000, 'A') + "\"}";
  }
  void replace_certificate(const std::filesystem::path& where) const {
    std::filesystem::remove_all(where);
    ASSERT_TRUE(ensure_dev_certificate(where, {"localhost"}, clock.wall_now()));
  }

  test::TempDir dir;
  test::ServiceProcess service;
};

TEST_F(ReloadTest, HangupTakesInWhatCanChangeAndDisturbsNobody) {
  ASSERT_NO_FATAL_FAILURE(launch("turn = \"off\"\n"));
  auto both = pair();
  both.viewer().send_text(long_offer());
  EXPECT_GT(both.master().read_text().size(), 20'000U);

  write("turn = \"off\"\nlimits = \"aws\"\nlog-level = \"debug\"\n");
  const std::string said = reload();

  EXPECT_NE(said.find("applied=limits,log-level"), std::string::npos) << said;
  both.expect_undisturbed();
  both.viewer().send_text(long_offer());
  EXPECT_NE(both.viewer().read_text().find("\"statusCode\":\"400\""), std::string::npos);
  both.expect_undisturbed();
  {
    const auto passer_by = join({.channel = create_channel("d")});
  }
  wait_until([this]() { return service.has_said(" debug connection ended"); });
}

TEST_F(ReloadTest, LogFormatChangesFromOneLineToTheNext) {
  ASSERT_NO_FATAL_FAILURE(launch("turn = \"off\"\n"));
  write("turn = \"off\"\nlog-format = \"json\"\n");
  service.signal(SIGHUP);

  wait_until([this]() { return service.has_said(R"("event":"reloaded","by":"SIGHUP","applied":"log-format"})"); });

  service.signal(SIGTERM);
  EXPECT_EQ(service.end(), "exit status 0");
}

TEST_F(ReloadTest, NewConnectionsSeeTheNewCertificateAndOldOnesLiveOn) {
  const auto own = dir.path() / "own";
  ASSERT_NO_FATAL_FAILURE(replace_certificate(own));
  ASSERT_NO_FATAL_FAILURE(launch("turn = \"off\"\ntls-cert = \"" + (own / "server.pem").string() + "\"\ntls-key = \"" +
                                 (own / "server-key.pem").string() + "\"\n"));
  const std::string first = served_serial(port);
  ASSERT_FALSE(first.empty());
  BlockingClient before(port);
  ASSERT_TRUE(before.start_tls());
  EXPECT_EQ(before.get("/livez").status, 200);

  ASSERT_NO_FATAL_FAILURE(replace_certificate(own));
  reload();

  const std::string second = served_serial(port);
  EXPECT_FALSE(second.empty());
  EXPECT_NE(second, first);
  EXPECT_EQ(before.get("/livez").status, 200);
}

TEST_F(ReloadTest, WhateverIsBrokenChangesNothingAndSaysWhy) {
  ASSERT_NO_FATAL_FAILURE(launch("turn = \"off\"\n"));
  auto both = pair();
  const std::string certificate = served_serial(port);
  struct Case {
    const char* text;
    const char* why;
  };
  const Case cases[] = {
      {"limits = \"none\"\n", "--limits"},
      {"limits = \"aws\"\nlimts = \"aws\"\n", "limts"},
      {"limits = \"aws\"\ntls-cert = \"/nowhere.pem\"\ntls-key = \"/nowhere.pem\"\n", "/nowhere.pem"},
      {"limits = \"aws\"\ntls-cert = \"/nowhere.pem\"\n", "go together"},
      {"limits = \"aws\"\nturn = \"external\"\n", "--turn-uri"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    write(c.text);

    const std::string said = reload();

    EXPECT_NE(said.find("reload failed"), std::string::npos) << said;
    EXPECT_NE(said.find(c.why), std::string::npos) << said;
    both.viewer().send_text(long_offer());  // So the limits are what they were.
    EXPECT_GT(both.master().read_text().size(), 20'000U);
    EXPECT_EQ(served_serial(port), certificate);
  }
}

TEST_F(ReloadTest, SettingsThatNeedARestartAreNamed) {
  ASSERT_NO_FATAL_FAILURE(launch("turn = \"off\"\n"));
  write("turn = \"off\"\nregion = \"eu-west-1\"\nthreads = 7\n");
  reload();

  wait_until([this]() { return service.has_said("changed settings that need a restart settings=region,threads"); });

  EXPECT_EQ(call("/listSignalingChannels", "{}").status, 200);  // Signed for the region of the start.
}

TEST_F(ReloadTest, ExternalRelaysAreReplaced) {
  const std::string secret = (dir.path() / "secret").string();
  std::ofstream(secret) << "one";
  const std::string rest = "turn = \"external\"\nturn-secret-file = \"" + secret + "\"\n";
  ASSERT_NO_FATAL_FAILURE(launch(rest + "turn-uri = \"turn:one.example:3478?transport=udp\"\n"));
  const std::string ask = R"({"ChannelARN":")" + create_channel("c") + "\"}";
  const auto uris = [&]() { return call("/v1/get-ice-server-config", ask).body; };
  EXPECT_NE(uris().find("one.example"), std::string::npos);

  write(rest + "turn-uri = \"turn:two.example:3478?transport=udp\"\n");
  reload();

  EXPECT_NE(uris().find("two.example"), std::string::npos) << uris();
  EXPECT_EQ(uris().find("one.example"), std::string::npos);

  std::filesystem::remove(secret);
  EXPECT_NE(reload().find("reload failed"), std::string::npos);
  EXPECT_NE(uris().find("two.example"), std::string::npos);
}

TEST_F(ReloadTest, ClosingTheTerminalItWasStartedFromEndsIt) {
  const std::string data = (dir.path() / "data").string();
  const std::string program = test::service_program();
  const char* const words[] = {program.c_str(), "--data", data.c_str(), "--listen",
                               "127.0.0.1:0",   "--turn", "off",        nullptr};
  int terminal = -1;
  const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    ::execv(words[0], const_cast<char* const*>(words));
    ::_exit(127);
  }
  std::string text;
  std::array<char, 4096> piece{};
  while (text.find("listening on") == std::string::npos) {
    const ssize_t got = ::read(terminal, piece.data(), piece.size());
    if (got <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  EXPECT_NE(text.find("listening on"), std::string::npos) << text;

  ::close(terminal);

  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace heliograph::server
