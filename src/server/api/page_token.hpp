// NextToken: where the next page of a list begins.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heliograph::server::api {

/// The token of the page behind the channel `name`: base64, so that it is opaque and within the model's
/// [a-zA-Z0-9+/=]{0,512} for every name.
[[nodiscard]] std::string to_page_token(std::string_view name);

/// The name in a token; nothing for what to_page_token did not make.
[[nodiscard]] std::optional<std::string> parse_page_token(std::string_view token);

}  // namespace heliograph::server::api
