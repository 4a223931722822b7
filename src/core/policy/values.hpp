// The values that conditions compare: addresses, dates, numbers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace heliograph::core {

/// An address of either family, or as a range all that agree with it in the first `bits`. An IPv4 address that is
/// written as IPv6 (::ffff:203.0.113.7, as a dual-stack socket has it) is the IPv4 address.
struct IpRange {
  std::array<std::uint8_t, 16> bytes{};
  std::uint8_t size = 0;  ///< 4 or 16.
  std::uint8_t bits = 0;

  [[nodiscard]] bool contains(const IpRange& address) const noexcept;
};

/// "203.0.113.0/24", "2001:db8::/32"; without a mask all bits count.
[[nodiscard]] std::optional<IpRange> parse_ip_range(std::string_view text) noexcept;
/// The same without a mask; a zone ("%eth0") is left out.
[[nodiscard]] std::optional<IpRange> parse_ip_address(std::string_view text) noexcept;

/// A date of the W3C profile of ISO 8601 ("2026", "2026-05-01", "2026-05-01T10:00:00.5+02:00"), or seconds since 1970.
[[nodiscard]] std::optional<WallTime> parse_policy_date(std::string_view text) noexcept;

/// A decimal number, "-3", "2.5".
[[nodiscard]] std::optional<double> parse_policy_number(std::string_view text) noexcept;

/// "true" or "false", in any case.
[[nodiscard]] std::optional<bool> parse_policy_bool(std::string_view text) noexcept;

}  // namespace heliograph::core
