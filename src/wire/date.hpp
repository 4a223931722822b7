// Dates on the wire: SigV4's `yyyymmddThhmmssZ` and HTTP's `Tue, 07 Nov 2023 04:47:34 GMT`, without a locale.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace heliograph::wire {

/// "20231107T044734Z"; milliseconds are cut. Years outside 0000–9999 have no spelling and are clamped into it.
[[nodiscard]] std::string to_amz_date(WallTime time);
/// Strictly that form, and a date that exists; a second of 60 is refused.
[[nodiscard]] std::optional<WallTime> parse_amz_date(std::string_view text) noexcept;

/// "2023-11-07T04:47:34.123Z" (ISO 8601), for answers of STS (`milliseconds` off) and for logs.
[[nodiscard]] std::string to_iso_date(WallTime time, bool milliseconds = true);
/// "2023-11-07T04:47:34Z" as services and credential helpers write it: with any fraction of a second (cut to
/// milliseconds), and with "+00:00" or another offset in the place of the Z.
[[nodiscard]] std::optional<WallTime> parse_iso_date(std::string_view text) noexcept;

/// "Tue, 07 Nov 2023 04:47:34 GMT" (RFC 7231, IMF-fixdate), the form that every HTTP sender must use.
[[nodiscard]] std::string to_http_date(WallTime time);
/// Reads an IMF-fixdate. The two obsolete forms of RFC 7231 are not read: no KVS service or SDK writes them.
[[nodiscard]] std::optional<WallTime> parse_http_date(std::string_view text) noexcept;

}  // namespace heliograph::wire
