// ExamplesFixture: a service, and the programs of examples/cpp, each as a program of its own.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "heliograph/channel_client.hpp"
#include "heliograph/credentials.hpp"
#include "support/program.hpp"
#include "support/service_process.hpp"
#include "wire/credentials_file.hpp"

namespace heliograph::test {

/// heliographd with a channel "cam", and the examples to run against it.
class ExamplesFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(service_.launch(dir_.path() / "data", {"--listen", "127.0.0.1:0", "--turn", "off"}));
    const auto key = wire::parse_credentials_file(file("credentials")).value().front();
    const std::string address = "http://localhost:" + std::to_string(service_.port());
    ::setenv("AWS_ACCESS_KEY_ID", key.id.str().c_str(), 1);
    ::setenv("AWS_SECRET_ACCESS_KEY", std::string(key.secret.reveal()).c_str(), 1);
    ::setenv("AWS_REGION", "us-east-1", 1);
    ::setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    ::setenv("AWS_ENDPOINT_URL", address.c_str(), 1);
    ChannelClient::Options options;
    options.credentials = static_credentials({key.id.str(), key.secret, {}, {}});
    options.region = "us-east-1";
    options.endpoint = address;
    channels_ = ChannelClient::create(options).value();
    ASSERT_TRUE(channels_->create_channel({.name = "cam"}));
  }
  std::string file(const char* name) {
    std::ifstream file(dir_.path() / "data" / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Under way; killed when the object goes.
  [[nodiscard]] static std::unique_ptr<Program> run(const std::string& example, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), std::string(HELIOGRAPH_EXAMPLES) + "/example_" + example);
    return std::make_unique<Program>(arguments);
  }
  /// To its end: its exit code, and all that it said.
  static std::pair<int, std::string> result_of(const std::string& example, std::vector<std::string> arguments) {
    const auto program = run(example, std::move(arguments));
    const int code = program->end();
    return {code, program->text()};
  }
  /// Until somebody is there, what is written goes nowhere.
  static bool hears(const Program& from, Program& to, const std::string& line) {
    for (int attempt = 0; attempt < 60; ++attempt) {
      from.write(line + "\n");
      if (to.says(line, std::chrono::milliseconds(500))) return true;
    }
    return false;
  }

  TempDir dir_;
  ServiceProcess service_;
  std::shared_ptr<ChannelClient> channels_;
};

}  // namespace heliograph::test
