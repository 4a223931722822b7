// What a profile says is to be done for credentials, before any of it is done.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sdk/credentials/profile_files.hpp"
#include "sdk/credentials/sts_call.hpp"

namespace heliograph::sdk {

struct ProfilePlan {
  enum class First : std::uint8_t { kKey, kEnvironment, kInstance, kContainer, kProcess, kWebIdentity };
  First first{};
  Credentials key{};             ///< kKey
  std::string command{};         ///< kProcess
  std::string token_file{};      ///< kWebIdentity
  StsRole web_role{};            ///< kWebIdentity
  std::vector<StsRole> roles{};  ///< To be assumed behind that, in this order.
};

/// Plans for the chosen profile. Fails with kMissingAuthenticationToken when it says nothing about credentials or is
/// not there, unless somebody chose it; with kResourceNotFound when a profile that is named is not there; and with
/// kInvalidArgument when what it says makes no sense, goes round in a circle, or is not offered.
/// @param region  for STS where a profile says none.
[[nodiscard]] Result<ProfilePlan> plan_profile(const ProfileFiles& files, const std::string& region);

}  // namespace heliograph::sdk
