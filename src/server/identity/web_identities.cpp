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
constexpr seconds kSkew{60};  ///< Between the issuer's clock and ours.

StsFailure bad_token(std::string message) { return {400, "InvalidIdentityToken", std::move(message)}; }

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

WebIdentities::Keys WebIdentities::keys_of(Issuer& issuer) {
  const std::lock_guard lock(issuer.mutex);
  return issuer.keys;
}

Result<void> WebIdentities::refresh(Issuer& issuer, SteadyTime now, bool key_is_missing) {
  const std::unique_lock refreshing(issuer.refresh, std::try_to_lock);
  if (!refreshing) return {};
  const Keys before = keys_of(issuer);
  std::error_code ignored;
  const auto written =
      issuer.is_url ? std::filesystem::file_time_type{} : std::filesystem::last_write_time(issuer.source, ignored);
  const auto wait = key_is_missing || before == nullptr ? std::chrono::duration_cast<seconds>(kRetry) : seconds(kFresh);
  const bool was_tried = issuer.tried != SteadyTime{};
  if (issuer.is_url ? was_tried && now - issuer.tried < wait : was_tried && written == issuer.read) return {};
  issuer.tried = now;
  issuer.read = written;
  const auto text = issuer.is_url ? fetch(issuer.source, kPatience) : read_file(issuer.source);
  if (!text) return text.error();
  auto keys = wire::parse_jwks(*text);
  if (!keys) return Error{keys.error().code, issuer.source + ": " + keys.error().detail};
  const std::lock_guard lock(issuer.mutex);
  issuer.keys = std::make_shared<const std::vector<wire::Jwk>>(*std::move(keys));
  return {};
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
  if (const auto read = refresh(*issuer, now, false); !read) {
    if (!issuer->is_url) return wrong(read.error().detail);
    log_.write(LogLevel::kWarning, "keys of an issuer are not there yet",
               {{"issuer", issuer->name}, {"why", read.error().detail}});
  }
  std::string name = issuer->name;
  issuers_.emplace(std::move(name), std::move(issuer));
  return {};
}

std::variant<WebIdentity, StsFailure> WebIdentities::verify(std::string_view token_text, WallTime now, SteadyTime at) {
  const auto token = wire::parse_jwt(token_text);
  if (!token) return bad_token(token.error().detail);
  const auto found = issuers_.find(token->issuer);
  if (found == issuers_.end())
    return bad_token("No OpenIDConnect provider found in your account for " + token->issuer.substr(0, 256));
  Issuer& issuer = *found->second;
  const auto keep_fresh = [&](bool key_is_missing) {
    if (const auto read = refresh(issuer, at, key_is_missing); !read)
      log_.write(LogLevel::kWarning, "keys of an issuer cannot be read again",
                 {{"issuer", issuer.name}, {"why", read.error().detail}});
  };
  keep_fresh(false);
  Keys keys = keys_of(issuer);
  if (keys == nullptr || !wire::verify_jwt(*token, *keys)) {
    keep_fresh(true);  // Keys change from time to time.
    keys = keys_of(issuer);
  }
  if (keys == nullptr)
    return StsFailure{400, "IDPCommunicationError", "The keys of " + issuer.name + " cannot be had. Try again later."};
  if (!wire::verify_jwt(*token, *keys)) return bad_token("The token's signature is not by a key of its issuer.");
  if (auto wrong = check_times(*token, now)) return *wrong;
  const auto audience =
      std::find_first_of(token->audiences.begin(), token->audiences.end(), audiences_.begin(), audiences_.end());
  if (audience == token->audiences.end())
    return bad_token("Incorrect token audience: none of it is accepted here (--oidc-audience)");

  WebIdentity who{without_scheme(token->issuer), token->issuer, token->subject, *audience, {}};
  for (const auto& [name, value] : token->strings) who.claims.emplace(who.issuer + ':' + name, value);
  who.claims[who.issuer + ":aud"] = who.audience;
  return who;
}

}  // namespace heliograph::server::identity
