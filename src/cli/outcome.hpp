// What the service answered to a command that changes something, in words.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace heliograph::cli {

/// What a command prints, and how it ends.
struct Outcome {
  int code = 0;
  std::string text{};     ///< For standard output.
  std::string warning{};  ///< For standard error; empty: none.
};

/// Of POST disconnect: ending nobody is a failure, since somebody was meant.
[[nodiscard]] Outcome tell_kicked(const boost::json::object& answer);
/// Of POST revoke-key: warns of a key that the service does not know, which is likely a misspelt one.
[[nodiscard]] Outcome tell_revoked(std::string_view key, const boost::json::object& answer);
/// Of GET revoked-keys: a table.
[[nodiscard]] Outcome tell_revoked_keys(const boost::json::object& answer);

}  // namespace heliograph::cli
