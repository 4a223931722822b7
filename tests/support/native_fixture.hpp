// NativeTest: heliographd and any number of `heliograph`s, each a program of its own.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/leaks_of_others.hpp"
#include "support/paths.hpp"
#include "support/program.hpp"
#include "support/temp_dir.hpp"

namespace heliograph::test {

class NativeTest : public ::testing::Test {
 protected:
  NativeTest() {
    ::signal(SIGPIPE, SIG_IGN);
    // A registry of the build's own, scanned in the process: support/media_environment.cpp says why.
    const auto build = std::filesystem::path(command_program()).parent_path().parent_path();
    ::setenv("GST_REGISTRY", (build / "gst-registry.bin").c_str(), 0);
    ::setenv("GST_REGISTRY_FORK", "no", 0);
    // For the programs, whose own stacks they are. (The build says more by ASAN_OPTIONS, which must be kept.)
    const char* const options = std::getenv("ASAN_OPTIONS");
    ::setenv(
        "ASAN_OPTIONS",
        (std::string(kLeakOptions) + (options == nullptr ? "" : ":") + (options == nullptr ? "" : options)).c_str(), 1);
    std::ofstream(file("leaks-of-others")) << kLeaksOfOthers;
    ::setenv("LSAN_OPTIONS", ("print_suppressions=0:suppressions=" + file("leaks-of-others")).c_str(), 1);
  }

  /// @param listen  with port 0 a free one.
  void start_service(std::vector<std::string> flags = {"--turn", "off"}, const std::string& listen = "127.0.0.1:0") {
    flags.insert(flags.begin(), {service_program(), "--data", data(), "--listen", listen});
    service.emplace(flags);
    ASSERT_TRUE(service->says("listening on ")) << service->text();
  }
  [[nodiscard]] std::string data() const { return (dir.path() / "data").string(); }
  [[nodiscard]] std::string file(const std::string& name) const { return (dir.path() / name).string(); }
  /// "127.0.0.1:40123", to start it there again.
  [[nodiscard]] std::string address() const {
    std::ifstream in(data() + "/runtime.json");
    const auto facts = boost::json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
    const std::string url(facts.at("httpEndpoint").as_string());
    return "127.0.0.1" + url.substr(url.rfind(':'));
  }
  [[nodiscard]] std::unique_ptr<Program> run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), command_program());
    arguments.insert(arguments.end(), {"--data", data()});
    return std::make_unique<Program>(arguments);
  }
  /// To its end.
  std::pair<int, std::string> result_of(const std::vector<std::string>& arguments) const {
    const auto program = run(arguments);
    const int code = program->end();
    return {code, program->text()};
  }
  /// The last line that is a JSON object with that "event".
  static boost::json::object last_event(const std::string& text, std::string_view event) {
    boost::json::object found;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      boost::system::error_code error;
      const auto value = boost::json::parse(text.substr(at, end - at), error);
      at = end + 1;
      if (error || !value.is_object()) continue;
      const auto* name = value.get_object().if_contains("event");
      if (name != nullptr && name->is_string() && name->get_string() == event) found = value.get_object();
    }
    return found;
  }

  TempDir dir;
  std::optional<Program> service;
};

}  // namespace heliograph::test
