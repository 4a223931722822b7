// Texts from outside, made fit for an error's detail.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace heliograph::sdk {

inline constexpr std::size_t kMostQuoted = 300;

/// The text on one line, cut where it is too long, without control characters, and without the secrets that are known.
/// So a secret must be given here: of one that is cut, a part stays.
[[nodiscard]] std::string quote(std::string_view text, std::span<const std::string_view> secrets);
[[nodiscard]] inline std::string quote(std::string_view text, std::initializer_list<std::string_view> secrets = {}) {
  return quote(text, std::span(secrets.begin(), secrets.size()));
}

/// The same of a text that nobody knows the secrets of, such as what a program says: words that look like a key or a
/// token (20 characters and more, of letters of both cases and digits; or 32 and more with a digit) are left out.
[[nodiscard]] std::string quote_unknown(std::string_view text);

/// The same of what should be a URL: without what stands before an '@', and without what stands behind a '?'.
[[nodiscard]] std::string quote_url(std::string_view text);

/// "NAME (message)", of what there is of both.
[[nodiscard]] std::string quote_refusal(std::string_view code, std::string_view message,
                                        std::span<const std::string_view> secrets);
[[nodiscard]] inline std::string quote_refusal(std::string_view code, std::string_view message,
                                               std::initializer_list<std::string_view> secrets = {}) {
  return quote_refusal(code, message, std::span(secrets.begin(), secrets.size()));
}

}  // namespace heliograph::sdk
