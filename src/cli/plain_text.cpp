// Line by line.
#include "cli/plain_text.hpp"

#include "cli/call/chat_input.hpp"

namespace heliograph::cli {

std::string printable_lines(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    out += printable(text.substr(at, end - at));
    if (end == std::string_view::npos) break;
    out += '\n';
    at = end + 1;
  }
  return out;
}

}  // namespace heliograph::cli
