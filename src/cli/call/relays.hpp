// Relays end: their credentials do, and so may they.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "heliograph/ice.hpp"

namespace heliograph::cli {

/// When to ask for new ones: a while before the first of them ends. Nothing when none ends.
[[nodiscard]] std::optional<std::chrono::seconds> refresh_after(const std::vector<IceServer>& servers);

/// Puts fresh relays in the place of those that are known. STUN servers, which never end, stay.
void renew_relays(std::vector<IceServer>& known, std::vector<IceServer> fresh);

}  // namespace heliograph::cli
