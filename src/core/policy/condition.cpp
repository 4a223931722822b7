// Whether a condition holds.
#include "core/policy/condition.hpp"

#include <algorithm>

namespace heliograph::core {
namespace {

template <class T>
bool compares(Comparison comparison, const T& asked, const T& written) noexcept {
  switch (comparison) {
    case Comparison::kEqual:
      return asked == written;
    case Comparison::kLess:
      return asked < written;
    case Comparison::kLessOrEqual:
      return asked <= written;
    case Comparison::kGreater:
      return asked > written;
    case Comparison::kGreaterOrEqual:
      return asked >= written;
  }
  return false;
}

Match to_match(bool matches) noexcept { return matches ? Match::kYes : Match::kNo; }

/// One match is enough; without one, a value that is not known leaves the answer open.
template <class List, class MatchOne>
Match match_any(const List& list, const MatchOne& match_one) noexcept {
  Match answer = Match::kNo;
  for (const auto& each : list) {
    const Match one = match_one(each);
    if (one == Match::kYes) return one;
    if (one == Match::kUnknown) answer = one;
  }
  return answer;
}

std::optional<double> to_number(const KeyValue& value) noexcept {
  if (value.time) return std::chrono::duration<double>(value.time->time_since_epoch()).count();
  return parse_policy_number(value.text);
}

/// Cuts everything before the next colon off; all that is left when there is none.
std::string_view take_part(std::string_view& text) noexcept {
  const auto colon = text.find(':');
  const std::string_view part = text.substr(0, colon);
  text = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  return part;
}

}  // namespace

/// Whether one value of a request is among those that are written.
struct Condition::Matcher {
  const KeyValue& value;
  const AccessContext& context;

  Match operator()(const TextTest& test) const noexcept {
    return match_any(test.any, [this](const Pattern& each) { return each.match(value.text, context); });
  }
  Match operator()(const ArnTest& test) const noexcept {
    return match_any(test.any, [this](const ArnPattern& each) { return match_arn(each); });
  }
  Match operator()(const NumberTest& test) const noexcept {
    const auto asked = to_number(value);
    if (!asked) return Match::kNo;
    return match_any(test.any, [&](double each) { return to_match(compares(test.comparison, *asked, each)); });
  }
  Match operator()(const DateTest& test) const noexcept {
    const auto asked = value.time ? value.time : parse_policy_date(value.text);
    if (!asked) return Match::kNo;
    return match_any(test.any, [&](WallTime each) { return to_match(compares(test.comparison, *asked, each)); });
  }
  Match operator()(const BoolTest& test) const noexcept {
    const auto asked = parse_policy_bool(value.text);
    return to_match(asked && (*asked ? test.takes_true : test.takes_false));
  }
  Match operator()(const IpTest& test) const noexcept {
    const auto asked = parse_ip_address(value.text);
    if (!asked) return Match::kNo;
    return match_any(test.any, [&](const IpRange& each) { return to_match(each.contains(*asked)); });
  }
  Match operator()(const NullTest&) const noexcept { return Match::kNo; }

 private:
  [[nodiscard]] Match match_arn(const ArnPattern& pattern) const noexcept {
    std::string_view rest = value.text;
    if (std::count(rest.begin(), rest.end(), ':') < 5) return Match::kNo;
    Match answer = Match::kYes;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const Match one = pattern[i].match(i + 1 < pattern.size() ? take_part(rest) : rest, context);
      if (one == Match::kNo) return one;
      if (one == Match::kUnknown) answer = one;
    }
    return answer;
  }
};

bool Condition::holds_without_value() const noexcept {
  // IAM, "...IfExists condition operators": "If the key is not present, evaluate the condition element as true."
  if (operator_.if_exists) return true;
  switch (operator_.quantifier) {
    case Quantifier::kForAllValues:
      return true;
    case Quantifier::kForAnyValue:
      return false;
    case Quantifier::kNone:
      return operator_.negated;
  }
  return false;
}

bool Condition::holds_for(const KeyValue& value, const AccessContext& context) const noexcept {
  return std::visit(Matcher{value, context}, test_) == (operator_.negated ? Match::kNo : Match::kYes);
}

bool Condition::holds(const AccessContext& context) const noexcept {
  const KeyValues values = find_values(context, key_);
  if (const auto* null = std::get_if<NullTest>(&test_)) return (values.size() == 0) == null->wants_absence;
  if (values.size() == 0) return holds_without_value();
  const bool needs_all = operator_.quantifier == Quantifier::kForAllValues ||
                         (operator_.quantifier == Quantifier::kNone && operator_.negated);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (holds_for(values[i], context) != needs_all) return !needs_all;
  return needs_all;
}

bool Condition::uses(KeyName name) const noexcept {
  if (key_.name == name) return true;
  const auto uses_it = [name](const Pattern& pattern) { return pattern.uses(name); };
  if (const auto* text = std::get_if<TextTest>(&test_)) return std::any_of(text->any.begin(), text->any.end(), uses_it);
  const auto* arn = std::get_if<ArnTest>(&test_);
  return arn != nullptr && std::any_of(arn->any.begin(), arn->any.end(), [&](const ArnPattern& pattern) {
           return std::any_of(pattern.begin(), pattern.end(), uses_it);
         });
}

}  // namespace heliograph::core
