// Leaving secrets out.
#include "wire/redact.hpp"

namespace heliograph::wire {

std::string redact_url(std::string_view text) {
  constexpr std::string_view kRemoved = "[removed]";
  std::string shown(text);
  // A password may hold a slash or a question mark: so all up to the last '@' goes.
  if (const auto at = shown.rfind('@'); at != std::string::npos) {
    const auto scheme = shown.find("://");
    const std::size_t begin = scheme < at ? scheme + 3 : 0;
    shown.replace(begin, at - begin, kRemoved);
  }
  if (const auto query = shown.find('?'); query != std::string::npos)
    shown.replace(query + 1, std::string::npos, kRemoved);
  return shown;
}

}  // namespace heliograph::wire
