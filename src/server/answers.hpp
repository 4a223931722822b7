// HTTP answers that several parts give: errors in the form that all SDKs parse, CORS, request ids.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "heliograph/error.hpp"
#include "net/http.hpp"
#include "wire/error_table.hpp"

namespace heliograph::server {

/// The path of a request target, without its query.
[[nodiscard]] std::string_view path_of(std::string_view target) noexcept;

/// An error as `surface` tells it: with its detail, or with the table's text when it has none or the failure is ours.
[[nodiscard]] net::HttpResponse error_response(const Error& error, wire::Surface surface);

/// A JSON answer of our own API.
[[nodiscard]] net::HttpResponse json_response(int status, std::string body);

/// Lets pages of any origin call the KVS API and read what they need of the answer (Date: for clock skew).
void add_cors_headers(net::HttpResponse& response);
/// The answer to a preflight: the asked-for headers are allowed.
[[nodiscard]] net::HttpResponse preflight_response(const net::HttpRequest& request);

/// A random UUID.
[[nodiscard]] std::string make_request_id(Rng& rng);

}  // namespace heliograph::server
