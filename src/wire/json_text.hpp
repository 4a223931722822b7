// Writing strings into JSON by hand, where a tree of values would only cost time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace heliograph::wire {

/// Appends `text` as it stands inside a JSON string's quotes: only what RFC 8259 demands is escaped, since C clients do
/// not undo escapes, so `/ = + &` stay as they are. Stops before more than `max` bytes are written, never inside a
/// character.
void append_json_text(std::string& out, std::string_view text, std::size_t max = std::string::npos);

}  // namespace heliograph::wire
