// Text that a POSIX shell reads back as it was.
#pragma once

#include <string>
#include <string_view>

namespace heliograph::cli {

/// In single quotes, unless it is plain.
[[nodiscard]] std::string shell_quoted(std::string_view text);

}  // namespace heliograph::cli
