// From the text of a condition to a test: every value is read once, when the policy is loaded.
#include "core/policy/condition.hpp"

namespace heliograph::core {
namespace {

Error wrong(std::string_view value, std::string_view rule) {
  return {Errc::kInvalidArgument, "\"" + std::string(value) + "\" " + std::string(rule)};
}

bool is_text_test(TestKind kind) noexcept {
  switch (kind) {
    case TestKind::kStringEquals:
    case TestKind::kStringEqualsIgnoreCase:
    case TestKind::kStringLike:
    case TestKind::kArnLike:
    case TestKind::kBool:
    case TestKind::kIpAddress:
      return true;
    case TestKind::kNumeric:
    case TestKind::kDate:
    case TestKind::kNull:
      return false;
  }
  return false;
}

/// The next colon that is not inside a variable.
std::size_t find_colon(std::string_view text, bool variables) noexcept {
  bool is_inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (variables && text.substr(i).starts_with("${")) is_inside = true;
    if (text[i] == '}') is_inside = false;
    if (text[i] == ':' && !is_inside) return i;
  }
  return std::string_view::npos;
}

template <class T, class Parse>
Result<std::vector<T>> parse_each(const std::vector<std::string>& values, const Parse& parse) {
  std::vector<T> parsed;
  for (const std::string& value : values) {
    Result<T> one = parse(value);
    if (!one) return one.error();
    parsed.push_back(*std::move(one));
  }
  return parsed;
}

/// The same with a `parse` that gives an optional, and the rule that a bad value breaks.
template <class T, class Parse>
Result<std::vector<T>> parse_each(const std::vector<std::string>& values, const Parse& parse, std::string_view rule) {
  return parse_each<T>(values, [&](const std::string& value) -> Result<T> {
    const auto one = parse(value);
    if (!one) return wrong(value, rule);
    return *one;
  });
}

}  // namespace

Result<Condition::ArnPattern> Condition::parse_arn_pattern(std::string_view text, bool variables) {
  const std::string_view whole = text;
  ArnPattern pattern;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool is_last = i + 1 == pattern.size();
    const std::size_t colon = is_last ? std::string_view::npos : find_colon(text, variables);
    // A lone star is any ARN.
    if (!is_last && colon == std::string_view::npos && whole != "*")
      return wrong(whole, "is not an ARN, which has six parts between colons; each may have wildcards");
    auto part = Pattern::parse(whole == "*" ? whole : text.substr(0, colon),
                               {.wildcards = true, .variables = variables, .ignores_case = false});
    if (!part) return part.error();
    pattern[i] = *std::move(part);
    if (whole != "*" && !is_last) text.remove_prefix(colon + 1);
  }
  return pattern;
}

Result<void> Condition::read_values(const std::vector<std::string>& values, bool variables) {
  switch (operator_.kind) {
    case TestKind::kStringEquals:
    case TestKind::kStringEqualsIgnoreCase:
    case TestKind::kStringLike: {
      const Pattern::Syntax syntax{.wildcards = operator_.kind == TestKind::kStringLike,
                                   .variables = variables,
                                   .ignores_case = operator_.kind == TestKind::kStringEqualsIgnoreCase};
      auto patterns =
          parse_each<Pattern>(values, [&](const std::string& value) { return Pattern::parse(value, syntax); });
      if (!patterns) return patterns.error();
      test_ = TextTest{*std::move(patterns)};
      return {};
    }
    case TestKind::kArnLike: {
      auto patterns =
          parse_each<ArnPattern>(values, [&](const std::string& value) { return parse_arn_pattern(value, variables); });
      if (!patterns) return patterns.error();
      test_ = ArnTest{*std::move(patterns)};
      return {};
    }
    case TestKind::kNumeric: {
      auto numbers = parse_each<double>(values, parse_policy_number, "is not a number");
      if (!numbers) return numbers.error();
      test_ = NumberTest{operator_.comparison, *std::move(numbers)};
      return {};
    }
    case TestKind::kDate: {
      auto dates = parse_each<WallTime>(values, parse_policy_date,
                                        "is not a date such as 2026-05-01T10:00:00Z, nor seconds since 1970");
      if (!dates) return dates.error();
      test_ = DateTest{operator_.comparison, *std::move(dates)};
      return {};
    }
    case TestKind::kBool: {
      const auto flags = parse_each<bool>(values, parse_policy_bool, "is neither true nor false");
      if (!flags) return flags.error();
      BoolTest test;
      for (const bool flag : *flags) (flag ? test.takes_true : test.takes_false) = true;
      test_ = test;
      return {};
    }
    case TestKind::kIpAddress: {
      auto ranges = parse_each<IpRange>(values, parse_ip_range,
                                        "is not an address or a range such as 203.0.113.0/24 or 2001:db8::/32");
      if (!ranges) return ranges.error();
      test_ = IpTest{*std::move(ranges)};
      return {};
    }
    case TestKind::kNull: {
      const auto flag = parse_policy_bool(values.front());
      if (!flag || values.size() > 1) return wrong(values.front(), "must be one true or false, for Null");
      test_ = NullTest{*flag};
      return {};
    }
  }
  return {};
}

Result<Condition> Condition::parse(const wire::PolicyCondition& written, bool variables, KeyScope scope) {
  Condition condition;
  condition.test_name_ = written.test;
  condition.key_name_ = written.key;
  const auto parsed = parse_condition_operator(written.test);
  if (!parsed) return parsed.error();
  condition.operator_ = *parsed;
  auto key = parse_condition_key(written.key, scope);
  if (!key) return key.error();
  condition.key_ = *std::move(key);
  const TestKind kind = parsed->kind;
  if (is_time(condition.key_.name) && is_text_test(kind))
    return wrong(written.key, "is a time: compare it with the Date operators");
  if (condition.key_.name == KeyName::kCurrentTime && kind == TestKind::kNumeric)
    return wrong(written.key, "is a date: aws:EpochTime is the same as a number");
  if (auto read = condition.read_values(written.values, variables); !read) return read.error();
  return condition;
}

}  // namespace heliograph::core
