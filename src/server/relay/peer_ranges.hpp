// Whom the relay does not reach, unless it is told to.
#pragma once

#include <string_view>
#include <vector>

namespace heliograph::server::relay {

/// Ranges as coturn takes them, LOW-HIGH or one address: every address that is no public unicast one (RFC 6890), so
/// that a relay is no way into its operator's own network, to a cloud's metadata, or to itself.
/// @param is_development  the relay serves and sends from loopback only: loopback and private addresses are left out,
///                        which its packets reach on this very machine only.
[[nodiscard]] std::vector<std::string_view> denied_peer_ranges(bool is_development);

}  // namespace heliograph::server::relay
