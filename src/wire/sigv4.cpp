// Signing: presigned URLs and Authorization headers.
#include "wire/sigv4.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "wire/date.hpp"
#include "wire/redact.hpp"
#include "wire/sigv4_canonical.hpp"
#include "wire/uri.hpp"

namespace heliograph::wire {
namespace {

constexpr std::chrono::seconds kMaxExpires = std::chrono::days(7);

std::string to_scope(const SigningScope& scope) {
  std::string out;
  out.reserve(64);
  for (const std::string_view part : {scope.date, scope.region, scope.service}) {
    out += part;
    out += '/';
  }
  out += kSigningTerminator;
  return out;
}

std::string to_credential(const SigningCredential& credential, std::string_view scope) {
  std::string out = credential.access_key_id;
  out += '/';
  out += scope;
  return out;
}

struct Endpoint {
  std::string_view scheme;  ///< With "://".
  std::string_view host;
  std::string_view path;
};

Result<Endpoint> parse_endpoint(std::string_view text) {
  for (const std::string_view scheme : {"wss://", "ws://"}) {
    if (!text.starts_with(scheme)) continue;
    const std::string_view rest = text.substr(scheme.size());
    if (rest.find_first_of("?#") != std::string_view::npos) {
      return Error{Errc::kInvalidArgument, "Endpoint '" + redact_url(text) + "' must not have a query or a fragment."};
    }
    const std::string_view host = rest.substr(0, rest.find('/'));
    const std::string_view path = rest.substr(host.size());
    if (host.empty()) return Error{Errc::kInvalidArgument, "Endpoint '" + redact_url(text) + "' names no host."};
    return Endpoint{scheme, host, path.empty() ? "/" : path};
  }
  return Error{Errc::kInvalidArgument, "Endpoint '" + redact_url(text) +
                                           "' is not a WebSocket endpoint. It should start with wss:// or ws://."};
}

void append_param(std::string& out, const ParamView& param, UriSpelling spelling, bool is_first) {
  if (!is_first) out += '&';
  out += param.name;
  out += '=';
  append_percent_encoded(out, param.value, spelling);
}

/// Parameters in the order of their names, each name once; who comes later wins.
class SortedParams {
 public:
  void set(std::string_view name, std::string_view value) {
    const auto at = std::lower_bound(params_.begin(), params_.end(), name,
                                     [](const ParamView& p, std::string_view want) { return p.name < want; });
    if (at != params_.end() && at->name == name) {
      at->value = value;
    } else {
      params_.insert(at, {name, value});
    }
  }
  void append_to(std::string& out, UriSpelling spelling) const {
    for (const ParamView& param : params_) append_param(out, param, spelling, &param == &params_.front());
  }
  /// Whether it is this one that stands here under its name.
  [[nodiscard]] bool has(const ParamView& param) const {
    const auto same = [&](const ParamView& p) { return p.name == param.name && p.value.data() == param.value.data(); };
    return std::any_of(params_.begin(), params_.end(), same);
  }

