// Matching by the parts between the stars: the first stands at the front, the last at the end, every other one where it
// first fits.
#include "core/policy/pattern.hpp"

#include <string.h>

#include <algorithm>
#include <span>
#include <utility>

namespace heliograph::core {
namespace {

constexpr bool is_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// The first character's length. The text is not empty.
std::size_t first_character(std::string_view text) noexcept {
  std::size_t length = 1;
  while (length < text.size() && is_continuation(text[length])) ++length;
  return length;
}

std::size_t last_character(std::string_view text) noexcept {
  std::size_t length = 1;
  while (length < text.size() && is_continuation(text[text.size() - length])) ++length;
  return length;
}

std::string_view trim(std::string_view text) noexcept {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

/// One match: the pattern's pieces with the request's values for variables.
class PatternMatcher {
 public:
  using Piece = Pattern::Piece;
  using Group = std::span<const Piece>;

  PatternMatcher(const Pattern& pattern, const AccessContext& context) noexcept
      : pattern_(pattern), context_(context) {}

  [[nodiscard]] bool has_all_values() const noexcept {
    return std::all_of(pattern_.variables_.begin(), pattern_.variables_.end(),
                       [this](const auto& variable) { return value_of(variable).has_value(); });
  }

  [[nodiscard]] bool matches(std::string_view text) const noexcept {
    Group rest(pattern_.pieces_);
    for (bool at_front = true;; at_front = false) {
      const auto star =
          std::find_if(rest.begin(), rest.end(), [](const Piece& p) { return p.kind == Piece::Kind::kMany; });
      const Group group = rest.first(static_cast<std::size_t>(star - rest.begin()));
      const bool at_end = star == rest.end();
      if (at_front) {
        if (!take_front(group, text)) return false;
        if (at_end) return text.empty();
      } else if (at_end) {
        return take_back(group, text);
      } else if (!take_first(group, text)) {
        return false;
      }
      rest = rest.subspan(group.size() + 1);
    }
  }

 private:
  [[nodiscard]] std::optional<std::string_view> value_of(const Pattern::Variable& variable) const noexcept {
    if (const auto value = find_values(context_, variable.key).one) return value->text;
    if (variable.fallback) return *variable.fallback;
    return std::nullopt;
  }

  [[nodiscard]] std::string_view text_of(const Piece& piece) const noexcept {
    if (piece.kind == Piece::Kind::kText) return piece.text;
    return value_of(pattern_.variables_[piece.variable]).value_or(std::string_view{});
  }

  [[nodiscard]] bool equals(std::string_view a, std::string_view b) const noexcept {
    // Nearly always the case is the same, too, and comparing whole words is much quicker.
    return a == b || (pattern_.ignores_case_ && equals_ignoring_case(a, b));
  }

  /// Cuts the group off the front of the text if it stands there.
  [[nodiscard]] bool take_front(Group group, std::string_view& text) const noexcept {
    for (const Piece& piece : group) {
      if (piece.kind == Piece::Kind::kOne) {
        if (text.empty()) return false;
        text.remove_prefix(first_character(text));
        continue;
      }
      const std::string_view wanted = text_of(piece);
      if (!equals(text.substr(0, wanted.size()), wanted)) return false;
      text.remove_prefix(wanted.size());
    }
    return true;
  }

  [[nodiscard]] bool take_back(Group group, std::string_view& text) const noexcept {
    for (auto piece = group.rbegin(); piece != group.rend(); ++piece) {
      if (piece->kind == Piece::Kind::kOne) {
        if (text.empty()) return false;
        text.remove_suffix(last_character(text));
        continue;
      }
      const std::string_view wanted = text_of(*piece);
      if (wanted.size() > text.size() || !equals(text.substr(text.size() - wanted.size()), wanted)) return false;
      text.remove_suffix(wanted.size());
    }
    return true;
  }

  /// Cuts off everything up to the end of the group's first place in the text.
  [[nodiscard]] bool take_first(Group group, std::string_view& text) const noexcept {
    if (group.size() == 1 && group.front().kind == Piece::Kind::kText && !pattern_.ignores_case_) {
      const std::string& wanted = group.front().text;
      // memmem is linear, which string_view::find does not promise.
      const void* found = ::memmem(text.data(), text.size(), wanted.data(), wanted.size());
      if (found == nullptr) return false;
      text.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) + wanted.size());
      return true;
    }
    for (std::string_view from = text;; from.remove_prefix(first_character(from))) {
      std::string_view behind = from;
      if (take_front(group, behind)) {
        text = behind;
        return true;
      }
      if (from.empty()) return false;
    }
  }

