// Writing strings into JSON by hand, where a tree of values would only cost time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace heliograph::wire {

/// Appends `text` as it stands inside a JSON string's quotes: only what RFC 8259 demands is escaped, since C clients do
/// not undo escapes, so `/ = + &` stay as they are. Bytes that are not UTF-8 become U+FFFD, so that the result is JSON
/// whatever went in. Stops before more than `max` bytes are written, never inside a character.
void append_json_text(std::string& out, std::string_view text, std::size_t max = std::string::npos);

/// Appends `text` as a JSON string with its quotes, by the rules of append_json_text().
void append_json_string(std::string& out, std::string_view text);

}  // namespace heliograph::wire
