// `heliograph doctor signature`: why a signature was refused, from the service's memory or from the request itself.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "cli/client/service.hpp"
#include "heliograph/result.hpp"
#include "wire/sigv4_explain.hpp"

namespace heliograph::cli {

struct SignatureQuestion {
  std::string request_id;      ///< x-amzn-RequestId of a refusal; empty: the latest, unless there is a URL or a file.
  std::string url;             ///< A presigned URL, looked at here.
  std::string request_file;    ///< A request as it goes over the wire, looked at here; "-" is standard input.
  std::string canonical_file;  ///< The canonical request that the client signed, as its SDK logs it.
};

struct SignatureAnswer {
  bool is_good = false;
  std::string text;
};

/// What is known here, to look at a request without the service.
struct SignatureFacts {
  std::span<const wire::SigningCredential> keys{};
  std::string region = "us-east-1";
  std::vector<std::string> own_hosts{};
  WallTime now{};
};

/// Looks at a request: head and body as they go over the wire, line ends with or without carriage returns.
/// @param canonical  what the client signed; empty: not known.
/// Fails with kInvalidArgument when it is none.
[[nodiscard]] Result<SignatureAnswer> explain_request(std::string_view request, const SignatureFacts& facts,
                                                      std::string_view canonical = {});
/// The request that a client makes of a presigned URL.
[[nodiscard]] Result<std::string> to_request(const std::string& url);

/// Asks the service, or looks at the URL or the file.
[[nodiscard]] Result<SignatureAnswer> answer_signature(const SignatureQuestion& question,
                                                       const ServiceOptions& options);

}  // namespace heliograph::cli
