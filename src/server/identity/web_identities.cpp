// Issuers, their keys, and what their tokens prove.
#include "server/identity/web_identities.hpp"

#include <algorithm>
#include <optional>

#include "server/data_dir.hpp"
#include "server/identity/fetch.hpp"

namespace heliograph::server::identity {
namespace {

using std::chrono::seconds;

constexpr seconds kPatience{5};
constexpr seconds kRetry{30};
constexpr std::chrono::hours kFresh{1};
constexpr std::size_t kMostWaiting = 256;  ///< Whoever waits has proven nothing yet.
constexpr seconds kSkew{60};               ///< Between the issuer's clock and ours.

StsFailure bad_token(std::string message) { return {400, "InvalidIdentityToken", std::move(message)}; }

/// SDKs try again when they read this code.
StsFailure no_keys(const std::string& issuer) {
  return {400, "IDPCommunicationError", "The keys of " + issuer + " cannot be had. Try again later."};
}

std::string without_scheme(std::string_view issuer) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (issuer.starts_with(scheme)) issuer.remove_prefix(scheme.size());
  while (issuer.ends_with('/')) issuer.remove_suffix(1);
  return std::string(issuer);
}

std::optional<StsFailure> check_times(const wire::Jwt& token, WallTime now) {
  if (token.expires + kSkew <= now)
    return StsFailure{400, "ExpiredTokenException",
                      "Token expired: current date/time must be before the expiration "
                      "date/time of the token"};
  if (token.not_before && *token.not_before > now + kSkew) return bad_token("The token is not valid yet.");
  return std::nullopt;
}

}  // namespace

/// A token that somebody waits to hear about.
struct WebIdentities::Question {
  std::string text;
  wire::Jwt token{};  ///< Looks into the text.
  WallTime now{};
  std::function<void(Verified)> done;
};

WebIdentities::Keys WebIdentities::keys_of(Issuer& issuer) {
  const std::lock_guard lock(issuer.mutex);
  return issuer.keys;
}

Result<void> WebIdentities::read_again(Issuer& issuer) {
  const std::unique_lock reading(issuer.reading, std::try_to_lock);
  if (!reading) return {};
  std::error_code ignored;
  const auto written = std::filesystem::last_write_time(issuer.source, ignored);
  if (issuer.read == written) return {};
  issuer.read = written;
  const auto text = read_file(issuer.source);
  if (!text) return text.error();
  auto keys = wire::parse_jwks(*text);
  if (!keys) return Error{keys.error().code, issuer.source + ": " + keys.error().detail};
  const std::lock_guard lock(issuer.mutex);
  issuer.keys = std::make_shared<const std::vector<wire::Jwk>>(*std::move(keys));
  return {};
}

bool WebIdentities::is_coming(Issuer& issuer, SteadyTime now, seconds wait) {
  {
    const std::lock_guard lock(issuer.mutex);
    if (issuer.is_fetching) return true;
    if (issuer.tried && now - *issuer.tried < wait) return false;
    issuer.tried = now;
    issuer.is_fetching = true;
  }
  fetch(*client_, issuer.source, kPatience,
        [this, &issuer](const Result<std::string>& text) { on_fetched(issuer, text); });
  return true;
}

void WebIdentities::on_fetched(Issuer& issuer, const Result<std::string>& text) {
  auto keys = text ? wire::parse_jwks(*text) : Result<std::vector<wire::Jwk>>(text.error());
  const std::optional<Error> wrong = keys ? std::nullopt : std::optional(keys.error());
  std::vector<std::function<void()>> waiting;
  bool has_keys = false;
  {
    const std::lock_guard lock(issuer.mutex);
    issuer.is_fetching = false;
    waiting.swap(issuer.waiting);
    has_keys = issuer.keys != nullptr;
    if (keys) issuer.keys = std::make_shared<const std::vector<wire::Jwk>>(*std::move(keys));
  }
  if (wrong && wrong->code != Errc::kClosed)
    log_.write(LogLevel::kWarning,
               has_keys ? "keys of an issuer cannot be read again" : "keys of an issuer are not there yet",
               {{"issuer", issuer.name}, {"why", text ? issuer.source + ": " + wrong->detail : wrong->detail}});
  for (const auto& go_on : waiting) go_on();
}

