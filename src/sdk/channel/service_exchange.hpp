// One try of a call, as text: the signed request, and what its answer says.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "heliograph/credentials.hpp"
#include "net/http_call.hpp"
#include "wire/sigv4.hpp"

namespace heliograph::sdk {

/// Differences of clocks from which on the service refuses signatures.
inline constexpr std::chrono::milliseconds kMaxSkew = std::chrono::minutes(5);

/// A POST of JSON with its signature.
[[nodiscard]] net::HttpCall to_signed_call(const net::HttpUrl& url, std::string body, const Credentials& credentials,
                                           const std::string& region, WallTime now, wire::SigningKeyCache& keys);

/// The object in a 200's body; an empty body is an empty object. Fails with kCorrupt.
[[nodiscard]] Result<boost::json::object> read_body(const net::HttpReply& reply);

/// When the answer was given, by its sender's clock.
[[nodiscard]] std::optional<WallTime> date_of(const net::HttpReply& reply) noexcept;

}  // namespace heliograph::sdk
