// What is typed in `heliograph chat`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace heliograph::cli {

struct ChatInput {
  enum class Kind : std::uint8_t {
    kNothing,  ///< An empty line.
    kSay,      ///< To everybody; of a viewer: to the master.
    kTo,       ///< To one viewer.
    kWho,
    kHelp,
    kQuit,
    kMistake,  ///< `text` says what is wrong.
  };
  Kind kind{};
  std::string to{};
  std::string text{};
};

/// "/to NAME text", "/all text", "/who", "/help", "/quit", and anything else as it stands; "//…" is said as "/…".
[[nodiscard]] ChatInput parse_chat_input(std::string_view line);

/// What there is to type, for `/help`.
[[nodiscard]] std::string_view chat_help(bool is_master) noexcept;

/// Text of somebody else, fit for a terminal: control characters, which could command it, are replaced.
[[nodiscard]] std::string printable(std::string_view text);

/// Text of somebody else, fit for JSON: each byte that is no UTF-8 is replaced by U+FFFD. (A data channel hands on as
/// text whatever came as text.)
[[nodiscard]] std::string well_formed(std::string_view text);

}  // namespace heliograph::cli
