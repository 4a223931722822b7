// Pattern: a text of a policy with wildcards and variables, and whether a text of a request fits it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/access_request.hpp"
#include "core/policy/condition_key.hpp"
#include "heliograph/result.hpp"

namespace heliograph::core {

enum class Match : std::uint8_t {
  kNo,
  kYes,
  kUnknown,  ///< It would depend on a variable for which the request has no value.
};

/// `*` is any number of characters, whatever they are ('/' and ':' included); `?` is one character of UTF-8; `${key}`
/// is the value that the request has for the key, `${key, 'text'}` the same with a default; `${*}`, `${?}`, `${$}` are
/// the characters themselves. A value put in for a variable is plain text: wildcards in it mean nothing.
///
/// Cost: linear in the text; only a `?` or a variable between two stars makes it the text times that part of the
/// pattern. No recursion, no allocation.
class Pattern {
 public:
  struct Syntax {
    bool wildcards = true;
    bool variables = true;
    bool ignores_case = false;
  };

  /// Fails with kInvalidArgument: a `${` that has no end, or names no key that has one text.
  [[nodiscard]] static Result<Pattern> parse(std::string_view text, Syntax syntax);

  [[nodiscard]] Match match(std::string_view text, const AccessContext& context) const noexcept;
  /// Whether a variable asks for a tag of the resource.
  [[nodiscard]] bool uses(KeyName name) const noexcept;

 private:
  friend class PatternMatcher;
  struct Variable {
    ConditionKey key;
    std::optional<std::string> fallback;
  };
  struct Piece {
    enum class Kind : std::uint8_t { kText, kOne, kMany, kVariable };
    Kind kind{};
    std::uint16_t variable = 0;  ///< Index into variables_.
    std::string text;
  };

  void add_text(std::string_view text);
  [[nodiscard]] std::optional<Error> add_variable(std::string_view inside);

  std::vector<Piece> pieces_;
  std::vector<Variable> variables_;
  bool ignores_case_ = false;
};

}  // namespace heliograph::core