 private:
  std::vector<ParamView> params_;
};

Result<void> check(const PresignRequest& request) {
  if (request.expires.count() < 1 || request.expires > kMaxExpires) {
    return Error{Errc::kInvalidArgument, "A signature can be valid for 1 to 604800 seconds, not for " +
                                             std::to_string(request.expires.count()) + "."};
  }
  for (const ParamView& param : request.params) {
    // The JavaScript signer writes names as they are, which only works for names that need no encoding. No parameter
    // of KVS does, so that the other form is not given what this one cannot say.
    if (param.name.empty() || percent_encode(param.name) != param.name) {
      return Error{Errc::kInvalidArgument,
                   "Query parameter '" + std::string(param.name) + "' must be named with A-Z a-z 0-9 - _ . ~ only."};
    }
    if (param.name == "X-Amz-Signature") {
      return Error{Errc::kInvalidArgument, "Query parameter X-Amz-Signature is what signing makes; leave it out."};
    }
  }
  return {};
}

}  // namespace

Result<std::string> presign_url(const PresignRequest& request, const SigningCredential& credential, WallTime now,
                                SigningKeyCache& cache) {
  const auto endpoint = parse_endpoint(request.endpoint);
  if (!endpoint) return endpoint.error();
  if (const auto checked = check(request); !checked) return checked.error();

  const std::string date = to_amz_date(now);
  const SigningScope scope{std::string_view(date).substr(0, 8), request.region, request.service};
  const std::string scope_text = to_scope(scope);
  const std::string credential_text = to_credential(credential, scope_text);
  const std::string expires = std::to_string(request.expires.count());
  std::vector<ParamView> own{{"X-Amz-Algorithm", kSigningAlgorithm},
                             {"X-Amz-Credential", credential_text},
                             {"X-Amz-Date", date},
                             {"X-Amz-Expires", expires},
                             {"X-Amz-SignedHeaders", "host"}};
  if (!credential.session_token.empty()) own.push_back({"X-Amz-Security-Token", credential.session_token.reveal()});
  SortedParams params;
  for (const ParamView& param : request.params) params.set(param.name, param.value);
  for (const ParamView& param : own) params.set(param.name, param.value);

  const bool is_strict = request.form == PresignForm::kBotocore;
  std::string query;
  params.append_to(query, is_strict ? UriSpelling::kStrict : UriSpelling::kComponent);
  const std::string path = is_strict ? percent_encode(endpoint->path, UriSpelling::kPath) : std::string(endpoint->path);
  const std::array<HeaderView, 1> headers{{{"host", endpoint->host}}};
  const std::string canonical = to_canonical_request({"GET", path, query, "host", kEmptyHash}, headers);
  const std::string signature = to_hex(to_signature(cache.signing_key(credential, scope), date, scope_text, canonical));

  std::string url;
  if (!is_strict) {
    url += endpoint->scheme;
    url += endpoint->host;
    url += endpoint->path;
    url += '?';
    params.set("X-Amz-Signature", signature);
    params.append_to(url, UriSpelling::kComponent);
    return url;
  }
  url += request.endpoint;  // botocore writes no slash where there is no path.
  url += '?';
  for (const ParamView& param : request.params)
    if (params.has(param)) append_param(url, param, UriSpelling::kStrict, url.back() == '?');
  for (const ParamView& param : own) append_param(url, param, UriSpelling::kStrict, url.back() == '?');
  return url + "&X-Amz-Signature=" + signature;
}

SignedHeaders sign_headers(const HeaderSignRequest& request, const SigningCredential& credential, WallTime now,
                           SigningKeyCache& cache) {
  SignedHeaders out;
  out.x_amz_date = to_amz_date(now);
  out.x_amz_security_token = credential.session_token;
  std::vector<HeaderView> headers(request.headers.begin(), request.headers.end());
  headers.push_back({"host", request.host});
  headers.push_back({"x-amz-date", out.x_amz_date});
  if (!credential.session_token.empty()) headers.push_back({"x-amz-security-token", credential.session_token.reveal()});

  std::vector<std::string> names;
  for (const HeaderView& header : headers) {
    std::string& name = names.emplace_back(header.name);
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string signed_headers;
  for (const std::string& name : names) signed_headers += (signed_headers.empty() ? "" : ";") + name;

  const Target target = split_target(request.target);
  // Every service but S3 has the path encoded once more for the signature.
  const std::string path = percent_encode(target.path, UriSpelling::kPath);
  std::string query;
  // A target that does not parse is signed without its query; the server refuses it in any case.
  if (const auto parsed = Query::parse(target.query)) append_canonical_query(query, *parsed, QuerySpelling::kStrict);
  const std::string payload_hash = to_hex(sha256(request.body));
  const std::string canonical =
      to_canonical_request({request.method, path, query, signed_headers, payload_hash}, headers);

  const SigningScope scope{std::string_view(out.x_amz_date).substr(0, 8), request.region, request.service};
  const std::string scope_text = to_scope(scope);
  out.authorization = kSigningAlgorithm;
  out.authorization +=
      " Credential=" + to_credential(credential, scope_text) + ", SignedHeaders=" + signed_headers + ", Signature=";
  append_hex(out.authorization,
             to_signature(cache.signing_key(credential, scope), out.x_amz_date, scope_text, canonical));
  return out;
}

}  // namespace heliograph::wire
