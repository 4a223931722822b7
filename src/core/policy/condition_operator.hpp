// ConditionOperator: the names of the tests in a Condition, taken apart.
#pragma once

#include <cstdint>
#include <string_view>

#include "heliograph/result.hpp"

namespace heliograph::core {

enum class TestKind : std::uint8_t {
  kStringEquals,
  kStringEqualsIgnoreCase,
  kStringLike,
  kArnLike,  ///< ArnEquals is the same: "ArnEquals and ArnLike behave identically" (IAM user guide).
  kNumeric,
  kDate,
  kBool,
  kIpAddress,
  kNull,
};

enum class Comparison : std::uint8_t { kEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

/// What a request with several values, or none, has to fulfil.
enum class Quantifier : std::uint8_t {
  kNone,
  kForAllValues,  ///< Every value; none is fine.
  kForAnyValue,   ///< At least one value.
};

struct ConditionOperator {
  TestKind kind{};
  Comparison comparison = Comparison::kEqual;  ///< Of numbers and dates.
  bool negated = false;                        ///< StringNotLike, NotIpAddress, …
  Quantifier quantifier = Quantifier::kNone;
  bool if_exists = false;  ///< Holds when the request does not have the key.
};

/// Reads "StringLike", "ForAnyValue:StringNotEquals", "DateLessThanIfExists"; case counts. Fails with kInvalidArgument.
[[nodiscard]] Result<ConditionOperator> parse_condition_operator(std::string_view text);

}  // namespace heliograph::core
