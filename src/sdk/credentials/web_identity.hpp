// A role for the token of an OpenID Connect issuer.
#pragma once

#include <memory>
#include <string>

#include "heliograph/credential_sources.hpp"
#include "sdk/credentials/sts_call.hpp"

namespace heliograph::sdk {

class WebIdentitySource final : public CredentialSource {
 public:
  /// What `role` and `token_file` leave empty is taken from variables at each fetch.
  WebIdentitySource(const World& world, StsRole role, std::string token_file)
      : world_(world), role_(std::move(role)), token_file_(std::move(token_file)) {}
  void fetch(CredentialHandler done) override;

 private:
  const World& world_;
  StsRole role_;
  std::string token_file_;
  std::shared_ptr<RepeatedCall> call_;
};

}  // namespace heliograph::sdk
