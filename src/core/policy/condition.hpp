// Condition: one test of a statement: an operator, a key, and the values to compare with.
#pragma once

#include <array>
#include <string>
#include <variant>
#include <vector>

#include "core/policy/condition_key.hpp"
#include "core/policy/condition_operator.hpp"
#include "core/policy/pattern.hpp"
#include "core/policy/values.hpp"
#include "wire/policy_document.hpp"

namespace heliograph::core {

/// Rules, as IAM has them:
///   1. Of several values in the policy one must match; for a negated operator none may.
///   2. A key that the request does not have matches nothing, so a negated operator holds; …IfExists holds anyway.
///      ForAllValues: then holds, ForAnyValue: does not, whatever follows.
///   3. A request with several values (aws:TagKeys) and no quantifier: one must match; negated, none may.
///   4. A variable without a value lets a test neither match nor not match: it does not hold.
class Condition {
 public:
  /// @param variables  `${…}` in strings and ARNs is a variable.
  /// Fails with kInvalidArgument, quoting the operator, key or value that is wrong.
  [[nodiscard]] static Result<Condition> parse(const wire::PolicyCondition& written, bool variables,
                                               KeyScope scope = KeyScope::kRequest);

  [[nodiscard]] bool holds(const AccessContext& context) const noexcept;

  [[nodiscard]] const std::string& test_name() const noexcept { return test_name_; }
  [[nodiscard]] const std::string& key_name() const noexcept { return key_name_; }
  [[nodiscard]] const ConditionKey& key() const noexcept { return key_; }
  /// Whether the key or a variable in a value is `name`.
  [[nodiscard]] bool uses(KeyName name) const noexcept;

 private:
  /// The six parts of an ARN between the colons, each with wildcards of its own.
  using ArnPattern = std::array<Pattern, 6>;
  struct TextTest {
    std::vector<Pattern> any;
  };
  struct ArnTest {
    std::vector<ArnPattern> any;
  };
  struct NumberTest {
    Comparison comparison;
    std::vector<double> any;
  };
  struct DateTest {
    Comparison comparison;
    std::vector<WallTime> any;
  };
  struct BoolTest {
    bool takes_true = false;
    bool takes_false = false;
  };
  struct IpTest {
    std::vector<IpRange> any;
  };
  struct NullTest {
    bool wants_absence = false;
  };
  using Test = std::variant<TextTest, ArnTest, NumberTest, DateTest, BoolTest, IpTest, NullTest>;
  struct Matcher;

  [[nodiscard]] static Result<ArnPattern> parse_arn_pattern(std::string_view text, bool variables);
  [[nodiscard]] Result<void> read_values(const std::vector<std::string>& values, bool variables);
  [[nodiscard]] bool holds_for(const KeyValue& value, const AccessContext& context) const noexcept;
  [[nodiscard]] bool holds_without_value() const noexcept;

  std::string test_name_;
  std::string key_name_;
  ConditionOperator operator_;
  ConditionKey key_;
  Test test_;
};

}  // namespace heliograph::core
