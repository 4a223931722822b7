// Which version of the SDK a program is compiled against, and which one it runs with.
#pragma once

#include <string_view>

#include "heliograph/export.hpp"

/// The version that a program is compiled against; semantic versioning, see docs/packaging.md. The build fails when
/// these are not what CMake's project() says.
/// @{
#define HELIOGRAPH_VERSION_MAJOR 0
#define HELIOGRAPH_VERSION_MINOR 1
#define HELIOGRAPH_VERSION_PATCH 0
/// @}

/// The C++ SDK: signaling (libheliograph), and peer connections with media (libheliograph-peer).
namespace heliograph {

/// The version of the library that a program runs with: "0.1.0". Threads: any. Never fails; the text lives forever.
[[nodiscard]] HELIOGRAPH_API std::string_view version() noexcept;

}  // namespace heliograph
