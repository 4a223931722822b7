// Escaping for JSON strings.
#include "wire/json_text.hpp"

#include <algorithm>

namespace heliograph::wire {

void append_json_text(std::string& out, std::string_view text, std::size_t max) {
  constexpr char kHex[] = "0123456789abcdef";
  std::size_t room = max;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    length = std::min(length, text.size() - i);
    if (lead >= 0x20 && lead != '"' && lead != '\\') {
      if (room < length) return;
      out.append(text, i, length);
      room -= length;
    } else if (lead >= 0x20) {
      if (room < 2) return;
      out.append({'\\', text[i]});
      room -= 2;
    } else {
      if (room < 6) return;
      out.append({'\\', 'u', '0', '0', kHex[lead >> 4], kHex[lead & 15]});
      room -= 6;
    }
    i += length;
  }
}

}  // namespace heliograph::wire
