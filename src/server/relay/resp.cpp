// Reading commands.
#include "server/relay/resp.hpp"

#include <charconv>

namespace heliograph::server::relay {
namespace {

constexpr std::size_t kMostParts = 8;
constexpr std::size_t kLongestPart = 2048;

Error broken() { return {Errc::kProtocolError, "not a command of Redis' protocol"}; }

/// "*2\r\n" at `at` → 2, and `at` behind it. Nothing while the line is unfinished.
Result<std::optional<std::size_t>> take_number(std::string_view input, std::size_t& at, char mark, std::size_t most) {
  if (at < input.size() && input[at] != mark) return broken();
  const auto end = input.find("\r\n", at);
  if (end == std::string_view::npos) {
    if (input.size() - at > 16) return broken();
    return std::optional<std::size_t>{};
  }
  std::size_t number = 0;
  const auto [stop, error] = std::from_chars(input.data() + at + 1, input.data() + end, number);
  if (error != std::errc{} || stop != input.data() + end || number > most) return broken();
  at = end + 2;
  return std::optional(number);
}

}  // namespace

Result<std::optional<std::vector<std::string>>> take_command(std::string& input) {
  using Command = std::optional<std::vector<std::string>>;
  std::size_t at = 0;
  const auto parts = take_number(input, at, '*', kMostParts);
  if (!parts) return parts.error();
  if (!*parts) return Command{};
  std::vector<std::string> command;
  for (std::size_t i = 0; i < **parts; ++i) {
    const auto size = take_number(input, at, '$', kLongestPart);
    if (!size) return size.error();
    if (!*size || input.size() < at + **size + 2) return Command{};
    if (input.compare(at + **size, 2, "\r\n") != 0) return broken();
    command.push_back(input.substr(at, **size));
    at += **size + 2;
  }
  input.erase(0, at);
  return Command(std::move(command));
}

std::string to_bulk_string(std::string_view text) {
  return "$" + std::to_string(text.size()) + "\r\n" + std::string(text) + "\r\n";
}

}  // namespace heliograph::server::relay
