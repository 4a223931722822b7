// What must hold for any request, whoever wrote it: nothing verifies without the secret, and what we sign verifies. The
// text of a request is `METHOD TARGET`, header lines, an empty line and the body, with lone line feeds.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "support/check.hpp"
#include "wire/sigv4_verify.hpp"

namespace heliograph::test {

struct RequestText {
  std::string_view method, target, body;
  std::vector<wire::HeaderView> headers;

  [[nodiscard]] wire::RequestView view() const { return {method, target, headers, body}; }
};

inline RequestText parse_request_text(std::string_view text) {
  const auto take_line = [&text] {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
  };
  RequestText request;
  const std::string_view first = take_line();
  request.method = first.substr(0, first.find(' '));
  request.target = first.substr(std::min(request.method.size() + 1, first.size()));
  for (std::string_view line = take_line(); !line.empty(); line = take_line()) {
    const std::string_view name = line.substr(0, line.find(':'));
    request.headers.push_back({name, line.substr(std::min(name.size() + 1, line.size()))});
  }
  request.body = text;
  return request;
}

inline const wire::SigningCredential& property_credential() {
  static const wire::SigningCredential credential{"AKIDPROPERTY", Secret("a secret that no input knows"), Secret(),
                                                  std::nullopt};
  return credential;
}

inline constexpr WallTime kPropertyNow{std::chrono::milliseconds(1699332454000)};  // 20231107T044734Z
inline constexpr std::string_view kPropertyRegion = "us-west-2";

inline wire::SigningKeyCache& property_cache() {
  static wire::SigningKeyCache cache(4);
  return cache;
}

inline Result<void> verify_property_request(const wire::RequestView& view) {
  const auto claim = wire::parse_authentication(view);
  if (!claim) return claim.error();
  return wire::verify(view, *claim, property_credential(), kPropertyNow, {.region = kPropertyRegion}, property_cache());
}

/// A request that was not signed with our secret never verifies, and what is said about it stays small.
inline void check_refused(const RequestText& request) {
  const auto verified = verify_property_request(request.view());
  check(!verified, "nothing verifies without the secret");
  check(verified.error().detail.size() < 512, "an answer stays small");
  if (const auto claim = wire::parse_authentication(request.view())) {
    check(!wire::describe_expected(request.view(), *claim).empty(), "what was expected can be said");
  }
}

inline bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > ' '; });
}

/// The same request signed by us in its headers verifies.
inline void check_header_signing(const RequestText& request) {
  const auto query = wire::Query::parse(wire::split_target(request.target).query);
  if (!query || !is_visible(request.method) || !is_visible(request.target)) return;
  for (const wire::QueryParam& param : query->params()) {
    if (param.name.starts_with("X-Amz-")) return;  // Signed in the query, or in both places.
  }
  std::vector<wire::HeaderView> headers;
  for (const wire::HeaderView& header : request.headers) {
    const bool is_token = !header.name.empty() && std::all_of(header.name.begin(), header.name.end(), [](char c) {
      return c == '-' || (c >= 'a' && c <= 'z');
    });
    const bool is_ours = header.name == "host" || header.name == "authorization" || header.name.starts_with("x-amz-");
    if (is_token && !is_ours) headers.push_back(header);
  }
  const auto made = wire::sign_headers({.method = request.method,
                                        .host = "localhost:3000",
                                        .target = request.target,
                                        .headers = headers,
                                        .body = request.body,
                                        .region = kPropertyRegion},
                                       property_credential(), kPropertyNow, property_cache());
  headers.push_back({"Host", "localhost:3000"});
  headers.push_back({"X-Amz-Date", made.x_amz_date});
  headers.push_back({"Authorization", made.authorization});
  const auto verified = verify_property_request({request.method, request.target, headers, request.body});
  check(verified.has_value(), "what we sign in headers verifies");
}

/// Its query presigned by us verifies.
inline void check_presigning(const RequestText& request) {
  const auto target = wire::split_target(request.target);
  const auto query = wire::Query::parse(target.query);
  if (!query || !is_visible(target.path) || !target.path.starts_with('/')) return;
  std::vector<wire::ParamView> params;
  for (const wire::QueryParam& param : query->params()) {
    if (param.name != "X-Amz-Security-Token") params.push_back({param.name, param.value});
  }
  const std::string origin = "wss://localhost:3000";
  const std::string endpoint = origin + std::string(target.path);
  const auto url = wire::presign_url({.endpoint = endpoint, .params = params, .region = kPropertyRegion},
                                     property_credential(), kPropertyNow, property_cache());
  if (!url) return;
  const wire::HeaderView headers[] = {{"Host", "localhost:3000"}};
  const auto verified = verify_property_request({"GET", std::string_view(*url).substr(origin.size()), headers, {}});
  check(verified.has_value(), "what we presign verifies");
}

}  // namespace heliograph::test
