// The public functions: each puts a source behind a memory, and that on a loop.
#include "heliograph/credential_sources.hpp"

#include <utility>

#include "base/for_ever.hpp"
#include "sdk/credentials/assume_role.hpp"
#include "sdk/credentials/chain.hpp"
#include "sdk/credentials/cognito.hpp"
#include "sdk/credentials/container.hpp"
#include "sdk/credentials/environment.hpp"
#include "sdk/credentials/instance.hpp"
#include "sdk/credentials/iot.hpp"
#include "sdk/credentials/loop_provider.hpp"
#include "sdk/credentials/process.hpp"
#include "sdk/credentials/profile.hpp"
#include "sdk/credentials/web_identity.hpp"

namespace heliograph {
namespace {

using Loop = std::shared_ptr<sdk::LazyLoop>;

class Environment final : public CredentialProvider {
 public:
  void get(Handler done) override { done(sdk::environment_credentials(sdk::process_variable)); }
};

Loop lazy(std::shared_ptr<EventLoop> given) { return std::make_shared<sdk::LazyLoop>(std::move(given)); }

/// A provider whose source is made of a World and the options, which do without the loop: it keeps them.
template <class Source, class Options>
std::shared_ptr<CredentialProvider> provide(Loop loop, Options options, sdk::RefreshRule rule = {}) {
  options.loop.reset();
  auto make = [options = std::move(options)](const sdk::World& world) {
    return std::make_shared<Source>(world, options);
  };
  return std::make_shared<sdk::LoopProvider>(std::move(loop), std::move(make), rule);
}

std::shared_ptr<CredentialProvider> provide_web_identity(Loop loop, WebIdentityCredentialsOptions options) {
  options.loop.reset();
  auto make = [options = std::move(options)](const sdk::World& world) {
    sdk::StsRole role{.arn = options.role_arn, .session_name = options.session_name};
    role.duration = options.duration;
    role.region = options.region;
    role.endpoint = options.endpoint;
    return std::make_shared<sdk::WebIdentitySource>(world, std::move(role), options.token_file);
  };
  return std::make_shared<sdk::LoopProvider>(std::move(loop), std::move(make));
}

std::shared_ptr<CredentialProvider> provide_instance(Loop loop, InstanceCredentialsOptions options) {
  options.timeout = at_most_for_ever(options.timeout);
  sdk::RefreshRule rule;
  rule.keep_expired = true;
  return provide<sdk::InstanceSource>(std::move(loop), std::move(options), rule);
}

}  // namespace

std::shared_ptr<CredentialProvider> environment_credentials() { return std::make_shared<Environment>(); }

std::shared_ptr<CredentialProvider> profile_credentials(ProfileCredentialsOptions options) {
  const Loop loop = lazy(options.loop);
  options.process_timeout = at_most_for_ever(options.process_timeout);
  return provide<sdk::ProfileSource>(loop, std::move(options));
}

std::shared_ptr<CredentialProvider> process_credentials(ProcessCredentialsOptions options) {
  auto make = [command = options.command, timeout = at_most_for_ever(options.timeout)](const sdk::World& world) {
    return std::make_shared<sdk::ProcessSource>(world, command, timeout);
  };
  return std::make_shared<sdk::LoopProvider>(lazy(options.loop), std::move(make));
}

std::shared_ptr<CredentialProvider> container_credentials(ContainerCredentialsOptions options) {
  const Loop loop = lazy(options.loop);
  options.timeout = at_most_for_ever(options.timeout);
  return provide<sdk::ContainerSource>(loop, std::move(options));
}

std::shared_ptr<CredentialProvider> instance_credentials(InstanceCredentialsOptions options) {
  const Loop loop = lazy(options.loop);
  return provide_instance(loop, std::move(options));
}

std::shared_ptr<CredentialProvider> web_identity_credentials(WebIdentityCredentialsOptions options) {
  const Loop loop = lazy(options.loop);
  return provide_web_identity(loop, std::move(options));
}

std::shared_ptr<CredentialProvider> assume_role_credentials(AssumeRoleCredentialsOptions options) {
  const Loop loop = lazy(options.loop);
  options.loop.reset();
  // Nobody to sign is an answer to get(), like every other mistake in the options.
  if (!options.source) options.source = chain_credentials({});
  auto make = [options = std::move(options)](const sdk::World& world) {
    sdk::StsRole role{.arn = options.role_arn,
                      .session_name = options.session_name,
                      .external_id = options.external_id,
                      .policy = options.policy};
    role.duration = options.duration;
    role.region = options.region;
    role.endpoint = options.endpoint;
    return std::make_shared<sdk::AssumeRoleSource>(world, sdk::signing_source(options.source, world), std::move(role));
  };
  return std::make_shared<sdk::LoopProvider>(loop, std::move(make));
}

std::shared_ptr<CredentialProvider> cognito_credentials(CognitoCredentialsOptions options) {
  const Loop loop = lazy(options.loop);
  options.loop.reset();
  auto make = [options = std::move(options)](const sdk::World& world) {
    return std::make_shared<sdk::CognitoSource>(world, options);
  };
  return std::make_shared<sdk::LoopProvider>(loop, std::move(make));
}

std::shared_ptr<CredentialProvider> iot_credentials(IotCredentialsOptions options) {
  const Loop loop = lazy(options.loop);
  options.longest_use = at_most_for_ever(options.longest_use);
  return provide<sdk::IotSource>(loop, std::move(options));
}

std::shared_ptr<CredentialProvider> chain_credentials(std::vector<std::shared_ptr<CredentialProvider>> providers) {
  return std::make_shared<sdk::ChainProvider>(std::move(providers));
}

std::shared_ptr<CredentialProvider> default_credentials(DefaultCredentialsOptions options) {
  const Loop loop = lazy(options.loop);
  ProfileCredentialsOptions profile;
  profile.profile = options.profile;
  std::vector<std::shared_ptr<CredentialProvider>> providers{
      environment_credentials(), provide_web_identity(loop, {}), provide<sdk::ProfileSource>(loop, profile),
      provide<sdk::ContainerSource>(loop, ContainerCredentialsOptions{}), provide_instance(loop, {})};
  // Whoever names a profile in the program means it, whatever the environment holds.
  if (!options.profile.empty()) providers = {providers[2]};
  return chain_credentials(std::move(providers));
}

std::string default_region(const std::string& profile) {
  sdk::ProfileChoice choice;
  choice.profile = profile;
  return sdk::find_region(choice, sdk::process_variable);
}

}  // namespace heliograph
