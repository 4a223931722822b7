// SignedRequest: a request that owns its text, as the rows of tests/vectors/sigv4_*.json describe one.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/vectors.hpp"
#include "wire/sigv4_verify.hpp"

namespace heliograph::test {

struct SignedRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  wire::SigningCredential credential;  ///< What the caller of verify() would have looked up.
  WallTime now{};
  std::vector<wire::HeaderView> header_views;  ///< Filled by view().

  /// Valid until the request changes.
  [[nodiscard]] wire::RequestView view() {
    header_views.clear();
    for (const auto& [name, value] : headers) header_views.push_back({name, value});
    return {method, target, header_views, body};
  }

  [[nodiscard]] std::string* header(std::string_view name) {
    for (auto& [key, value] : headers) {
      if (key == name) return &value;
    }
    return nullptr;
  }
};

/// A row of sigv4_headers.json or sigv4_queries.json.
inline SignedRequest to_signed_request(const boost::json::value& row) {
  const auto& input = row.at("input").as_object();
  SignedRequest request;
  request.method = text_of(input, "method");
  request.target = text_of(input, "target");
  for (const auto& header : input.at("headers").as_array()) {
    request.headers.emplace_back(std::string(header.at(0).as_string()), std::string(header.at(1).as_string()));
  }
  request.body = text_of(input, "body");
  const auto& expected = row.at("expected").as_object();
  request.credential.access_key_id = text_of(expected, "accessKeyId");
  request.credential.secret_access_key = Secret(text_of(input, "secretAccessKey"));
  request.credential.session_token = Secret(text_of(expected, "sessionToken"));
  request.now = WallTime(std::chrono::milliseconds(input.at("nowMs").as_int64()));
  return request;
}

/// The request that a client makes of a presigned WebSocket URL.
inline SignedRequest to_upgrade_request(std::string_view url) {
  const std::string_view rest = url.substr(url.find("://") + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?"));
  SignedRequest request;
  request.method = "GET";
  request.target = rest.substr(host.size());
  request.headers = {{"Host", std::string(host)}, {"Upgrade", "websocket"}};
  return request;
}

/// Both steps of a verifier that knows one key.
inline Result<void> authenticate(SignedRequest& request, std::string_view region = "us-west-2") {
  wire::SigningKeyCache cache(1);
  const wire::RequestView view = request.view();
  const auto claim = wire::parse_authentication(view);
  if (!claim) return claim.error();
  return wire::verify(view, *claim, request.credential, request.now, {.region = region}, cache);
}

}  // namespace heliograph::test
