// What wildcards mean, written down without a thought for cost: the reference that the matcher is held to.
#pragma once

#include <string_view>
#include <vector>

namespace heliograph::test {

/// `*` is any characters, `?` is one (a byte and the continuation bytes behind it), all else is itself.
/// By a table of which part of the pattern matches which end of the text.
inline bool matches_naively(std::string_view pattern, std::string_view text) {
  std::vector<std::string_view> characters;
  while (!text.empty()) {
    std::size_t length = 1;
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) ++length;
    characters.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  const std::size_t count = characters.size();
  std::vector<bool> behind(count + 1, false);  // Whether the pattern's rest matches the characters from there on.
  behind[count] = true;
  while (!pattern.empty()) {
    std::size_t length = 1;
    while (length < pattern.size() && (static_cast<unsigned char>(pattern[pattern.size() - length]) & 0xC0U) == 0x80U)
      ++length;
    const std::string_view last = pattern.substr(pattern.size() - length);
    pattern.remove_suffix(length);
    std::vector<bool> here(count + 1, false);
    for (std::size_t i = count + 1; i-- > 0;) {
      if (last == "*") {
        here[i] = behind[i] || (i < count && here[i + 1]);
      } else {
        here[i] = i < count && behind[i + 1] && (last == "?" || last == characters[i]);
      }
    }
    behind = here;
  }
  return behind[0];
}

}  // namespace heliograph::test
