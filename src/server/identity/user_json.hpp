// Users and roles as the JSON of the admin API.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "heliograph/result.hpp"
#include "server/identity/directory.hpp"

namespace heliograph::server::identity {

[[nodiscard]] boost::json::object to_json(const store::User& user);
[[nodiscard]] boost::json::object to_json(const store::Role& role);

/// What a body sets. Fails with kInvalidArgument naming the member that is wrong or unknown.
[[nodiscard]] Result<UserChange> parse_user_change(const boost::json::object& body);
[[nodiscard]] Result<RoleChange> parse_role_change(const boost::json::object& body);

}  // namespace heliograph::server::identity
