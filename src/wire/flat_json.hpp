// FlatJsonReader: the members of one flat JSON object, strictly by RFC 8259 and without building a tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace heliograph::wire {

/// One member of the object read.
struct JsonMember {
  enum class Kind : std::uint8_t { kString, kNull, kObject, kOther };
  Kind kind{};
  std::string_view name;   ///< Escapes decoded.
  std::string_view value;  ///< Strings: without quotes, escapes decoded. Everything else: the text as it stands.
  /// Strings without escapes: how many characters at the start are digits of base64 (find_base64_stop).
  std::size_t base64_digits = 0;
};

/// Walks over the members of a text that must be exactly one JSON object. Nested values are checked and skipped, never
/// decoded. What it accepts any RFC 8259 parser accepts; beyond the RFC it refuses nesting deeper than kMaxDepth,
/// numbers longer than kMaxNumber and lone surrogates. It does not look at UTF-8: the frame's text was checked.
///
/// Usage: call next() until it gives nothing, then ask failure(); empty means that the whole text was one object.
/// Lifetime: views live as long as the text and, for strings with escapes, until `scratch` is next touched.
/// Allocation: none for text without escapes; otherwise at most one growth of `scratch` for a reader.
class FlatJsonReader {
 public:
  static constexpr int kMaxDepth = 16;
  static constexpr std::size_t kMaxNumber = 64;

  /// @param scratch  receives decoded strings; what it holds already is kept.
  FlatJsonReader(std::string_view text, std::string& scratch) noexcept : text_(text), scratch_(&scratch) {}

  /// The next member, in the order of the text; duplicates are given as often as they occur.
  [[nodiscard]] std::optional<JsonMember> next() {
    // Made where the caller wants it: copying it took as long as reading it.
    std::optional<JsonMember> member(std::in_place);
    if (!read_member(*member)) member.reset();
    return member;
  }
  /// The rule that was broken, in words; empty while none was.
  [[nodiscard]] std::string_view failure() const noexcept { return failure_; }
  /// Where in the text the reader stands (the place of the failure, if there was one).
  [[nodiscard]] std::size_t position() const noexcept { return at_; }

 private:
  enum class Place : std::uint8_t { kStart, kInside, kEnd };

  [[nodiscard]] bool at_end() const noexcept { return at_ >= text_.size(); }
  [[nodiscard]] bool take(char wanted) noexcept {
    if (at_end() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  void skip_space() noexcept {
    if (!at_end() && static_cast<unsigned char>(text_[at_]) <= ' ') skip_more_space();
  }
  void skip_more_space() noexcept;
  [[nodiscard]] bool refuse(std::string_view rule) noexcept;
  /// False at the end, and when a rule was broken.
  [[nodiscard]] bool read_member(JsonMember& member);
  /// The decoded string behind the opening quote at the present place.
  [[nodiscard]] bool read_string(std::string_view& decoded);
  [[nodiscard]] bool read_string_value(JsonMember& member);
  [[nodiscard]] bool read_escaped_string(std::size_t begin, std::string_view& decoded);
  /// Reads the escape behind a backslash; appends what it stands for when `decoded` is given.
  [[nodiscard]] bool read_escape(std::string* decoded);
  [[nodiscard]] bool read_unicode_escape(std::string* decoded);
  [[nodiscard]] std::optional<unsigned> read_four_hex() noexcept;
  [[nodiscard]] bool skip_string();
  [[nodiscard]] bool skip_value(int depth);
  [[nodiscard]] bool skip_members(int depth);
  [[nodiscard]] bool skip_elements(int depth);
  [[nodiscard]] bool skip_number() noexcept;
  [[nodiscard]] bool skip_digits() noexcept;
  [[nodiscard]] bool skip_word(std::string_view word) noexcept;

  std::string_view text_;
  std::string* scratch_;
  std::string_view failure_;
  std::size_t at_ = 0;
  Place place_ = Place::kStart;
  bool scratch_reserved_ = false;
};

}  // namespace heliograph::wire
