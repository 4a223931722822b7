// JsonReport: the members of one flat JSON object of numbers and fixed words.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "load/meter.hpp"

namespace heliograph::bench {

class JsonReport {
 public:
  void add(std::string_view name, std::string_view fixed_word) {
    begin(name);
    text_.append("\"").append(fixed_word).append("\"");
  }
  void add(std::string_view name, std::uint64_t value) {
    begin(name);
    text_ += std::to_string(value);
  }
  void add(std::string_view name, double value) {
    begin(name);
    char digits[40];
    std::snprintf(digits, sizeof digits, "%.6g", value);
    text_ += digits;
  }
  void add(const Usage& usage) {
    add("seconds", usage.seconds);
    add("server_cpu_seconds", usage.server_cpu_seconds);
    add("client_cpu_seconds", usage.client_cpu_seconds);
    add("server_rss_bytes", usage.server_rss_bytes);
    add("saturated", usage.saturated());
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  void begin(std::string_view name) {
    if (!text_.empty()) text_ += ',';
    text_.append("\"").append(name).append("\":");
  }

  std::string text_;
};

}  // namespace heliograph::bench
