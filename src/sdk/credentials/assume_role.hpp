// A role, asked for with credentials of another source.
#pragma once

#include <chrono>
#include <memory>

#include "sdk/credentials/sts_call.hpp"
#include "wire/sigv4.hpp"

namespace heliograph::sdk {

/// A source whose credentials may be held by somebody who can be told that they no longer work.
class SigningSource {
 public:
  SigningSource() = default;
  SigningSource(const SigningSource&) = delete;
  SigningSource& operator=(const SigningSource&) = delete;
  virtual ~SigningSource() = default;
  /// As CredentialSource.
  virtual void fetch(CredentialHandler done) = 0;
  /// What was given does not work. False: there is no point in asking again.
  [[nodiscard]] virtual bool forget() = 0;
};

/// A source without a memory: what it gave is what it has.
[[nodiscard]] std::shared_ptr<SigningSource> signing_source(std::shared_ptr<CredentialSource> source);
/// A provider of whatever kind; what it throws is its answer. Of the world it keeps what may be called when the loop is
/// gone.
[[nodiscard]] std::shared_ptr<SigningSource> signing_source(std::shared_ptr<CredentialProvider> provider,
                                                            const World& world);

class AssumeRoleSource final : public CredentialSource {
 public:
  AssumeRoleSource(const World& world, std::shared_ptr<SigningSource> source, StsRole role)
      : world_(world), source_(std::move(source)), role_(std::move(role)) {}
  void fetch(CredentialHandler done) override;

 private:
  void ask_source();
  void ask_service();
  void on_reply(const Result<net::HttpReply>& reply);
  void finish(Result<Credentials> result);

  const World& world_;
  std::shared_ptr<SigningSource> source_;
  StsRole role_;
  wire::SigningKeyCache keys_{4};
  CredentialHandler done_;
  Credentials signer_;
  bool waits_for_source_ = false;
  bool asked_source_again_ = false;
  bool signed_again_ = false;
  std::chrono::milliseconds ahead_{0};  ///< Of the service's clock. Kept: a clock that is off stays off.
  std::shared_ptr<RepeatedCall> call_;
};

}  // namespace heliograph::sdk
