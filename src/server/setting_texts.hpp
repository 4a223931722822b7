// The forms in which settings are written: ports, times, addresses, ranges, regions. Nothing here knows the options.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"
#include "net/network.hpp"

namespace heliograph::server {

/// The variable of a setting: "turn-port" → "HELIOGRAPH_TURN_PORT".
[[nodiscard]] std::string variable_of(const std::string& setting);

/// The name that was likely meant, whatever its case; empty when none is near.
[[nodiscard]] std::string_view nearest_of(std::string_view text, std::span<const std::string> names);

[[nodiscard]] std::optional<std::uint16_t> parse_port(std::string_view text);

/// "30", "0.5": a number of seconds from `least` to `most`.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_seconds(std::string_view text, double least = 0,
                                                                     double most = 3600);

[[nodiscard]] bool is_region(const std::string& text);
[[nodiscard]] bool is_account(const std::string& text);

/// "192.168.1.7", "10.0.0.0-10.0.255.255": what coturn takes.
[[nodiscard]] bool is_address_range(const std::string& text);

/// "127.0.0.1:3000", "[::1]:0", ":3000" (every address) → address and port.
[[nodiscard]] Result<net::ListenAddress> parse_listen(const std::string& text);

/// True for 127.0.0.0/8, ::1 and localhost.
[[nodiscard]] bool is_loopback(std::string_view host) noexcept;

}  // namespace heliograph::server
