// Redis' protocol, as far as a client that sends commands needs it: arrays of bulk strings in, one value out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/result.hpp"

namespace heliograph::server::relay {

/// Takes the first whole command off `input`: {"get", "turn/realm/…"}. Nothing while it is unfinished. Fails with
/// kProtocolError on anything that is none, and on more than a command of coturn's could be.
[[nodiscard]] Result<std::optional<std::vector<std::string>>> take_command(std::string& input);

[[nodiscard]] std::string to_bulk_string(std::string_view text);
inline constexpr std::string_view kRespOk = "+OK\r\n";
inline constexpr std::string_view kRespNil = "$-1\r\n";
inline constexpr std::string_view kRespNoElements = "*0\r\n";
inline constexpr std::string_view kRespNoAuth = "-NOAUTH Authentication required.\r\n";

}  // namespace heliograph::server::relay
