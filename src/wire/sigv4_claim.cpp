// parse_authentication: what a request says about its signature.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "wire/date.hpp"
#include "wire/sigv4_canonical.hpp"
#include "wire/sigv4_verify.hpp"

namespace heliograph::wire {
namespace {

constexpr std::chrono::seconds kMaxExpires = std::chrono::days(7);

Error incomplete(std::string text) { return {Errc::kIncompleteSignature, std::move(text)}; }

/// Input inside an error text: cut, so that an answer stays small.
std::string quoted(std::string_view input) {
  constexpr std::size_t kMax = 96;
  std::string out = "'";
  out += input.substr(0, kMax);
  out += input.size() > kMax ? "…'" : "'";
  return out;
}

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// The one header of that name. A second one is an error: who reads the other one would see another request.
Result<std::optional<std::string_view>> find_single(const RequestView& request, std::string_view name) {
  std::optional<std::string_view> found;
  for (const HeaderView& header : request.headers) {
    if (!is_same_header(header.name, name)) continue;
    if (found) return incomplete("The request has more than one header '" + std::string(name) + "'.");
    found = trim(header.value);
  }
  return found;
}

Result<void> set_credential(AuthClaim& claim, std::string_view text) {
  std::array<std::string_view, 5> parts;
  std::string_view rest = text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t slash = rest.find('/');
    const bool is_last = i + 1 == parts.size();
    parts[i] = rest.substr(0, slash);
    if (parts[i].empty() || is_last != (slash == std::string_view::npos)) {
      return incomplete(
          "Credential must have exactly 5 slash-delimited elements, keyid/date/region/service/term, got " +
          quoted(text) + ".");
    }
    if (!is_last) rest.remove_prefix(slash + 1);
  }
  claim.access_key_id = parts[0];
  claim.scope = text.substr(parts[0].size() + 1);
  claim.scope_date = parts[1];
  claim.region = parts[2];
  claim.service = parts[3];
  claim.terminator = parts[4];
  return {};
}

Result<void> set_signed_headers(AuthClaim& claim, std::string_view text) {
  bool has_host = false;
  for (std::string_view rest = text;;) {
    const std::string_view name = rest.substr(0, rest.find(';'));
    const bool is_lower =
        std::none_of(name.begin(), name.end(), [](char c) { return c <= ' ' || (c >= 'A' && c <= 'Z'); });
    if (name.empty() || !is_lower) {
      return incomplete("SignedHeaders must be header names in small letters, separated by ';', got " + quoted(text) +
                        ".");
    }
    has_host = has_host || name == "host";
    if (name.size() == rest.size()) break;
    rest.remove_prefix(name.size() + 1);
  }
  if (!has_host) return incomplete("'host' must be one of the SignedHeaders.");
  claim.signed_headers = text;
  return {};
}

Result<void> set_signature(AuthClaim& claim, std::string_view text) {
  const bool is_hex =
      std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (text.size() != 2 * sizeof(Sha256Digest) || !is_hex) {
    return incomplete("Signature must be 64 hexadecimal digits in small letters.");
  }
  claim.signature = text;
  return {};
}

Result<void> set_date(AuthClaim& claim, std::string_view text) {
  const auto date = parse_amz_date(text);
  if (!date) return incomplete("Date must be in ISO-8601 basic format, yyyymmddThhmmssZ. Got " + quoted(text) + ".");
  claim.date = *date;
  claim.amz_date = text;
  return {};
}

Result<void> set_algorithm(std::string_view text) {
  if (text == kSigningAlgorithm) return {};
  return incomplete("Unsupported algorithm " + quoted(text) + "; sign with AWS4-HMAC-SHA256.");
}

/// "name is missing", in the words of the carrier.
Error missing(AuthClaim::Carrier carrier, std::string_view name) {
  std::string text = carrier == AuthClaim::Carrier::kHeader ? "Authorization header requires '"
                                                            : "AWS query-string parameters must include '";
  text += name;
  text += carrier == AuthClaim::Carrier::kHeader ? "' parameter." : "'.";
  return incomplete(std::move(text));
}

/// `Credential=…, SignedHeaders=…, Signature=…` after the algorithm, in any order, with or without spaces.
Result<void> set_authorization(AuthClaim& claim, std::string_view parameters) {
  std::optional<std::string_view> credential, signed_headers, signature;
  while (!parameters.empty()) {
    const std::string_view part = parameters.substr(0, parameters.find(','));
    parameters.remove_prefix(std::min(part.size() + 1, parameters.size()));
    const std::string_view pair = trim(part);
    const std::size_t equals = pair.find('=');
    const std::string_view name = pair.substr(0, equals);
    auto* const slot = name == "Credential"      ? &credential
                       : name == "SignedHeaders" ? &signed_headers
                       : name == "Signature"     ? &signature
                                                 : nullptr;
    if (slot == nullptr || equals == std::string_view::npos || slot->has_value()) {
      return incomplete(
          "Authorization header must be a list of Credential, SignedHeaders and Signature, each name=value once.");
    }
    *slot = pair.substr(equals + 1);
  }
  if (!credential) return missing(claim.carrier, "Credential");
  if (!signed_headers) return missing(claim.carrier, "SignedHeaders");
  if (!signature) return missing(claim.carrier, "Signature");
  if (auto done = set_credential(claim, *credential); !done) return done;
  if (auto done = set_signed_headers(claim, *signed_headers); !done) return done;
  return set_signature(claim, *signature);
}

Result<void> set_header_date(AuthClaim& claim, const RequestView& request) {
  const auto amz_date = find_single(request, "x-amz-date");
  if (!amz_date) return amz_date.error();
  if (*amz_date) return set_date(claim, **amz_date);
  const auto http_date = find_single(request, "date");
  if (!http_date) return http_date.error();
  if (!*http_date)
    return incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  const auto date = parse_http_date(**http_date);
  if (!date) return set_date(claim, **http_date);
  claim.date = *date;
  claim.amz_date = to_amz_date(*date);
  return {};
}

Result<void> fill_from_header(AuthClaim& claim, const RequestView& request, std::string_view authorization) {
  claim.carrier = AuthClaim::Carrier::kHeader;
  const std::string_view algorithm = authorization.substr(0, authorization.find(' '));
  if (auto done = set_algorithm(algorithm); !done) return done;
  if (auto done = set_authorization(claim, trim(authorization.substr(algorithm.size()))); !done) return done;
  if (auto done = set_header_date(claim, request); !done) return done;
  // The C SDK sends its token without signing it, so the header counts whether or not the signature covers it.
  const auto token = find_single(request, "x-amz-security-token");
  if (!token) return token.error();
  claim.session_token = token->value_or(std::string_view{});
  return {};
}

Result<void> set_expires(AuthClaim& claim, std::string_view text) {
  std::uint32_t seconds = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem != std::errc{} || end != text.data() + text.size() || seconds < 1 || seconds > kMaxExpires.count()) {
    return incomplete("X-Amz-Expires must be a number of seconds from 1 to 604800, got " + quoted(text) + ".");
  }
  claim.expires = std::chrono::seconds(seconds);
  return {};
}

