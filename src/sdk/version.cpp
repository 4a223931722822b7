#include "heliograph/version.hpp"

namespace heliograph {

std::string_view version() noexcept { return HELIOGRAPH_VERSION; }

}  // namespace heliograph
