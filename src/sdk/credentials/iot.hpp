// The credential provider of AWS IoT: a device's certificate for a role.
#pragma once

#include <memory>

#include "heliograph/credential_sources.hpp"
#include "sdk/credentials/repeated_call.hpp"
#include "sdk/credentials/source.hpp"

namespace heliograph::sdk {

class IotSource final : public CredentialSource {
 public:
  IotSource(const World& world, IotCredentialsOptions options) : world_(world), options_(std::move(options)) {}
  void fetch(CredentialHandler done) override;

 private:
  /// The options, with variables in the place of those that are empty.
  [[nodiscard]] Result<IotCredentialsOptions> settled() const;
  [[nodiscard]] Result<Credentials> read(const Result<net::HttpReply>& reply) const;

  const World& world_;
  IotCredentialsOptions options_;
  std::shared_ptr<RepeatedCall> call_;
};

}  // namespace heliograph::sdk
