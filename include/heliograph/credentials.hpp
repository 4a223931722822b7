// Credentials, and where they come from.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "heliograph/export.hpp"
#include "heliograph/result.hpp"
#include "heliograph/secret.hpp"

namespace heliograph {

/// A key pair, with a session token and an end when it is temporary.
struct Credentials {
  std::string access_key_id{};  ///< "AKIA…", or "ASIA…" for a temporary one. No secret.
  Secret secret_access_key{};   ///< What is signed with.
  Secret session_token{};       ///< Empty: a permanent key.
  std::optional<std::chrono::sys_time<std::chrono::milliseconds>> expires{};  ///< None: they have no end.
};

/// Gives credentials whenever something is signed. Derive from it for a source of your own.
///
/// Threads: get() from any thread; `done` is called once, on whatever thread, here or later.
class HELIOGRAPH_API CredentialProvider {
 public:
  /// Takes what get() found.
  using Handler = std::function<void(Result<Credentials>)>;

  CredentialProvider() = default;
  CredentialProvider(const CredentialProvider&) = delete;
  CredentialProvider& operator=(const CredentialProvider&) = delete;
  virtual ~CredentialProvider();

  /// Fails with kMissingAuthenticationToken when this source is not set up here (a chain then asks the next), and with
  /// anything else when it is and does not work; the detail says what to do. Never with a secret in it.
  virtual void get(Handler done) = 0;
  /// What was used before no longer works: the next get() fetches anew. Does nothing unless a provider keeps any.
  virtual void forget() {}
};

/// Always these.
[[nodiscard]] HELIOGRAPH_API std::shared_ptr<CredentialProvider> static_credentials(Credentials credentials);

}  // namespace heliograph
