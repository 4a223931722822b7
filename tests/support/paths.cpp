// The values come from tests/CMakeLists.txt.
#include "support/paths.hpp"

namespace heliograph::test {

std::string source_dir() { return HELIOGRAPH_SOURCE_DIR; }
std::string service_program() { return HELIOGRAPH_PROGRAM; }
std::string command_program() { return HELIOGRAPH_COMMAND; }

}  // namespace heliograph::test
