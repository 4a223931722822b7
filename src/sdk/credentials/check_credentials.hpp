// What access keys cannot be, said before a service says less: white space that came along with a copied key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "heliograph/credentials.hpp"

namespace heliograph::sdk {

/// "has a line break at its end"; nothing when there is no control character in it and no blank at its ends. Quotes
/// nothing of the text.
[[nodiscard]] std::optional<std::string> white_space_in(std::string_view text);

/// Fails with kInvalidArgument, naming the part, for credentials that cannot be signed with; with
/// kMissingAuthenticationToken when a part is missing.
[[nodiscard]] Result<void> check_credentials(const Credentials& credentials);

}  // namespace heliograph::sdk
