// URLs in texts.
#pragma once

#include <string>
#include <string_view>

namespace heliograph::wire {

/// What should be a URL, fit for an error: without what stands before an '@', and without what stands behind a '?'.
[[nodiscard]] std::string redact_url(std::string_view text);

}  // namespace heliograph::wire
