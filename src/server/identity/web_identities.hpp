// WebIdentities: OpenID Connect issuers whose tokens AssumeRoleWithWebIdentity takes.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "net/http_client.hpp"
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
/// token names a key that is not known (at most every 30 seconds). Keys that cannot be had again stay. Who asks while
/// keys that it needs are on their way, waits for them; nobody else does, and no thread.
///
/// Lifetime: the log must outlive it; so must whoever waits, until stop().
/// Threads:  add from one; verify from any but workers, since it may read a file; stop when nobody verifies any more.
class WebIdentities {
 public:
  using Verified = std::variant<WebIdentity, StsFailure>;

  /// @param audiences  of which a token must have one.
  WebIdentities(std::vector<std::string> audiences, LogSink& log) : audiences_(std::move(audiences)), log_(log) {}

  /// @param setting  "ISSUER=SOURCE": "https://login.example.com=/etc/heliograph/jwks.json", or a URL as the source:
  /// https, or on loopback http. Fails with kInvalidArgument when it is not that, or when the file has no keys. From a
  /// URL they come later; one that does not answer is tried again.
  [[nodiscard]] Result<void> add(std::string_view setting, SteadyTime now);

  /// `done` is called once: at once, or on a thread of this class when keys have come, or have not.
  void verify(std::string token, WallTime now, SteadyTime at, std::function<void(Verified)> done);

  /// Ends what is under way; who waits is told that the keys cannot be had.
  void stop() { client_.reset(); }

 private:
  using Keys = std::shared_ptr<const std::vector<wire::Jwk>>;
  struct Issuer {
    std::string name;    ///< As tokens have it.
    std::string source;  ///< File or URL.
    bool is_url = false;
    std::mutex reading;  ///< Who reads the file has it; others go on with what there is.
    std::optional<std::filesystem::file_time_type> read{};  ///< Under reading: when the file was written.
    std::mutex mutex;
    Keys keys;                                   ///< Under mutex.
    std::optional<SteadyTime> tried{};           ///< Under mutex: the URL.
    bool is_fetching = false;                    ///< Under mutex.
    std::vector<std::function<void()>> waiting;  ///< Under mutex: for the end of the fetch.
  };
  struct Question;
  using QuestionPtr = std::shared_ptr<const Question>;

  [[nodiscard]] static Keys keys_of(Issuer& issuer);
  [[nodiscard]] Result<void> read_again(Issuer& issuer);
  void on_fetched(Issuer& issuer, const Result<std::string>& text);
  /// Begins to fetch when the last time is `wait` ago. Whether a fetch is under way then.
  bool is_coming(Issuer& issuer, SteadyTime now, std::chrono::seconds wait);
  void await_keys(Issuer& issuer, const QuestionPtr& question);
  /// With the keys there are now.
  [[nodiscard]] Verified judge(Issuer& issuer, const Question& question) const;
  /// Of a token whose signature is good.
  [[nodiscard]] Verified accept(const Question& question) const;

  const std::vector<std::string> audiences_;
  LogSink& log_;
  std::map<std::string, std::unique_ptr<Issuer>, std::less<>> issuers_;  ///< By name.
  std::unique_ptr<net::HttpClient> client_;  ///< Made for the first URL. Last: its calls end before what they touch.
};

}  // namespace heliograph::server::identity
