// What the bare relays have in common: connection N of `GET /?id=N` is paired with N ^ 1, and each text that one sends
// goes to the other as it is. They check nothing, know no limits, and end with SIGTERM.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

namespace heliograph::bench {

[[nodiscard]] constexpr std::size_t partner_of(std::size_t number) noexcept { return number ^ 1U; }

/// The N of "/?id=N".
[[nodiscard]] inline std::optional<std::size_t> number_in(std::string_view target) {
  constexpr std::string_view kBefore = "/?id=";
  const std::size_t at = target.find(kBefore);
  if (at == std::string_view::npos) return std::nullopt;
  std::size_t number = 0;
  const char* begin = target.data() + at + kBefore.size();
  const auto [end, error] = std::from_chars(begin, target.data() + target.size(), number);
  if (error != std::errc() || number > 10'000'000) return std::nullopt;
  return number;
}

/// The only argument of a bare relay: the port of 127.0.0.1 to listen on. Ends the program when it is none.
[[nodiscard]] inline std::uint16_t port_from(int argc, char** argv) {
  std::uint16_t port = 0;
  if (argc == 2) std::from_chars(argv[1], argv[1] + std::strlen(argv[1]), port);
  if (port == 0) {
    std::fprintf(stderr, "usage: %s PORT\n", argv[0]);
    std::exit(2);
  }
  return port;
}

}  // namespace heliograph::bench
