// ServiceProcess: heliographd as a program of its own, for tests that send it signals.
#pragma once

#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/relay/child_process.hpp"
#include "support/net_fixture.hpp"
#include "support/paths.hpp"

namespace heliograph::test {

/// On a free port, with data of its own. Killed when the object goes. Fails the test when it does not come up.
class ServiceProcess {
 public:
  ServiceProcess() = default;
  ServiceProcess(const ServiceProcess&) = delete;
  ServiceProcess& operator=(const ServiceProcess&) = delete;
  ~ServiceProcess() { close_output(); }

  /// @param flags  beside the data directory.
  void launch(const std::filesystem::path& data, std::vector<std::string> flags) {
    data_ = data;
    close_output();
    text_.clear();
    flags.insert(flags.begin(), {service_program(), "--data", data.string()});
    auto child = server::relay::ChildProcess::start(flags, server::relay::ChildProcess::Environment::kOurs);
    ASSERT_TRUE(child) << child.error().detail;
    child_.reset();
    child_.emplace(std::move(*child));
    output_ = child_->take_output();
    wait_until([this]() { return has_said("listening on "); });
    ASSERT_TRUE(has_said("listening on ")) << text_;
  }

  [[nodiscard]] pid_t pid() const { return child_->pid(); }
  void signal(int number) const { child_->signal(number); }
  /// How it ended: "exit status 0". Waits for it.
  [[nodiscard]] std::string end() {
    const std::string how = child_->reap();
    child_.reset();
    return how;
  }
  /// What it has written so far.
  [[nodiscard]] const std::string& text() {
    std::array<char, 4096> piece{};
    for (ssize_t got = 0; (got = ::read(output_, piece.data(), piece.size())) > 0;)
      text_.append(piece.data(), static_cast<std::size_t>(got));
    return text_;
  }
  [[nodiscard]] bool has_said(std::string_view what) { return text().find(what) != std::string::npos; }
  [[nodiscard]] const std::filesystem::path& data() const { return data_; }
  [[nodiscard]] std::uint16_t port() const {
    std::ifstream file(data_ / "runtime.json");
    const auto facts = boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
    const std::string url(facts.at("httpEndpoint").as_string());
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }

 private:
  void close_output() {
    if (output_ >= 0) ::close(std::exchange(output_, -1));
  }

  std::filesystem::path data_;
  std::optional<server::relay::ChildProcess> child_;
  int output_ = -1;
  std::string text_;
};

}  // namespace heliograph::test
