// Reading a profile's intent. The order is botocore's: a role before a key, a key before a process.
#include "sdk/credentials/profile_plan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "sdk/credentials/quote.hpp"

namespace heliograph::sdk {
namespace {

using wire::ConfigSection;

class Planner {
 public:
  Planner(const ProfileFiles& files, std::string region) : files_(files), region_(std::move(region)) {}

  Result<ProfilePlan> plan(const std::string& name) {
    const auto found = files_.settings.profiles.find(name);
    if (found == files_.settings.profiles.end()) return not_there(name);
    const ConfigSection& profile = found->second;
    const bool seen = std::find(path_.begin(), path_.end(), name) != path_.end();
    // A profile whose role is assumed with its own key names itself, and means that key.
    if (seen && (path_.back() != name || profile.secret_access_key.empty())) return circle(name);
    path_.push_back(name);
    if (!seen && !profile.get("role_arn").empty()) return plan_role(name, profile);
    if (!profile.get("web_identity_token_file").empty())
      return wrong(name, "it has a web_identity_token_file but no role_arn");
    if (!profile.get("aws_access_key_id").empty() || !profile.secret_access_key.empty()) return plan_key(name, profile);
    if (!profile.get("credential_process").empty()) {
      ProfilePlan process;
      process.first = ProfilePlan::First::kProcess;
      process.command = profile.get("credential_process");
      return process;
    }
    for (const auto& [setting, value] : profile.settings)
      if (setting.starts_with("sso_")) return no_sso(name, setting);
    if (path_.size() > 1) return wrong(name, "it is a source_profile, and has no credentials");
    return not_set_up("profile \"" + name + "\" has no credentials");
  }

 private:
  Result<ProfilePlan> plan_key(const std::string& name, const ConfigSection& profile) {
    ProfilePlan plan;
    plan.key = {profile.get("aws_access_key_id"), profile.secret_access_key, profile.session_token, {}};
    if (plan.key.access_key_id.empty()) return wrong(name, "it has an aws_secret_access_key but no aws_access_key_id");
    if (plan.key.secret_access_key.empty())
      return wrong(name, "it has an aws_access_key_id but no aws_secret_access_key");
    return plan;
  }
  Result<ProfilePlan> plan_role(const std::string& name, const ConfigSection& profile) {
    auto role = read_role(name, profile);
    if (!role) return role.error();
    const std::string token_file = profile.get("web_identity_token_file");
    if (!token_file.empty()) {
      ProfilePlan plan;
      plan.first = ProfilePlan::First::kWebIdentity;
      plan.token_file = token_file;
      plan.web_role = std::move(*role);
      return plan;
    }
    auto plan = plan_signer(name, profile);
    if (plan) plan->roles.push_back(std::move(*role));
    return plan;
  }
  /// What is needed to ask for the role.
  Result<ProfilePlan> plan_signer(const std::string& name, const ConfigSection& profile) {
    const std::string source = profile.get("source_profile");
    const std::string kind = profile.get("credential_source");
    if (!profile.get("mfa_serial").empty())
      return wrong(name,
                   "its role needs a code from a device (mfa_serial), which nobody is asked for here; get "
                   "credentials with `aws sts assume-role --token-code` and put them in the environment");
    if (!source.empty() && !kind.empty()) return wrong(name, "it has both source_profile and credential_source");
    if (!source.empty()) return plan(source);
    if (kind.empty()) return wrong(name, "it has a role_arn but neither source_profile nor credential_source");
    constexpr std::array<std::pair<std::string_view, ProfilePlan::First>, 3> kKinds{
        {{"Environment", ProfilePlan::First::kEnvironment},
         {"Ec2InstanceMetadata", ProfilePlan::First::kInstance},
         {"EcsContainer", ProfilePlan::First::kContainer}}};
    ProfilePlan plan;
    for (const auto& [word, first] : kKinds) {
      if (kind != word) continue;
      plan.first = first;
      return plan;
    }
    return wrong(name,
                 "its credential_source is none of Environment, Ec2InstanceMetadata, EcsContainer: " + quote(kind));
  }
  Result<StsRole> read_role(const std::string& name, const ConfigSection& profile) const {
    StsRole role;
    role.arn = profile.get("role_arn");
    role.session_name = profile.get("role_session_name");
    role.external_id = profile.get("external_id");
    role.region = profile.get("region").empty() ? region_ : profile.get("region");
    role.profile_endpoint = profile_endpoint(files_, name, "sts");
    const std::string duration = profile.get("duration_seconds");
    if (!duration.empty()) {
      int seconds = 0;
      const auto [end, error] = std::from_chars(duration.data(), duration.data() + duration.size(), seconds);
      if (error != std::errc{} || end != duration.data() + duration.size())
        return wrong(name, "its duration_seconds is no number");
      role.duration = std::chrono::seconds(seconds);
    }
    if (const auto checked = check_role(role); !checked) return wrong(name, checked.error().detail);
    return role;
  }

  static Error wrong(const std::string& name, const std::string& why) {
    return {Errc::kInvalidArgument, "profile \"" + name + "\": " + why};
  }
  static Error no_sso(const std::string& name, const std::string& setting) {
    return wrong(name,
                 "it is one of IAM Identity Center (" + setting +
                     "), which is not offered here; after `aws sso login`, let a profile with \"credential_process"
                     " = aws configure export-credentials --profile " +
                     name + "\" fetch its credentials");
  }
  Error not_there(const std::string& name) const {
    const std::string text =
        "there is no profile \"" + name + "\" in " + files_.credentials_file + " or " + files_.config_file;
    if (path_.empty() && !files_.was_chosen) return not_set_up(text);
    return {Errc::kResourceNotFound, path_.empty() ? text : text + ", the source_profile of \"" + path_.back() + "\""};
  }
  Error circle(const std::string& name) const {
    std::string way;
    for (const std::string& step : path_) way += step + " → ";
    return wrong(path_.front(), "its source profiles go round in a circle: " + way + name);
  }

  const ProfileFiles& files_;
  std::string region_;
  std::vector<std::string> path_;  ///< The profiles that are being read, the chosen one first.
};

}  // namespace

Result<ProfilePlan> plan_profile(const ProfileFiles& files, const std::string& region) {
  return Planner(files, region).plan(files.profile);
}

}  // namespace heliograph::sdk
