// Why a signature was refused: what the signer signed, found by trying what usually goes wrong, beside what arrived.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/sigv4_verify.hpp"

namespace heliograph::wire {

/// One thing in which the request that was signed differs from the one that arrived.
struct SignedDifference {
  std::string part;         ///< "host", "path", "query X-Amz-ClientId", "body", "clock", "region", "access key", …
  std::string received;     ///< What arrived, or what the service goes by.
  std::string signed_over;  ///< What the signer used; empty where that cannot be known.
  std::string cause;        ///< How that usually comes about, and what to do.
  /// `received` is nothing that arrived: it is what the service wants, and `signed_over` what it was given instead.
  bool is_wanted = false;

  /// What to call `received` and `signed_over` before people and in JSON.
  [[nodiscard]] std::string_view received_label() const noexcept { return is_wanted ? "expected" : "received"; }
  [[nodiscard]] std::string_view signed_label() const noexcept { return is_wanted ? "given" : "signed"; }
};

/// No secret, session token or signature is in it: it may be logged, and shown to an administrator.
struct RefusalExplanation {
  /// The signature is right once the differences are undone: they are facts. Otherwise they are what to look at.
  bool is_proven = false;
  std::vector<SignedDifference> differences;
  std::optional<std::chrono::seconds> skew;  ///< How far the signer's date is ahead of our clock; below 0: behind.
  std::string expected;                      ///< The canonical request that was expected of what arrived.
  std::string signed_request;                ///< The one that was signed; empty unless it is known.
};

struct ExplainContext {
  const SigningCredential* credential = nullptr;  ///< Of the key that the request names; null: there is no such key.
  WallTime now{};
  VerifyPolicy policy;
  std::span<const std::string> own_hosts{};  ///< What the service is called, "localhost:3000": signed in place of what
                                             ///< a proxy made of it.
};

/// Explains why parse_authentication or verify said `why`. A mismatch costs some hundred hashes (about a millisecond):
/// limit how often. Threads: any.
[[nodiscard]] RefusalExplanation explain_refusal(const RequestView& request, const Error& why,
                                                 const ExplainContext& context);

/// The first line in which two canonical requests differ, and its name: "line 4 (header host)".
struct CanonicalDifference {
  std::string where;
  std::string ours;
  std::string theirs;
};
/// All of them, in order.
[[nodiscard]] std::vector<CanonicalDifference> compare_canonical_requests(std::string_view ours,
                                                                          std::string_view theirs);

}  // namespace heliograph::wire
