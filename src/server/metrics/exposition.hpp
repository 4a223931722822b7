// Exposition: metrics as text, in Prometheus' format 0.0.4.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "server/metrics/histogram.hpp"

namespace heliograph::server::metrics {

/// The content type of the text format.
inline constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

struct Label {
  std::string_view name;
  std::string_view value;
};
using Labels = std::initializer_list<Label>;

/// One metric after the other: begin() with its name, then its samples. Values of labels are escaped; names are given
/// by the program and are not.
class Exposition {
 public:
  enum class Type : std::uint8_t { kCounter, kGauge, kHistogram };

  void begin(std::string_view name, Type type, std::string_view help);
  void add(std::uint64_t value, Labels labels = {});
  void add_seconds(double value, Labels labels = {});
  void add(const HistogramCounts& counts, Labels labels = {});

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  void append_name(std::string_view suffix, Labels labels, std::string_view bound = {});

  std::string text_;
  std::string_view name_;
};

}  // namespace heliograph::server::metrics
