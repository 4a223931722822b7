// AppFixture: a whole heliographd in this process, on a free port, with clients that sign as the administrator.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "server/app.hpp"
#include "server/system_rng.hpp"
#include "support/net_fixture.hpp"
#include "support/signing_client.hpp"

namespace heliograph::test {

inline server::Config app_config(const std::filesystem::path& data) {
  server::Config config;
  std::vector<server::Principal> others;  ///< Beside the administrator.
  config.listen = {{"127.0.0.1", 0}};
  config.data_dir = data.string();
  config.turn.mode = server::TurnMode::kOff;
  config.web_dir = data.string();  // No console.
  config.threads = 2;
  config.drain.patience = std::chrono::seconds(20);
  return config;
}

class AppFixture : public ::testing::Test, protected SigningClient {
 protected:
  AppFixture() : config(app_config(dir.path() / "data")) {}
  ~AppFixture() override { stop(); }

  void start() {
    app = std::make_unique<server::App>(config, clock, rng, log, hooks, others);
    const auto started = app->start();
    ASSERT_TRUE(started) << started.error().detail;
    const std::string url = app->urls().front();
    running = std::thread([this]() { app->run(); });
    use(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))), dir.path() / "data" / "credentials");
  }
  void stop() {
    if (!running.joinable()) return;
    app->request_stop();
    running.join();
    app.reset();
  }

  test::TempDir dir;
  server::Config config;
  server::AppHooks hooks;
  std::vector<server::Principal> others;  ///< Beside the administrator.
  server::SystemRng rng;
  test::MemoryLog log;
  std::unique_ptr<server::App> app;
  std::thread running;
};

}  // namespace heliograph::test
