// Presigning with credentials of a provider.
#include "heliograph/request_signer.hpp"

#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "sdk/credentials/check_credentials.hpp"
#include "wire/sigv4.hpp"

namespace heliograph {
namespace {

Result<std::string> sign_with(const SignRequest& request, const Credentials& credentials, const std::string& region,
                              const SignOptions& options, wire::SigningKeyCache& keys) {
  if (auto checked = sdk::check_credentials(credentials); !checked) return std::move(checked).error();
  std::vector<wire::ParamView> params;
  params.reserve(request.query.size());
  for (const auto& [name, value] : request.query) params.push_back({name, value});
  const wire::SigningCredential key{credentials.access_key_id, credentials.secret_access_key, credentials.session_token,
                                    std::nullopt};
  const bool is_javascript = options.form == UrlForm::kJavaScript;
  return wire::presign_url({.endpoint = request.endpoint,
                            .params = params,
                            .region = region,
                            .service = options.service,
                            .expires = options.expires,
                            .form = is_javascript ? wire::PresignForm::kJavaScript : wire::PresignForm::kBotocore},
                           key, request.date.value_or(SystemClock().wall_now()), keys);
}

}  // namespace

RequestSigner::~RequestSigner() = default;

struct SigV4RequestSigner::Impl {
  Impl(std::string in_region, std::shared_ptr<CredentialProvider> from, SignOptions with)
      : region(std::move(in_region)), credentials(std::move(from)), options(std::move(with)) {}

  std::string region;
  std::shared_ptr<CredentialProvider> credentials;
  SignOptions options;
  wire::SigningKeyCache keys{16};
};

SigV4RequestSigner::SigV4RequestSigner(std::string region, std::shared_ptr<CredentialProvider> credentials,
                                       SignOptions options)
    : impl_(std::make_shared<Impl>(std::move(region), std::move(credentials), std::move(options))) {}

SigV4RequestSigner::SigV4RequestSigner(std::string region, Credentials credentials, SignOptions options)
    : SigV4RequestSigner(std::move(region), static_credentials(std::move(credentials)), std::move(options)) {}

SigV4RequestSigner::~SigV4RequestSigner() = default;

void SigV4RequestSigner::get_signed_url(SignRequest request, Handler done) {
  if (!impl_->credentials) return done(Error{Errc::kInvalidArgument, "there is no credential provider to sign with"});
  impl_->credentials->get(
      [impl = impl_, request = std::move(request), done = std::move(done)](const Result<Credentials>& found) {
        if (!found) return done(found.error());
        done(sign_with(request, *found, impl->region, impl->options, impl->keys));
      });
}

void SigV4RequestSigner::forget() {
  if (impl_->credentials) impl_->credentials->forget();
}

Result<std::string> sign_url(const SignRequest& request, const Credentials& credentials, const std::string& region,
                             const SignOptions& options) {
  wire::SigningKeyCache keys(1);
  return sign_with(request, credentials, region, options, keys);
}

}  // namespace heliograph
