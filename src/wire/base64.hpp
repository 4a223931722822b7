// Base64 with the standard alphabet and padding (RFC 4648, 4), in the one strict reading: a text stands for bytes only
// if encoding those bytes gives the same text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heliograph::wire {

/// Whether `text` is what to_base64() would write for some bytes: alphabet, length a multiple of four, padding at the
/// end only, unused bits zero (RFC 4648, 3.5). The empty text is (it stands for no bytes).
[[nodiscard]] bool is_base64_strict(std::string_view text) noexcept;

[[nodiscard]] std::string to_base64(std::string_view bytes);

/// The bytes a text stands for; nothing where is_base64_strict() says no.
[[nodiscard]] std::optional<std::string> parse_base64(std::string_view text);

}  // namespace heliograph::wire
