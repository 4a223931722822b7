// ARNs of principals, and the one policy that is there from the start.
#include "server/principal.hpp"

#include <stdexcept>

namespace heliograph::server {

std::string arn_of(const Principal& principal, const wire::ArnScope& scope) {
  const std::string account = "::" + scope.account + ':';
  return principal.role ? "arn:" + scope.partition + ":sts" + account + "assumed-role/" + principal.name
                        : "arn:" + scope.partition + ":iam" + account + "user/" + principal.name;
}

std::string role_arn(std::string_view role, const wire::ArnScope& scope) {
  return "arn:" + scope.partition + ":iam::" + scope.account + ":role/" + std::string(role);
}

const core::Policy& administrator_access() {
  static const core::Policy policy = []() {
    auto parsed = core::Policy::parse("AdministratorAccess",
                                      R"({"Version": "2012-10-17", "Statement":
                                          {"Effect": "Allow", "Action": ["kinesisvideo:*", "sts:*"], "Resource": "*"}})");
    if (!parsed) throw std::logic_error(parsed.error().detail);
    return *std::move(parsed);
  }();
  return policy;
}

}  // namespace heliograph::server
