// Lines of the text format.
#include "server/metrics/exposition.hpp"

#include <charconv>
#include <iterator>
#include <utility>

namespace heliograph::server::metrics {
namespace {

std::string_view to_string(Exposition::Type type) {
  switch (type) {
    case Exposition::Type::kCounter:
      return "counter";
    case Exposition::Type::kGauge:
      return "gauge";
    case Exposition::Type::kHistogram:
      return "histogram";
  }
  return "untyped";
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
}

void append_number(std::string& out, std::uint64_t number) { out += std::to_string(number); }

void append_number(std::string& out, double number) {
  char digits[400];  // The largest double, written out.
  const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), number, std::chars_format::fixed);
  out.append(std::begin(digits), end);
}

}  // namespace

void Exposition::begin(std::string_view name, Type type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(name).append(" ").append(to_string(type)).append("\n");
}

void Exposition::append_name(std::string_view suffix, Labels labels, std::string_view bound) {
  text_.append(name_).append(suffix);
  char separator = '{';
  const auto append_label = [&](std::string_view name, std::string_view value) {
    text_.append(1, std::exchange(separator, ',')).append(name).append("=\"");
    append_escaped(text_, value);
    text_ += '"';
  };
  for (const Label& label : labels) append_label(label.name, label.value);
  if (!bound.empty()) append_label("le", bound);
  if (separator == ',') text_ += '}';
  text_ += ' ';
}

void Exposition::add(std::uint64_t value, Labels labels) {
  append_name({}, labels);
  append_number(text_, value);
  text_ += '\n';
}

void Exposition::add_seconds(double value, Labels labels) {
  append_name({}, labels);
  append_number(text_, value);
  text_ += '\n';
}

void Exposition::add(const HistogramCounts& counts, Labels labels) {
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < counts.buckets.size(); ++i) {
    below += counts.buckets[i];
    std::string bound;
    if (i < Histogram::kBounds.size()) append_number(bound, Histogram::kBounds[i]);
    append_name("_bucket", labels, i < Histogram::kBounds.size() ? std::string_view(bound) : "+Inf");
    append_number(text_, below);
    text_ += '\n';
  }
  append_name("_sum", labels);
  append_number(text_, counts.sum_seconds);
  text_ += '\n';
  append_name("_count", labels);
  append_number(text_, below);
  text_ += '\n';
}

}  // namespace heliograph::server::metrics
