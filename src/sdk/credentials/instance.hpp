// The metadata service of an EC2 instance: a token, the role's name, the role's credentials.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "heliograph/credential_sources.hpp"
#include "sdk/credentials/repeated_call.hpp"
#include "sdk/credentials/source.hpp"

namespace heliograph::sdk {

class InstanceSource final : public CredentialSource {
 public:
  InstanceSource(const World& world, InstanceCredentialsOptions options)
      : world_(world), options_(std::move(options)) {}
  void fetch(CredentialHandler done) override;

 private:
  [[nodiscard]] Result<net::HttpUrl> base();
  void ask(const std::string& method, const std::string& path,
           void (InstanceSource::*next)(const Result<net::HttpReply>&));
  void on_token(const Result<net::HttpReply>& reply);
  void on_role(const Result<net::HttpReply>& reply);
  void on_credentials(const Result<net::HttpReply>& reply);
  void finish(Result<Credentials> result);
  void fail(Errc code, const std::string& detail);
  /// Nobody answered: not set up, unless somebody said that it is.
  void fail_silent(const Error& error);

  const World& world_;
  InstanceCredentialsOptions options_;
  CredentialHandler done_;
  net::HttpUrl base_;
  bool named_ = false;  ///< The address was given, so that somebody should answer there.
  bool heard_ = false;  ///< The service has answered in this fetch.
  std::string token_;
  std::shared_ptr<RepeatedCall> call_;
};

}  // namespace heliograph::sdk
