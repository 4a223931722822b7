// AWS Signature Version 4, the signing half: presigned WebSocket URLs, signed HTTPS requests, and the signing keys that
// both halves share. Verifying is in wire/sigv4_verify.hpp.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "heliograph/result.hpp"
#include "heliograph/secret.hpp"
#include "wire/digest.hpp"

namespace heliograph::wire {

inline constexpr std::string_view kSigningAlgorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view kSigningService = "kinesisvideo";  ///< Of all three KVS models.
inline constexpr std::string_view kSigningTerminator = "aws4_request";

/// A key pair, with a session token when it is temporary.
struct SigningCredential {
  std::string access_key_id;
  Secret secret_access_key;
  Secret session_token;             ///< Empty: a permanent key.
  std::optional<WallTime> expires;  ///< Of a temporary key; only the verifier looks at it.
};

/// What a signing key is made for.
struct SigningScope {
  std::string_view date;  ///< yyyymmdd
  std::string_view region{};
  std::string_view service = kSigningService;
};

/// The signing key of a scope: four HMACs.
[[nodiscard]] Sha256Digest derive_signing_key(const Secret& secret_access_key, const SigningScope& scope);

/// Derived signing keys, so that a request costs one HMAC and not five. A newcomer takes the slot of the key it
/// collides with. A key is found by access key id and scope, and used only while the secret is the one it was derived
/// from, so that a changed secret needs no invalidation. Threads: any; up to 16 threads have shards of their own and do
/// not contend. No key is derived under a lock.
class SigningKeyCache {
 public:
  /// @param slots  most keys in a shard; a shard takes memory once a thread uses it.
  explicit SigningKeyCache(std::size_t slots = 256) : slots_per_shard_(slots == 0 ? 1 : slots) {}

  [[nodiscard]] Sha256Digest signing_key(const SigningCredential& credential, const SigningScope& scope);

 private:
  struct Slot {
    std::string id;
    Secret secret;
    Secret key;  ///< The derived key's bytes; empty in an unused slot.
  };
  struct alignas(64) Shard {  // A cache line each, lest neighbours contend after all.
    std::mutex mutex;
    std::vector<Slot> slots;
  };

  [[nodiscard]] Shard& shard_of_this_thread() noexcept;

  std::size_t slots_per_shard_;
  std::array<Shard, 16> shards_;
};

/// One header, as received or as to be signed. Names are compared without case.
struct HeaderView {
  std::string_view name;
  std::string_view value;
};

/// A query parameter to sign, neither part encoded.
struct ParamView {
  std::string_view name;
  std::string_view value;
};

/// How a presigned URL is written. What is signed differs only where a value has one of `! ' ( ) *`.
enum class PresignForm : std::uint8_t {
  kJavaScript,  ///< SigV4RequestSigner of the AWS JavaScript SDK: sorted, spelled as encodeURIComponent does.
  kBotocore,    ///< botocore's SigV4QueryAuth: those given, in their order, then its own; spelled strictly.
};

/// A URL to presign.
struct PresignRequest {
  std::string_view endpoint{};  ///< "wss://host[:port][/path]", or ws://; without a query.
  std::span<const ParamView> params{};
  std::string_view region{};
  std::string_view service = kSigningService;
  std::chrono::seconds expires{299};  ///< 1 s to 7 days; 299 is what the JavaScript signer uses.
  PresignForm form = PresignForm::kJavaScript;
};

/// Signs a WebSocket URL. The result is byte for byte that of SigV4RequestSigner.getSignedURL, or of botocore for a URL
/// whose host is in small letters and whose path has no `//`, `/./` or `/../`. The session token is among what is
/// signed, and the port is kept. Parameters of the signature itself (X-Amz-Date, …) override those given. Fails with
/// kInvalidArgument.
[[nodiscard]] Result<std::string> presign_url(const PresignRequest& request, const SigningCredential& credential,
                                              WallTime now, SigningKeyCache& cache);

/// An HTTPS request to sign.
struct HeaderSignRequest {
  std::string_view method = "POST";
  std::string_view host{};        ///< As it will stand in the Host header, with a port that is not the default.
  std::string_view target = "/";  ///< Origin form, already percent-encoded.
  /// Signed too; leave out whatever a proxy may change. Not Host, not x-amz-date.
  std::span<const HeaderView> headers{};
  std::string_view body{};
  std::string_view region{};
  std::string_view service = kSigningService;
};

/// Headers to add to the request besides Host.
struct SignedHeaders {
  std::string x_amz_date;
  Secret x_amz_security_token;  ///< Empty: send none.
  std::string authorization;
};

/// Signs a request as botocore does: Host, X-Amz-Date, the session token and the headers given.
[[nodiscard]] SignedHeaders sign_headers(const HeaderSignRequest& request, const SigningCredential& credential,
                                         WallTime now, SigningKeyCache& cache);

}  // namespace heliograph::wire