  const Pattern& pattern_;
  const AccessContext& context_;
};

void Pattern::add_text(std::string_view text) {
  if (text.empty()) return;
  if (pieces_.empty() || pieces_.back().kind != Piece::Kind::kText) pieces_.push_back({Piece::Kind::kText, 0, {}});
  pieces_.back().text += text;
}

std::optional<Error> Pattern::add_variable(std::string_view inside) {
  const std::string whole = "${" + std::string(inside) + "}";
  const auto comma = inside.find(',');
  Variable variable;
  auto key = parse_condition_key(trim(inside.substr(0, comma)));
  if (!key) return Error{Errc::kInvalidArgument, whole + ": " + key.error().detail};
  if (is_time(key->name) || key->name == KeyName::kTagKeys)
    return Error{Errc::kInvalidArgument, whole + ": a variable needs a key with one text as its value"};
  variable.key = *std::move(key);
  if (comma != std::string_view::npos) {
    const std::string_view fallback = trim(inside.substr(comma + 1));
    if (fallback.size() < 2 || !fallback.starts_with('\'') || !fallback.ends_with('\''))
      return Error{Errc::kInvalidArgument, whole + ": a default is written in single quotes, ${key, 'text'}"};
    variable.fallback = fallback.substr(1, fallback.size() - 2);
  }
  pieces_.push_back({Piece::Kind::kVariable, static_cast<std::uint16_t>(variables_.size()), {}});
  variables_.push_back(std::move(variable));
  return std::nullopt;
}

Result<Pattern> Pattern::parse(std::string_view text, Syntax syntax) {
  Pattern pattern;
  pattern.ignores_case_ = syntax.ignores_case;
  while (!text.empty()) {
    if (syntax.variables && text.starts_with("${")) {
      const auto end = text.find('}');
      if (end == std::string_view::npos)
        return Error{Errc::kInvalidArgument, "\"" + std::string(text) + "\": a ${ has no }"};
      const std::string_view inside = text.substr(2, end - 2);
      text.remove_prefix(end + 1);
      if (inside == "*" || inside == "?" || inside == "$") {
        pattern.add_text(inside);
      } else if (auto wrong = pattern.add_variable(inside)) {
        return *std::move(wrong);
      }
      continue;
    }
    if (syntax.wildcards && text.starts_with('?')) {
      pattern.pieces_.push_back({Piece::Kind::kOne, 0, {}});
    } else if (syntax.wildcards && text.starts_with('*')) {
      // Two stars in a row mean what one means.
      if (pattern.pieces_.empty() || pattern.pieces_.back().kind != Piece::Kind::kMany)
        pattern.pieces_.push_back({Piece::Kind::kMany, 0, {}});
    } else {
      pattern.add_text(text.substr(0, 1));
    }
    text.remove_prefix(1);
  }
  return pattern;
}

Match Pattern::match(std::string_view text, const AccessContext& context) const noexcept {
  const PatternMatcher matcher(*this, context);
  if (!variables_.empty() && !matcher.has_all_values()) return Match::kUnknown;
  return matcher.matches(text) ? Match::kYes : Match::kNo;
}

bool Pattern::uses(KeyName name) const noexcept {
  return std::any_of(variables_.begin(), variables_.end(), [name](const Variable& v) { return v.key.name == name; });
}

}  // namespace heliograph::core
