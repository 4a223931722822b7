// WebIdentities: OpenID Connect issuers whose tokens AssumeRoleWithWebIdentity takes.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "server/identity/sts_answers.hpp"
#include "wire/jwt.hpp"

namespace heliograph::server::identity {

/// What a token proves.
struct WebIdentity {
  std::string issuer;    ///< Without https://: what trust policies name.
  std::string provider;  ///< As the token has it.
  std::string subject;
  std::string audience;                       ///< One that is accepted here.
  std::map<std::string, std::string> claims;  ///< `ISSUER:claim`, for conditions.
};

/// An issuer's keys come from a file, read again when it changes, or from a URL, asked again once an hour and when a
/// token names a key that is not known (at most every 30 seconds). Keys that cannot be had again stay.
/// Threads: add from one, verify from any; it may block on a file or for some seconds on the network.
class WebIdentities {
 public:
  /// @param audiences  of which a token must have one.
  WebIdentities(std::vector<std::string> audiences, LogSink& log) : audiences_(std::move(audiences)), log_(log) {}

  /// @param setting  "ISSUER=SOURCE": "https://login.example.com=/etc/heliograph/jwks.json", or a URL as the source:
  /// https, or on loopback http. Fails with kInvalidArgument when it is not that, or when the file has no keys. A URL
  /// that does not answer yet is tried again.
  [[nodiscard]] Result<void> add(std::string_view setting, SteadyTime now);

  [[nodiscard]] std::variant<WebIdentity, StsFailure> verify(std::string_view token, WallTime now, SteadyTime at);

 private:
  using Keys = std::shared_ptr<const std::vector<wire::Jwk>>;
  struct Issuer {
    std::string name;    ///< As tokens have it.
    std::string source;  ///< File or URL.
    bool is_url = false;
    std::mutex mutex;
    std::mutex refresh;                      ///< Who refreshes has it; others go on with what there is.
    Keys keys;                               ///< Under mutex.
    std::filesystem::file_time_type read{};  ///< Under refresh: when the file was written that the keys are of.
    SteadyTime tried{};                      ///< Under refresh.
  };

  [[nodiscard]] Result<void> refresh(Issuer& issuer, SteadyTime now, bool key_is_missing);
  [[nodiscard]] static Keys keys_of(Issuer& issuer);

  const std::vector<std::string> audiences_;
  LogSink& log_;
  std::map<std::string, std::unique_ptr<Issuer>, std::less<>> issuers_;  ///< By name.
};

}  // namespace heliograph::server::identity
