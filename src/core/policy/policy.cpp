// Statements: compiled once, asked often.
#include "core/policy/policy.hpp"

#include <algorithm>
#include <utility>

namespace heliograph::core {
namespace {

Error at(const std::string& place, const Error& error) { return {error.code, place + ": " + error.detail}; }

bool is_action_name(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const char low = fold_case(c);
    return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c == '*' || c == '?';
  });
}

bool is_service_name(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const char low = fold_case(c);
    return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// "*", or service:name with wildcards in the name. Actions of other services are taken: policies are often shared.
bool is_action(std::string_view text) noexcept {
  const auto colon = text.find(':');
  return text == "*" || (colon != std::string_view::npos && is_service_name(text.substr(0, colon)) &&
                         is_action_name(text.substr(colon + 1)));
}

bool is_resource(std::string_view text) noexcept { return text == "*" || text.starts_with("arn:"); }

Error wrong(std::string_view value, std::string_view rule) {
  return {Errc::kInvalidArgument, "\"" + std::string(value) + "\" " + std::string(rule)};
}

}  // namespace

bool Statement::Selection::has(std::string_view text, const AccessContext& context) const noexcept {
  Match answer = Match::kNo;
  for (const Pattern& pattern : any) {
    const Match one = pattern.match(text, context);
    if (one == Match::kYes) return !inverted;
    if (one == Match::kUnknown) answer = one;
  }
  // A variable without a value: neither in the list nor out of it.
  return inverted && answer == Match::kNo;
}

Result<Statement> Statement::compile(const wire::PolicyStatement& written, bool variables, KeyScope scope) {
  Statement statement;
  statement.sid_ = written.sid;
  statement.allows_ = written.allows;
  statement.actions_.inverted = written.inverts_actions;
  for (const std::string& action : written.actions) {
    const std::string place = written.inverts_actions ? "NotAction" : "Action";
    if (!is_action(action)) return at(place, wrong(action, "is neither * nor service:Action, kinesisvideo:ConnectAs*"));
    auto pattern = Pattern::parse(action, {.wildcards = true, .variables = false, .ignores_case = true});
    if (!pattern) return at(place, pattern.error());
    statement.actions_.any.push_back(*std::move(pattern));
  }
  statement.resources_.inverted = written.inverts_resources;
  for (const std::string& resource : written.resources) {
    const std::string place = written.inverts_resources ? "NotResource" : "Resource";
    if (!is_resource(resource)) return at(place, wrong(resource, "is neither * nor an ARN, which begins with arn:"));
    auto pattern = Pattern::parse(resource, {.wildcards = true, .variables = variables, .ignores_case = false});
    if (!pattern) return at(place, pattern.error());
    statement.resources_.any.push_back(*std::move(pattern));
  }
  for (const wire::PolicyCondition& each : written.conditions) {
    auto condition = Condition::parse(each, variables, scope);
    if (!condition) return at("Condition." + each.test + '.' + each.key, condition.error());
    statement.conditions_.push_back(*std::move(condition));
  }
  return statement;
}

Reach Statement::reach(const AccessRequest& request) const noexcept {
  if (!actions_.has(request.action, request.context)) return {Reach::Stop::kAction};
  if (!resources_.has(request.resource, request.context)) return {Reach::Stop::kResource};
  for (std::size_t i = 0; i < conditions_.size(); ++i)
    if (!conditions_[i].holds(request.context)) return {Reach::Stop::kCondition, i};
  return {Reach::Stop::kNowhere};
}

bool Statement::uses(KeyName name) const noexcept {
  return std::any_of(conditions_.begin(), conditions_.end(), [name](const auto& each) { return each.uses(name); }) ||
         std::any_of(resources_.any.begin(), resources_.any.end(),
                     [name](const auto& each) { return each.uses(name); });
}

Result<Policy> Policy::parse(std::string name, std::string_view text) {
  const auto document = wire::parse_policy_document(text);
  if (!document) return document.error();
  return compile(std::move(name), *document);
}

Result<Policy> Policy::compile(std::string name, const wire::PolicyDocument& document) {
  Policy policy;
  policy.name_ = std::move(name);
  for (std::size_t i = 0; i < document.statements.size(); ++i) {
    auto statement = Statement::compile(document.statements[i], document.has_variables);
    if (!statement) {
      const Error& error = statement.error();
      return Error{error.code, wire::statement_place(i, document.statements[i].sid) + ", " + error.detail};
    }
    policy.statements_.push_back(*std::move(statement));
  }
  return policy;
}

bool Policy::uses(KeyName name) const noexcept {
  return std::any_of(statements_.begin(), statements_.end(), [name](const auto& each) { return each.uses(name); });
}

}  // namespace heliograph::core
