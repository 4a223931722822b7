// The credentials endpoint of a container.
#pragma once

#include <memory>
#include <string_view>

#include "heliograph/credential_sources.hpp"
#include "sdk/credentials/repeated_call.hpp"
#include "sdk/credentials/source.hpp"

namespace heliograph::sdk {

/// Whether plain http may go to that host: a loopback address, or one of the three that containers are given.
[[nodiscard]] bool may_be_asked_in_the_clear(std::string_view host);

class ContainerSource final : public CredentialSource {
 public:
  ContainerSource(const World& world, ContainerCredentialsOptions options)
      : world_(world), options_(std::move(options)) {}
  void fetch(CredentialHandler done) override;

 private:
  [[nodiscard]] Result<net::HttpUrl> url() const;
  /// What to send as Authorization; empty: nothing.
  [[nodiscard]] Result<Secret> authorization() const;
  [[nodiscard]] Result<Credentials> read(const Result<net::HttpReply>& reply, const Secret& token) const;

  const World& world_;
  ContainerCredentialsOptions options_;
  std::shared_ptr<RepeatedCall> call_;
};

}  // namespace heliograph::sdk
