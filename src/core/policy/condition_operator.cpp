// The table of operators: their names in the IAM user guide, "IAM JSON policy elements: Condition operators".
#include "core/policy/condition_operator.hpp"

#include <string>

namespace heliograph::core {
namespace {

struct Row {
  std::string_view name;
  TestKind kind;
  Comparison comparison = Comparison::kEqual;
  bool negated = false;
};

constexpr Row kOperators[] = {
    {"StringEquals", TestKind::kStringEquals},
    {"StringNotEquals", TestKind::kStringEquals, Comparison::kEqual, true},
    {"StringEqualsIgnoreCase", TestKind::kStringEqualsIgnoreCase},
    {"StringNotEqualsIgnoreCase", TestKind::kStringEqualsIgnoreCase, Comparison::kEqual, true},
    {"StringLike", TestKind::kStringLike},
    {"StringNotLike", TestKind::kStringLike, Comparison::kEqual, true},
    {"ArnEquals", TestKind::kArnLike},
    {"ArnNotEquals", TestKind::kArnLike, Comparison::kEqual, true},
    {"ArnLike", TestKind::kArnLike},
    {"ArnNotLike", TestKind::kArnLike, Comparison::kEqual, true},
    {"NumericEquals", TestKind::kNumeric},
    {"NumericNotEquals", TestKind::kNumeric, Comparison::kEqual, true},
    {"NumericLessThan", TestKind::kNumeric, Comparison::kLess},
    {"NumericLessThanEquals", TestKind::kNumeric, Comparison::kLessOrEqual},
    {"NumericGreaterThan", TestKind::kNumeric, Comparison::kGreater},
    {"NumericGreaterThanEquals", TestKind::kNumeric, Comparison::kGreaterOrEqual},
    {"DateEquals", TestKind::kDate},
    {"DateNotEquals", TestKind::kDate, Comparison::kEqual, true},
    {"DateLessThan", TestKind::kDate, Comparison::kLess},
    {"DateLessThanEquals", TestKind::kDate, Comparison::kLessOrEqual},
    {"DateGreaterThan", TestKind::kDate, Comparison::kGreater},
    {"DateGreaterThanEquals", TestKind::kDate, Comparison::kGreaterOrEqual},
    {"Bool", TestKind::kBool},
    {"IpAddress", TestKind::kIpAddress},
    {"NotIpAddress", TestKind::kIpAddress, Comparison::kEqual, true},
    {"Null", TestKind::kNull},
};

bool cut_prefix(std::string_view& text, std::string_view prefix) noexcept {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

Result<ConditionOperator> parse_condition_operator(std::string_view text) {
  const std::string quoted = "\"" + std::string(text) + "\"";
  ConditionOperator parsed;
  if (cut_prefix(text, "ForAllValues:")) {
    parsed.quantifier = Quantifier::kForAllValues;
  } else if (cut_prefix(text, "ForAnyValue:")) {
    parsed.quantifier = Quantifier::kForAnyValue;
  }
  if (text.ends_with("IfExists")) {
    parsed.if_exists = true;
    text.remove_suffix(std::string_view("IfExists").size());
  }
  for (const Row& row : kOperators) {
    if (row.name != text) continue;
    parsed.kind = row.kind;
    parsed.comparison = row.comparison;
    parsed.negated = row.negated;
    if (row.kind == TestKind::kNull && (parsed.if_exists || parsed.quantifier != Quantifier::kNone))
      return Error{Errc::kInvalidArgument, quoted + ": Null takes neither IfExists nor ForAllValues: or ForAnyValue:"};
    return parsed;
  }
  return Error{Errc::kInvalidArgument,
               quoted +
                   " is not a condition operator of this service; there are StringEquals, StringLike, ArnLike, "
                   "NumericEquals, NumericLessThan, DateEquals, DateLessThan and their kin, Bool, IpAddress, Null"};
}

}  // namespace heliograph::core
