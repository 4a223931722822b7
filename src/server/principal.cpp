// The one policy that is there from the start.
#include "server/principal.hpp"

#include <stdexcept>

namespace heliograph::server {

const core::Policy& administrator_access() {
  static const core::Policy policy = []() {
    auto parsed = core::Policy::parse("AdministratorAccess",
                                      R"({"Version": "2012-10-17", "Statement":
                                          {"Effect": "Allow", "Action": "kinesisvideo:*", "Resource": "*"}})");
    if (!parsed) throw std::logic_error(parsed.error().detail);
    return *std::move(parsed);
  }();
  return policy;
}

}  // namespace heliograph::server
