// The two ends of a channel, as the KVS model names them.
#pragma once

#include <cstdint>
#include <string_view>

namespace heliograph {

/// Who a signaling client is in its channel. A master answers viewers; a viewer reaches the master only.
enum class Role : std::uint8_t { kMaster, kViewer };

/// "MASTER" or "VIEWER".
[[nodiscard]] constexpr std::string_view to_string(Role role) noexcept {
  return role == Role::kMaster ? "MASTER" : "VIEWER";
}

}  // namespace heliograph
