// How every command fails: one line on standard error, and an exit code.
#pragma once

#include "heliograph/error.hpp"

namespace heliograph::cli {

/// 2 for a mistake in what was asked (kInvalidArgument), else 1.
[[nodiscard]] int exit_code_of(const Error& error) noexcept;

/// Prints it; gives its exit code.
int fail_with(const Error& error);

}  // namespace heliograph::cli
