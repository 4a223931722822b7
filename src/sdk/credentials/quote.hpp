// Texts from outside, made fit for an error's detail.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace heliograph::sdk {

inline constexpr std::size_t kMostQuoted = 300;

/// The text on one line, cut where it is too long, without control characters, and without the secrets that are known.
[[nodiscard]] std::string quote(std::string_view text, std::initializer_list<std::string_view> secrets = {});

/// The same of a text that nobody knows the secrets of, such as what a program says: words that look like a key or a
/// token (20 characters and more, of letters of both cases and digits; or 32 and more with a digit) are left out.
[[nodiscard]] std::string quote_unknown(std::string_view text);

/// "NAME (message)", of what there is of both.
[[nodiscard]] std::string quote_refusal(std::string_view code, std::string_view message,
                                        std::initializer_list<std::string_view> secrets = {});

}  // namespace heliograph::sdk
