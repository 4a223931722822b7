// Members that a JSON text gives twice, which a tree of values does not show.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heliograph::wire {

/// The first name that one object of the text has twice. Nothing for a text that is not JSON, too.
[[nodiscard]] std::optional<std::string> find_duplicate_member(std::string_view text);

}  // namespace heliograph::wire
