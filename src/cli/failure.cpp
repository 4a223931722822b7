// Standard error.
#include "cli/failure.hpp"

#include <cstdio>

#include "cli/call/chat_input.hpp"

namespace heliograph::cli {

int exit_code_of(const Error& error) noexcept { return error.code == Errc::kInvalidArgument ? 2 : 1; }

int fail_with(const Error& error) {
  std::fprintf(stderr, "heliograph: %s\n", printable(error.detail).c_str());
  return exit_code_of(error);
}

}  // namespace heliograph::cli
