// A profile of the two files that AWS tools share.
#pragma once

#include <memory>

#include "heliograph/credential_sources.hpp"
#include "sdk/credentials/profile_plan.hpp"
#include "sdk/credentials/source.hpp"
#include "sdk/world.hpp"

namespace heliograph::sdk {

/// Reads the files at each fetch.
class ProfileSource final : public CredentialSource {
 public:
  ProfileSource(const World& world, ProfileCredentialsOptions options) : world_(world), options_(std::move(options)) {}
  void fetch(CredentialHandler done) override;

 private:
  [[nodiscard]] std::shared_ptr<CredentialSource> make(const ProfilePlan& plan) const;

  const World& world_;
  ProfileCredentialsOptions options_;
  std::shared_ptr<CredentialSource> made_;  ///< What the present fetch came to.
};

}  // namespace heliograph::sdk