Result<void> WebIdentities::add(std::string_view setting, SteadyTime now) {
  const std::size_t equals = setting.find('=');
  auto issuer = std::make_unique<Issuer>();
  issuer->name = setting.substr(0, equals);
  issuer->source = equals == std::string_view::npos ? "" : setting.substr(equals + 1);
  issuer->is_url = issuer->source.find("://") != std::string::npos;
  const auto wrong = [&](const std::string& why) {
    return Error{Errc::kInvalidArgument, "--oidc-issuer " + std::string(setting) + ": " + why};
  };
  if (!issuer->name.starts_with("https://") && !issuer->name.starts_with("http://"))
    return wrong("the issuer must be a URL, as tokens have it in iss");
  if (issuer->source.empty() || (issuer->is_url && !is_fetchable(issuer->source)))
    return wrong("its keys come from a file, an https URL, or on loopback an http URL");
  if (issuers_.contains(issuer->name)) return wrong("this issuer is given twice");
  if (!issuer->is_url) {
    if (const auto read = read_again(*issuer); !read) return wrong(read.error().detail);
  } else if (client_ == nullptr) {
    auto client = net::HttpClient::make({});
    if (!client) return wrong(client.error().detail);
    client_ = *std::move(client);
  }
  std::string name = issuer->name;
  Issuer& added = *issuers_.emplace(std::move(name), std::move(issuer)).first->second;
  // Early, so that the keys are there when the first token comes.
  if (added.is_url) is_coming(added, now, kRetry);
  return {};
}

void WebIdentities::verify(std::string token, WallTime now, SteadyTime at, std::function<void(Verified)> done) {
  const auto question = std::make_shared<Question>();
  question->text = std::move(token);
  question->now = now;
  question->done = std::move(done);
  auto parsed = wire::parse_jwt(question->text);
  if (!parsed) return question->done(bad_token(parsed.error().detail));
  question->token = *std::move(parsed);
  const auto found = issuers_.find(question->token.issuer);
  if (found == issuers_.end())
    return question->done(
        bad_token("No OpenIDConnect provider found in your account for " + question->token.issuer.substr(0, 256)));
  Issuer& issuer = *found->second;
  if (!issuer.is_url) {
    if (const auto read = read_again(issuer); !read)
      log_.write(LogLevel::kWarning, "keys of an issuer cannot be read again",
                 {{"issuer", issuer.name}, {"why", read.error().detail}});
    return question->done(judge(issuer, *question));
  }
  const Keys keys = keys_of(issuer);
  const bool is_proven = keys != nullptr && wire::verify_jwt(question->token, *keys);
  // Keys change from time to time: one that is not there may have come since.
  const bool comes = is_coming(issuer, at, is_proven ? seconds(kFresh) : kRetry);
  if (is_proven) return question->done(accept(*question));
  if (comes) return await_keys(issuer, question);
  question->done(judge(issuer, *question));
}

void WebIdentities::await_keys(Issuer& issuer, const QuestionPtr& question) {
  bool is_full = false;
  {
    const std::lock_guard lock(issuer.mutex);
    is_full = issuer.waiting.size() >= kMostWaiting;
    if (issuer.is_fetching && !is_full) {
      issuer.waiting.emplace_back([this, &issuer, question]() { question->done(judge(issuer, *question)); });
      return;
    }
  }
  question->done(is_full ? Verified(no_keys(issuer.name)) : judge(issuer, *question));
}

WebIdentities::Verified WebIdentities::judge(Issuer& issuer, const Question& question) const {
  const Keys keys = keys_of(issuer);
  if (keys == nullptr) return no_keys(issuer.name);
  if (!wire::verify_jwt(question.token, *keys))
    return bad_token("The token's signature is not by a key of its issuer.");
  return accept(question);
}

WebIdentities::Verified WebIdentities::accept(const Question& question) const {
  const wire::Jwt& token = question.token;
  if (auto wrong = check_times(token, question.now)) return *wrong;
  const auto audience =
      std::find_first_of(token.audiences.begin(), token.audiences.end(), audiences_.begin(), audiences_.end());
  if (audience == token.audiences.end())
    return bad_token("Incorrect token audience: none of it is accepted here (--oidc-audience)");

  WebIdentity who{without_scheme(token.issuer), token.issuer, token.subject, *audience, {}};
  for (const auto& [name, value] : token.strings) who.claims.emplace(who.issuer + ':' + name, value);
  who.claims[who.issuer + ":aud"] = who.audience;
  return who;
}

}  // namespace heliograph::server::identity
