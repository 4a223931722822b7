// Presigned WebSocket URLs: signed here with a key, or wherever else somebody keeps one.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "heliograph/credentials.hpp"
#include "heliograph/export.hpp"
#include "heliograph/result.hpp"

namespace heliograph {

/// What is to be signed.
struct SignRequest {
  std::string endpoint{};                      ///< "wss://host[:port][/path]" or ws://; without a query.
  std::map<std::string, std::string> query{};  ///< Not encoded: X-Amz-ChannelARN, X-Amz-ClientId.
  /// When the URL begins to be valid; none: now. A client that knows its clock to be wrong says the right time here.
  std::optional<std::chrono::sys_time<std::chrono::milliseconds>> date{};
};

/// Gives signed URLs to a signaling client, for every connection a new one. Derive from it to have URLs signed by a
/// back end of your own, so that no key is needed where the client runs.
///
/// Threads: get_signed_url() from any thread; `done` is called once, on whatever thread, here or later.
class HELIOGRAPH_API RequestSigner {
 public:
  /// Takes the URL.
  using Handler = std::function<void(Result<std::string>)>;

  RequestSigner() = default;
  RequestSigner(const RequestSigner&) = delete;
  RequestSigner& operator=(const RequestSigner&) = delete;
  virtual ~RequestSigner();

  /// Gives `request.endpoint` with the query and a signature, "wss://…?X-Amz-…". An error is
  /// that of the connection which was to be made.
  virtual void get_signed_url(SignRequest request, Handler done) = 0;
  /// The last URL was refused: whatever it was made with should be fetched anew. Does nothing by default.
  virtual void forget() {}
};

/// How a signed URL is written. Both are the same to the service for what KVS has in its queries: names, client ids and
/// tokens are spelled alike, since none of them has any of !'()*.
enum class UrlForm : std::uint8_t {
  /// As SigV4RequestSigner of the AWS JavaScript SDK: all parameters by name, values as encodeURIComponent spells them
  /// (!'()* stay as they are, also in what is signed).
  kJavaScript,
  /// As botocore's SigV4QueryAuth: the query given, then X-Amz-Algorithm, -Credential, -Date, -Expires, -SignedHeaders,
  /// -Security-Token, -Signature; everything but letters, digits and -_.~ is escaped. What SigV4's text asks for: use
  /// it when a query of your own has one of !'()*.
  kBotocore,
};

/// How URLs are signed. As it is, KVS takes them.
struct SignOptions {
  std::string service = "kinesisvideo";  ///< The signing name.
  std::chrono::seconds expires{299};     ///< 1 second to 7 days.
  UrlForm form = UrlForm::kJavaScript;   ///< How they are written.
};

/// Signs WebSocket URLs by AWS Signature Version 4. The session token is part of what is signed, as the service
/// demands.
///
/// Threads: any. Errors: kInvalidArgument for an endpoint that is not ws:// or wss:// or has a query, for a query with
/// names that need escapes; kMissingAuthenticationToken for credentials without a key; what the provider fails with.
class HELIOGRAPH_API SigV4RequestSigner final : public RequestSigner {
 public:
  /// Asks the provider for every URL.
  SigV4RequestSigner(std::string region, std::shared_ptr<CredentialProvider> credentials, SignOptions options = {});
  /// Signs with these always.
  SigV4RequestSigner(std::string region, Credentials credentials, SignOptions options = {});
  ~SigV4RequestSigner() override;

  /// See above. `done` is called where the provider calls its own: here, or later on another thread.
  void get_signed_url(SignRequest request, Handler done) override;
  /// Tells the credential provider.
  void forget() override;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// Signs with these credentials, here and now.
[[nodiscard]] HELIOGRAPH_API Result<std::string> sign_url(const SignRequest& request, const Credentials& credentials,
                                                          const std::string& region, const SignOptions& options = {});

}  // namespace heliograph
