// Answers of STS (query protocol, 2011-06-15): XML → structs.
#pragma once

#include <string>
#include <string_view>

#include "heliograph/credentials.hpp"
#include "heliograph/result.hpp"
#include "wire/credential_answers.hpp"

namespace heliograph::wire {

/// The credentials in an answer to `action` ("AssumeRole"). Fails with kCorrupt, never quoting, unless each of the four
/// elements is there exactly once.
[[nodiscard]] Result<Credentials> parse_sts_credentials(std::string_view xml, std::string_view action);

/// What a refusal says; both empty when the text is none.
[[nodiscard]] ServiceRefusal parse_sts_refusal(std::string_view xml);

}  // namespace heliograph::wire
