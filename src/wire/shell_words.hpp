// The words of a command line, split as a POSIX shell would, without running one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "heliograph/result.hpp"

namespace heliograph::wire {

/// Splits at blanks; quotes and backslashes mean what they mean to a POSIX shell, and nothing else means anything:
/// variables, wildcards and operators stay as they are. What Python's shlex.split(), and with it botocore, makes of a
/// `credential_process`. Fails with kInvalidArgument on a quote or an escape that is left open.
[[nodiscard]] Result<std::vector<std::string>> split_shell_words(std::string_view text);

}  // namespace heliograph::wire
