// Where tests find the sources and the programs. Their values are in a source of its own, so that no
// other object depends on where the tree lies, and compiler caches serve every checkout.
#pragma once

#include <string>

namespace heliograph::test {

/// The root of the repository.
[[nodiscard]] std::string source_dir();
/// heliographd and heliograph as they were built; empty in programs that do not run them.
[[nodiscard]] std::string service_program();
[[nodiscard]] std::string command_program();

}  // namespace heliograph::test
