// AssumeRole: sign, ask, and where something can be mended, mend it once.
#include "sdk/credentials/assume_role.hpp"

#include <array>
#include <utility>

#include "sdk/credentials/check_credentials.hpp"
#include "sdk/guarded.hpp"

namespace heliograph::sdk {
namespace {

constexpr const char* kAction = "AssumeRole";

class Memoryless final : public SigningSource {
 public:
  explicit Memoryless(std::shared_ptr<CredentialSource> source) : source_(std::move(source)) {}
  void fetch(CredentialHandler done) override { source_->fetch(std::move(done)); }
  bool forget() override { return false; }

 private:
  std::shared_ptr<CredentialSource> source_;
};

class OfProvider final : public SigningSource {
 public:
  OfProvider(std::shared_ptr<CredentialProvider> provider, const World& world)
      : provider_(std::move(provider)), post_(world.post), log_(world.log) {}
  void fetch(CredentialHandler done) override {
    const CredentialHandler then = [post = post_, done = std::move(done)](Result<Credentials> result) {
      post([done, result = std::move(result)]() { done(result); });
    };
    ask_guarded("the provider", then, [this](auto next) { provider_->get(std::move(next)); });
  }
  bool forget() override {
    tell_guarded(log_, "the provider", [this]() { provider_->forget(); });
    return true;
  }

 private:
  std::shared_ptr<CredentialProvider> provider_;
  std::function<void(std::function<void()>)> post_;
  LogHandler log_;
};

}  // namespace

std::shared_ptr<SigningSource> signing_source(std::shared_ptr<CredentialSource> source) {
  return std::make_shared<Memoryless>(std::move(source));
}

std::shared_ptr<SigningSource> signing_source(std::shared_ptr<CredentialProvider> provider, const World& world) {
  return std::make_shared<OfProvider>(std::move(provider), world);
}

void AssumeRoleSource::fetch(CredentialHandler done) {
  done_ = std::move(done);
  asked_source_again_ = false;
  signed_again_ = false;
  if (auto checked = check_role(role_); !checked)
    return finish(Error{checked.error().code, std::string(kAction) + ": " + checked.error().detail});
  ask_source();
}

void AssumeRoleSource::ask_source() {
  waits_for_source_ = true;
  source_->fetch(while_alive(this, [](AssumeRoleSource& self, Result<Credentials> credentials) {
    if (!std::exchange(self.waits_for_source_, false)) return;  // A provider that answers twice.
    const Result<void> checked = credentials ? check_credentials(*credentials) : credentials.error();
    if (!checked) {
      Error error = checked.error();
      // That the source is not set up does not mean that the role is not.
      if (error.code == Errc::kMissingAuthenticationToken) error.code = Errc::kNotAuthorized;
      error.detail.insert(0, std::string(kAction) + ": the credentials that it is signed with: ");
      return self.finish(std::move(error));
    }
    self.signer_ = std::move(*credentials);
    self.ask_service();
  }));
}

void AssumeRoleSource::ask_service() {
  const StsRole role = with_region(world_, role_);
  auto call = make_sts_call(world_, kAction, role, {});
  if (!call) return finish(Error{call.error().code, std::string(kAction) + ": " + call.error().detail});
  const std::string host = call->url.authority();
  const std::array<wire::HeaderView, 1> also{{{call->headers[0].name, call->headers[0].value}}};
  const std::string region = signing_region(role);
  const wire::SigningCredential key{signer_.access_key_id, signer_.secret_access_key, signer_.session_token, {}};
  const auto headers = wire::sign_headers({.host = host,
                                           .target = call->url.target,
                                           .headers = also,
                                           .body = call->body,
                                           .region = region,
                                           .service = "sts"},
                                          key, world_.clock->wall_now() + ahead_, keys_);
  call->headers.push_back({"X-Amz-Date", headers.x_amz_date});
  call->headers.push_back({"Authorization", headers.authorization});
  if (!headers.x_amz_security_token.empty())
    call->headers.push_back({"X-Amz-Security-Token", std::string(headers.x_amz_security_token.reveal())});
  call_ = RepeatedCall::start(
      world_, std::move(*call), sts_rule(),
      while_alive(this, [](AssumeRoleSource& self, const Result<net::HttpReply>& reply) { self.on_reply(reply); }));
}

void AssumeRoleSource::on_reply(const Result<net::HttpReply>& reply) {
  auto credentials = read_sts_answer(world_, kAction, reply, signer_.session_token.reveal());
  if (credentials || !reply) return finish(std::move(credentials));
  const auto ahead = skew_of(*reply, *world_.clock);
  const bool other_time = std::chrono::abs(ahead - ahead_) >= std::chrono::minutes(1);
  if (!signed_again_ && other_time && (reply->status == 403 || reply->status == 400)) {
    signed_again_ = true;
    ahead_ = ahead;
    return ask_service();
  }
  const Errc code = credentials.error().code;
  const bool worn_out = code == Errc::kExpiredToken || code == Errc::kUnrecognizedClient;
  if (worn_out && !std::exchange(asked_source_again_, true) && source_->forget()) return ask_source();
  finish(std::move(credentials));
}

void AssumeRoleSource::finish(Result<Credentials> result) {
  signer_ = {};
  std::exchange(done_, nullptr)(std::move(result));
}

}  // namespace heliograph::sdk
