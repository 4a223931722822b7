// Doing what a profile says.
#include "sdk/credentials/profile.hpp"

#include <utility>

#include "sdk/credentials/assume_role.hpp"
#include "sdk/credentials/container.hpp"
#include "sdk/credentials/environment.hpp"
#include "sdk/credentials/instance.hpp"
#include "sdk/credentials/process.hpp"
#include "sdk/credentials/web_identity.hpp"

namespace heliograph::sdk {
namespace {

class KeySource final : public CredentialSource {
 public:
  explicit KeySource(Credentials key) : key_(std::move(key)) {}
  void fetch(CredentialHandler done) override { done(key_); }

 private:
  Credentials key_;
};

}  // namespace

void ProfileSource::fetch(CredentialHandler done) {
  const ProfileChoice choice{options_.profile, options_.credentials_file, options_.config_file};
  const auto files = read_profile_files(choice, world_.variable);
  if (!files) return done(files.error());
  const auto plan = plan_profile(*files, find_region(choice, world_.variable));
  if (!plan) return done(plan.error());
  made_ = make(*plan);
  const auto source = made_;  // It may be called back in fetch(), and must outlive that.
  source->fetch(
      while_alive(this, [done = std::move(done), name = files->profile](ProfileSource&, Result<Credentials> result) {
        if (result) return done(std::move(result));
        Error error = std::move(result).error();
        // The profile says where credentials are to come from: that they are not there is its failure, not its absence.
        if (error.code == Errc::kMissingAuthenticationToken) error.code = Errc::kNotAuthorized;
        error.detail.insert(0, "profile \"" + name + "\": ");
        done(std::move(error));
      }));
}

std::shared_ptr<CredentialSource> ProfileSource::make(const ProfilePlan& plan) const {
  std::shared_ptr<CredentialSource> source;
  switch (plan.first) {
    case ProfilePlan::First::kKey:
      source = std::make_shared<KeySource>(plan.key);
      break;
    case ProfilePlan::First::kEnvironment:
      source = std::make_shared<EnvironmentSource>(world_);
      break;
    case ProfilePlan::First::kInstance:
      source = std::make_shared<InstanceSource>(world_, InstanceCredentialsOptions{});
      break;
    case ProfilePlan::First::kContainer:
      source = std::make_shared<ContainerSource>(world_, ContainerCredentialsOptions{});
      break;
    case ProfilePlan::First::kProcess:
      source = std::make_shared<ProcessSource>(world_, plan.command, options_.process_timeout);
      break;
    case ProfilePlan::First::kWebIdentity:
      source = std::make_shared<WebIdentitySource>(world_, plan.web_role, plan.token_file);
      break;
  }
  for (const StsRole& role : plan.roles)
    source = std::make_shared<AssumeRoleSource>(world_, signing_source(source), role);
  return source;
}

}  // namespace heliograph::sdk
