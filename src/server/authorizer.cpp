// From a principal and a request to what its policies are asked.
#include "server/authorizer.hpp"

#include <algorithm>

#include "wire/arn.hpp"

namespace heliograph::server {
namespace {

using core::Decision;

std::vector<core::TagView> to_views(const store::Tags& tags) {
  std::vector<core::TagView> views;
  views.reserve(tags.size());
  for (const auto& [key, value] : tags) views.push_back({key, value});
  return views;
}

bool asks_for_resource_tags(std::span<const core::Policy> policies) {
  return std::any_of(policies.begin(), policies.end(),
                     [](const core::Policy& policy) { return policy.uses(core::KeyName::kResourceTag); });
}

Result<store::Tags> stream_tags(const store::Store& store, const StreamArn& arn) {
  auto stream = store.stream_by_arn(arn);
  if (!stream) return stream.error();
  return std::move(stream->tags);
}

std::string_view kind_of(Decision::Source source) noexcept {
  switch (source) {
    case Decision::Source::kIdentity:
      return "identity-based policy";
    case Decision::Source::kSession:
      return "session policy";
  }
  return {};
}

}  // namespace

std::string unmade_arn(const wire::ArnScope& scope, std::string_view kind, std::string_view name) {
  return "arn:" + scope.partition + ":kinesisvideo:" + scope.region + ':' + scope.account + ':' + std::string(kind) +
         '/' + std::string(name) + "/*";
}

std::string to_denial_text(std::string_view principal_arn, std::string_view action, std::string_view resource,
                           const core::Decision& decision) {
  const std::string kind(kind_of(decision.source));
  std::string text = "User: " + std::string(principal_arn) + " is not authorized to perform: " + std::string(action) +
                     " on resource: " + std::string(resource);
  if (decision.outcome == Decision::Outcome::kExplicitDeny)
    return text + " with an explicit deny in " + (decision.source == Decision::Source::kIdentity ? "an " : "a ") + kind;
  return text + " because no " + kind + " allows the " + std::string(action) + " action";
}

bool Authorizer::may_ask_store(const Principal& principal) {
  return asks_for_resource_tags(principal.policies) ||
         (principal.session_policies && asks_for_resource_tags(*principal.session_policies));
}

Result<store::Tags> Authorizer::tags_of_resource(const core::PolicyScope& scope, const std::string& arn) const {
  if (!asks_for_resource_tags(scope.identity) && !(scope.session && asks_for_resource_tags(*scope.session)))
    return store::Tags{};
  const auto parsed = wire::parse_arn(arn);
  auto tags =
      parsed && parsed->kind == "stream" ? stream_tags(store_, StreamArn(arn)) : store_.channel_tags(ChannelArn(arn));
  // What is not there has no tags; that it is not there, only those hear who may act on it.
  if (!tags && tags.error().code == Errc::kResourceNotFound) return store::Tags{};
  return tags;
}

void Authorizer::keep_denial(const Principal& principal, const AccessDecision& decision,
                             const RequestContext& context) const {
  const auto held_back = gate_.try_pass(context.at);
  if (!held_back) return;
  log_.write(LogLevel::kInfo, "access denied",
             {{"by", principal.name},
              {"action", decision.action},
              {"resource", decision.resource},
              {"why", decision.why},
              {"request_id", context.request_id},
              {"held_back", std::to_string(*held_back)}});
  if (book_ == nullptr) return;
  book_->add({.at = context.now,
              .request_id = context.request_id,
              .from = context.source_ip,
              .method = {},
              .path = {},
              .type = "AccessDeniedException",
              .detail = decision.denial,
              .access_key = principal.id.str(),
              .action = decision.action,
              .resource = decision.resource,
              .decision = decision.why});
}

Result<void> Authorizer::authorize(const Principal& principal, std::string_view action, const AccessTarget& target,
                                   const RequestContext& context) const {
  const auto decision = decide(principal, action, target, context);
  if (!decision) return decision.error();
  return conclude(principal, *decision, context);
}

Result<void> Authorizer::conclude(const Principal& principal, const AccessDecision& decision,
                                  const RequestContext& context) const {
  const bool is_allowed = decision.outcome == Decision::Outcome::kAllowed;
  if (context.note) *context.note = {decision.action, decision.resource, decision.why, is_allowed};
  if (is_allowed) return {};
  keep_denial(principal, decision, context);
  return Error{Errc::kAccessDenied, decision.denial};
}

Result<AccessDecision> Authorizer::decide(const Principal& principal, std::string_view action,
                                          const AccessTarget& target, const RequestContext& context) const {
  core::PolicyScope scope{principal.policies, std::nullopt};
  if (principal.session_policies) scope.session = *principal.session_policies;
  const auto resource_tags = tags_of_resource(scope, target.resource);
  if (!resource_tags) return resource_tags.error();

  const std::string arn = arn_of(principal);
  const std::string principal_arn = principal.role ? role_arn(*principal.role, store_.scope()) : arn;
  const std::string full_action =
      action.find(':') == std::string_view::npos ? "kinesisvideo:" + std::string(action) : std::string(action);
  const auto principal_tags = to_views(principal.tags);
  const auto request_tags = to_views(target.request_tags);
  const auto resource_tag_views = to_views(*resource_tags);
  const std::vector<std::string_view> tag_keys(target.tag_keys.begin(), target.tag_keys.end());

  core::AccessRequest request{full_action, target.resource, {}};
  core::AccessContext& facts = request.context;
  facts.source_ip = context.source_ip;
  if (!principal.role) facts.user_name = principal.name;
  facts.user_id = principal.user_id.empty() ? principal.id.view() : std::string_view(principal.user_id);
  facts.principal_arn = principal_arn;
  if (!context.user_agent.empty()) facts.user_agent = context.user_agent;
  if (principal.thing_name) facts.thing_name = *principal.thing_name;
  facts.secure_transport = context.tls;
  facts.now = context.now;
  facts.principal_tags = principal_tags;
  facts.request_tags = request_tags;
  facts.resource_tags = resource_tag_views;
  facts.tag_keys = tag_keys;

  const Decision decision = core::evaluate(scope, request);
  AccessDecision answer{decision.outcome, full_action, target.resource, {}, {}};
  if (context.note || !decision.is_allowed()) answer.why = core::explain(decision, request);
  if (!decision.is_allowed()) answer.denial = to_denial_text(arn, full_action, target.resource, decision);
  return answer;
}

}  // namespace heliograph::server
