// Tokens: three parts of base64url, two of them JSON.
#include "wire/jwt.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cmath>

#include "wire/base64url.hpp"
#include "wire/json_duplicates.hpp"

namespace heliograph::wire {
namespace {

namespace json = boost::json;

Error wrong(std::string text) { return {Errc::kInvalidArgument, "The token " + std::move(text)}; }

Result<json::object> parse_part(std::string_view part, std::string_view what) {
  const auto text = parse_base64url(part);
  if (!text) return wrong("has a " + std::string(what) + " that is not base64url.");
  json::parse_options options;
  options.max_depth = 16;
  json::error_code problem;
  json::value value = json::parse(*text, problem, {}, options);
  if (problem || !value.is_object()) return wrong("has a " + std::string(what) + " that is not a JSON object.");
  if (find_duplicate_member(*text)) return wrong("has a " + std::string(what) + " with a member that is given twice.");
  return std::move(value.get_object());
}

Result<std::string> text_member(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return std::string();
  if (!value->is_string()) return wrong("has a member " + std::string(name) + " that is not a string.");
  return std::string(value->get_string());
}

/// NumericDate: seconds since 1970, perhaps with a fraction.
Result<std::optional<WallTime>> time_member(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return std::optional<WallTime>();
  constexpr double kYear9999 = 253'402'300'799;
  json::error_code problem;
  const auto seconds = value->is_number() ? value->to_number<double>(problem) : -1.0;
  if (problem || !(seconds >= 0 && seconds <= kYear9999))
    return wrong("has a member " + std::string(name) + " that is not a number of seconds since 1970.");
  return std::optional(WallTime(std::chrono::milliseconds(static_cast<std::int64_t>(std::floor(seconds) * 1000))));
}

Result<void> read_header(Jwt& token, const json::object& header) {
  const auto algorithm = text_member(header, "alg");
  if (!algorithm) return algorithm.error();
  if (*algorithm != "RS256" && *algorithm != "ES256") return wrong("must be signed with RS256 or ES256.");
  token.algorithm = *algorithm == "RS256" ? JwtAlgorithm::kRs256 : JwtAlgorithm::kEs256;
  if (header.contains("crit")) return wrong("has critical header members, and none is understood here.");
  auto key_id = text_member(header, "kid");
  if (!key_id) return key_id.error();
  token.key_id = *std::move(key_id);
  return {};
}

Result<void> read_audiences(Jwt& token, const json::object& claims) {
  const json::value* audience = claims.if_contains("aud");
  if (audience == nullptr) return wrong("has no aud.");
  if (audience->is_string()) {
    token.audiences.emplace_back(audience->get_string());
    return {};
  }
  if (!audience->is_array()) return wrong("has an aud that is neither a string nor a list of strings.");
  for (const json::value& each : audience->get_array()) {
    if (!each.is_string()) return wrong("has an aud that is neither a string nor a list of strings.");
    token.audiences.emplace_back(each.get_string());
  }
  return {};
}

Result<void> read_claims(Jwt& token, const json::object& claims) {
  for (const auto& [name, value] : claims)
    if (value.is_string()) token.strings.emplace(std::string(name), std::string(value.get_string()));
  for (const auto& [name, member] : {std::pair{"iss", &Jwt::issuer}, std::pair{"sub", &Jwt::subject}}) {
    auto text = text_member(claims, name);
    if (!text) return text.error();
    if (text->empty()) return wrong("has no " + std::string(name) + ".");
    token.*member = *std::move(text);
  }
  if (auto read = read_audiences(token, claims); !read) return read;
  const auto expires = time_member(claims, "exp");
  if (!expires) return expires.error();
  if (!*expires) return wrong("has no exp.");
  token.expires = **expires;
  const auto not_before = time_member(claims, "nbf");
  if (!not_before) return not_before.error();
  token.not_before = *not_before;
  return {};
}

}  // namespace

Result<Jwt> parse_jwt(std::string_view text) {
  if (text.size() > kMaxJwt) return wrong("is longer than 20000 characters.");
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos)
    return wrong("is not three parts with dots between them.");
  Jwt token;
  token.signed_part = text.substr(0, second);
  auto signature = parse_base64url(text.substr(second + 1));
  if (!signature || signature->empty()) return wrong("has a signature that is not base64url.");
  token.signature = *std::move(signature);
  const auto header = parse_part(text.substr(0, first), "header");
  if (!header) return header.error();
  if (auto read = read_header(token, *header); !read) return read.error();
  const auto claims = parse_part(text.substr(first + 1, second - first - 1), "set of claims");
  if (!claims) return claims.error();
  if (auto read = read_claims(token, *claims); !read) return read.error();
  return token;
}

}  // namespace heliograph::wire
