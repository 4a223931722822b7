// The two ends of a channel, as the KVS model names them.
#pragma once

#include <cstdint>
#include <string_view>

namespace heliograph::wire {

enum class Role : std::uint8_t { kMaster, kViewer };

/// "MASTER" or "VIEWER".
[[nodiscard]] constexpr std::string_view to_string(Role role) noexcept {
  return role == Role::kMaster ? "MASTER" : "VIEWER";
}

}  // namespace heliograph::wire
