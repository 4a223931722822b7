// An identity pool of Amazon Cognito: who one is, and what one may use.
#pragma once

#include <memory>
#include <string>

#include "heliograph/credential_sources.hpp"
#include "sdk/credentials/repeated_call.hpp"
#include "sdk/credentials/source.hpp"

namespace heliograph::sdk {

class CognitoSource final : public CredentialSource {
 public:
  CognitoSource(const World& world, CognitoCredentialsOptions options)
      : world_(world), options_(std::move(options)), identity_(options_.identity_id) {}
  void fetch(CredentialHandler done) override;

 private:
  void on_logins(Result<CognitoLogins> logins);
  void ask_identity();
  void ask_credentials();
  void on_identity(const net::HttpReply& reply);
  void on_credentials(const net::HttpReply& reply);
  void call(const char* operation, const std::string& body, void (CognitoSource::*next)(const net::HttpReply&));
  void refuse(const char* operation, const net::HttpReply& reply);
  void finish(Result<Credentials> result);
  void fail(Errc code, const std::string& detail);
  [[nodiscard]] std::string logins_json() const;

  const World& world_;
  CognitoCredentialsOptions options_;
  std::string identity_;  ///< Empty: to be asked for.
  bool waits_for_logins_ = false;
  bool asked_identity_ = false;  ///< In this fetch.
  CognitoLogins logins_;
  net::HttpUrl url_;
  CredentialHandler done_;
  std::shared_ptr<RepeatedCall> call_;
};

}  // namespace heliograph::sdk
