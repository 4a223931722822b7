// Authorizer: whether a principal may do what it asks, by its policies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "core/policy/decision.hpp"
#include "heliograph/result.hpp"
#include "server/log_gate.hpp"
#include "server/principal.hpp"
#include "server/refusals/refusal_book.hpp"
#include "server/request_context.hpp"
#include "store/store.hpp"

namespace heliograph::server {

/// What a request is about, as policies see it.
struct AccessTarget {
  std::string resource;                 ///< An ARN; "*" for actions on no channel in particular.
  store::Tags request_tags{};           ///< aws:RequestTag/key: what is to be tagged with what.
  std::vector<std::string> tag_keys{};  ///< aws:TagKeys: of these tags, or of those to be removed.
};

/// The resource of what concerns a channel or stream (`kind`) of which only the name is known, because there is none:
/// the code in its ARN is a star, which `channel/NAME/*` covers.
[[nodiscard]] std::string unmade_arn(const wire::ArnScope& scope, std::string_view kind, std::string_view name);

/// The text of the real service for a denial.
[[nodiscard]] std::string to_denial_text(std::string_view principal_arn, std::string_view action,
                                         std::string_view resource, const core::Decision& decision);

/// What policies say to a request, before anybody was told.
struct AccessDecision {
  core::Decision::Outcome outcome = core::Decision::Outcome::kImplicitDeny;
  std::string action;    ///< With its service: "kinesisvideo:ConnectAsViewer".
  std::string resource;  ///< ARN, or "*".
  std::string why;       ///< The statement that decided; empty when it allowed and nobody asks.
  std::string denial;    ///< What the peer is told; empty when it is allowed.
};

/// Threads: any. The parts must outlive it.
class Authorizer {
 public:
  Authorizer(const store::Store& store, LogSink& log) : store_(store), log_(log) {}

  /// @param action  the name in the service model, "ConnectAsViewer"; of other services with their prefix,
  /// "sts:AssumeRole".
  /// Fails with kAccessDenied and the text of the real service; which statement it was, is logged, a few times a second
  /// at most. May ask the store for the tags of the resource, if a policy does, and then fails as the store does.
  [[nodiscard]] Result<void> authorize(const Principal& principal, std::string_view action, const AccessTarget& target,
                                       const RequestContext& context) const;

  /// Whether a question of this principal's may wait for the store.
  [[nodiscard]] static bool may_ask_store(const Principal& principal);

  /// The same in two steps, for who has something else to weigh in between. decide() tells nobody, and fails only as
  /// the store does; conclude() notes the decision, keeps a denial, and then fails with kAccessDenied.
  [[nodiscard]] Result<AccessDecision> decide(const Principal& principal, std::string_view action,
                                              const AccessTarget& target, const RequestContext& context) const;
  [[nodiscard]] Result<void> conclude(const Principal& principal, const AccessDecision& decision,
                                      const RequestContext& context) const;

  /// Where denials are kept; before the first question. The book must outlive this.
  void keep_refusals_in(RefusalBook& book) noexcept { book_ = &book; }

  /// arn:aws:iam::000000000000:user/NAME
  [[nodiscard]] std::string arn_of(const Principal& principal) const {
    return server::arn_of(principal, store_.scope());
  }

 private:
  [[nodiscard]] Result<store::Tags> tags_of_resource(const core::PolicyScope& scope, const std::string& arn) const;

  void keep_denial(const Principal& principal, const AccessDecision& decision, const RequestContext& context) const;

  const store::Store& store_;
  LogSink& log_;
  mutable LogGate gate_;
  RefusalBook* book_ = nullptr;
};

}  // namespace heliograph::server
