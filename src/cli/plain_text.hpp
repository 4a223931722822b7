// Text of somebody else, for a terminal; printable() in call/chat_input.hpp has a line of it.
#pragma once

#include <string>
#include <string_view>

namespace heliograph::cli {

/// Each line made printable; ends of lines stay.
[[nodiscard]] std::string printable_lines(std::string_view text);

}  // namespace heliograph::cli
