// One GET of a small document, for the key sets of issuers.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "heliograph/result.hpp"
#include "net/http_client.hpp"

namespace heliograph::server::identity {

/// `done` is called once, on the client's thread, or at once when the URL is none to fetch. https is verified against
/// the client's authorities and the host's name; http is for loopback hosts only; redirects are not followed. Fails
/// with kIo or kTimeout, saying what went wrong, with kClosed when the client ends, and with kInvalidArgument.
void fetch(net::HttpClient& client, const std::string& url, std::chrono::seconds patience,
           std::function<void(Result<std::string>)> done);

/// Whether fetch() would take it.
[[nodiscard]] bool is_fetchable(const std::string& url);

}  // namespace heliograph::server::identity
