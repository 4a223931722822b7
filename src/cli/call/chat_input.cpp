// One line at a time.
#include "cli/call/chat_input.hpp"

#include <algorithm>
#include <utility>

#include "wire/utf8.hpp"

namespace heliograph::cli {
namespace {

using Kind = ChatInput::Kind;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

/// The first word, and what follows it.
std::pair<std::string_view, std::string_view> split(std::string_view text) {
  const auto end = text.find_first_of(" \t");
  if (end == std::string_view::npos) return {text, {}};
  return {text.substr(0, end), trimmed(text.substr(end))};
}

ChatInput mistake(std::string text) { return {.kind = Kind::kMistake, .text = std::move(text)}; }

}  // namespace

ChatInput parse_chat_input(std::string_view line) {
  line = trimmed(line);
  if (line.empty()) return {.kind = Kind::kNothing};
  if (line.starts_with("//")) return {.kind = Kind::kSay, .text = std::string(line.substr(1))};
  if (!line.starts_with('/')) return {.kind = Kind::kSay, .text = std::string(line)};
  const auto [command, rest] = split(line);
  if (command == "/who") return {.kind = Kind::kWho};
  if (command == "/help") return {.kind = Kind::kHelp};
  if (command == "/quit") return {.kind = Kind::kQuit};
  if (command == "/all") {
    if (rest.empty()) return mistake("/all TEXT: there is no text");
    return {.kind = Kind::kSay, .text = std::string(rest)};
  }
  if (command == "/to") {
    const auto [name, text] = split(rest);
    if (name.empty() || text.empty()) return mistake("/to NAME TEXT: say to whom, and what");
    return {.kind = Kind::kTo, .to = std::string(name), .text = std::string(text)};
  }
  return mistake(std::string(command) + " is not known; /help says what is. To say it, write /" + std::string(command));
}

std::string_view chat_help(bool is_master) noexcept {
  return is_master ? "/to NAME TEXT   to one viewer\n"
                     "/all TEXT       to all viewers; so does a line without a slash\n"
                     "/who            who is here\n"
                     "/quit           end\n"
                   : "/who            whether the master is here\n"
                     "/quit           end; any other line goes to the master\n";
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto [code, length] = wire::decode_utf8(text, at);
    // U+0080 to U+009F command terminals as well, and so may their bytes alone, which are no UTF-8 (0).
    if (code == '\t' || code == '\n')
      out += ' ';
    else if (code < 0x20 || (code >= 0x7F && code < 0xA0))
      out += '?';
    else
      out += text.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

std::string well_formed(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = wire::decode_utf8(text, at).length;
    out += length == 0 ? "\xEF\xBF\xBD" : text.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

}  // namespace heliograph::cli
