// Base64 with the alphabet for URLs and file names, without padding (RFC 4648, 5), in the one strict reading.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heliograph::wire {

[[nodiscard]] std::string to_base64url(std::string_view bytes);

/// The bytes a text stands for; nothing unless to_base64url() would write them so.
[[nodiscard]] std::optional<std::string> parse_base64url(std::string_view text);

}  // namespace heliograph::wire
