// ConnectionFilter: which connections an operator means.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"
#include "server/events/presence.hpp"

namespace heliograph::server::events {

/// What is empty does not matter; what is not, must hold.
struct ConnectionFilter {
  std::string channel;  ///< Name or ARN.
  std::string client;
  std::optional<wire::Role> role{};
  std::string connection;  ///< As to_text() writes it.
  std::string key;         ///< Access key id.

  [[nodiscard]] bool is_empty() const noexcept {
    return channel.empty() && client.empty() && !role && connection.empty() && key.empty();
  }
  [[nodiscard]] bool holds_for(const ConnectionFacts& facts) const;
};

/// "MASTER", "master", "viewer" … Fails with kInvalidArgument.
[[nodiscard]] Result<wire::Role> parse_role(std::string_view text);
/// What to_text() has written. Fails with kInvalidArgument.
[[nodiscard]] Result<ConnId> parse_conn(std::string_view text);

}  // namespace heliograph::server::events
