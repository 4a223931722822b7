// What the two calls of STS have in common: where they go, what they ask for, what the answer means.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sdk/credentials/repeated_call.hpp"
#include "sdk/credentials/source.hpp"
#include "sdk/world.hpp"

namespace heliograph::sdk {

/// A role to be had, whichever way.
struct StsRole {
  std::string arn;
  std::string session_name{};  ///< Empty: one is made up.
  std::string external_id{};
  std::string policy{};
  std::chrono::seconds duration{0};
  std::string region{};
  std::string endpoint{};          ///< Given by the caller.
  std::string profile_endpoint{};  ///< Given by a profile.
};

/// With the region that variables and the profile say, if it has none.
[[nodiscard]] StsRole with_region(const World& world, StsRole role);

/// Fails with kInvalidArgument, saying which: what STS would refuse anyway, said at once.
[[nodiscard]] Result<void> check_role(const StsRole& role);

/// The unsigned request: `action` with the role and `more` parameters. Fails with kInvalidArgument.
[[nodiscard]] Result<net::HttpCall> make_sts_call(const World& world, std::string_view action, const StsRole& role,
                                                  const std::vector<std::pair<std::string, std::string>>& more);
/// The region that requests are signed for.
[[nodiscard]] std::string signing_region(const StsRole& role);
/// Tries again on answers that say that it may work then.
[[nodiscard]] RepeatRule sts_rule();

/// The credentials in an answer; else an error that begins with the action's name and says what the service said.
[[nodiscard]] Result<Credentials> read_sts_answer(const World& world, std::string_view action,
                                                  const Result<net::HttpReply>& reply, std::string_view secret = {});

}  // namespace heliograph::sdk
