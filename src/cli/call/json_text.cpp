// Containers here, everything else but doubles by Boost.
#include "cli/call/json_text.hpp"

#include <array>
#include <boost/json.hpp>
#include <charconv>

namespace heliograph::cli {

std::string to_text(const boost::json::value& value) {
  std::string out;
  if (const auto* object = value.if_object()) {
    for (const auto& [key, member] : *object)
      out += (out.empty() ? "" : ",") + boost::json::serialize(boost::json::value(key)) + ":" + to_text(member);
    return "{" + out + "}";
  }
  if (const auto* array = value.if_array()) {
    for (const auto& member : *array) out += (out.empty() ? "" : ",") + to_text(member);
    return "[" + out + "]";
  }
  if (const double* number = value.if_double()) {
    std::array<char, 400> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), *number, std::chars_format::fixed);
    return {text.data(), end};
  }
  return boost::json::serialize(value);
}

}  // namespace heliograph::cli