Result<void> fill_from_query(AuthClaim& claim) {
  claim.carrier = AuthClaim::Carrier::kQuery;
  if (claim.query.has_duplicates()) return incomplete("The query names a parameter more than once.");
  constexpr std::array<std::string_view, 6> kNeeded{"X-Amz-Algorithm",     "X-Amz-Credential", "X-Amz-Date",
                                                    "X-Amz-SignedHeaders", "X-Amz-Signature",  "X-Amz-Expires"};
  std::array<std::string_view, kNeeded.size()> values;
  for (std::size_t i = 0; i < kNeeded.size(); ++i) {
    const auto value = claim.query.find(kNeeded[i]);
    if (!value) return missing(claim.carrier, kNeeded[i]);
    values[i] = *value;
  }
  if (auto done = set_algorithm(values[0]); !done) return done;
  if (auto done = set_credential(claim, values[1]); !done) return done;
  if (auto done = set_date(claim, values[2]); !done) return done;
  if (auto done = set_signed_headers(claim, values[3]); !done) return done;
  if (auto done = set_signature(claim, values[4]); !done) return done;
  claim.session_token = claim.query.find("X-Amz-Security-Token").value_or(std::string_view{});
  return set_expires(claim, values[5]);
}

}  // namespace

Result<AuthClaim> parse_authentication(const RequestView& request) {
  // Lines of the canonical request end in line feeds: none may come from inside a part.
  const auto is_visible = [](char c) { return c > ' ' || static_cast<unsigned char>(c) >= 0x80; };
  if (!std::all_of(request.method.begin(), request.method.end(), is_visible) ||
      !std::all_of(request.target.begin(), request.target.end(), is_visible)) {
    return Error{Errc::kBadRequest, "The request line holds a space or a control character."};
  }
  AuthClaim claim;
  auto query = Query::parse(split_target(request.target).query);
  if (!query) return query.error();
  claim.query = std::move(*query);
  const auto authorization = find_single(request, "authorization");
  if (!authorization) return authorization.error();
  // A proxy's own `Authorization: Basic …` may stand beside a presigned URL; only an AWS one is ours.
  const bool is_signed_header = authorization->value_or("").starts_with("AWS");
  const bool is_presigned = claim.query.find("X-Amz-Algorithm") || claim.query.find("X-Amz-Signature") ||
                            claim.query.find("X-Amz-Credential");
  if (is_signed_header && is_presigned) {
    return incomplete("Sign either in the Authorization header or in the query, not in both.");
  }
  if (!is_signed_header && !is_presigned) return Errc::kMissingAuthenticationToken;
  const auto filled = is_signed_header ? fill_from_header(claim, request, **authorization) : fill_from_query(claim);
  if (!filled) return filled.error();
  return claim;
}

}  // namespace heliograph::wire
