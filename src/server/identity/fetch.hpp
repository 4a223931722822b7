// One GET of a small document, for the key sets of issuers.
#pragma once

#include <chrono>
#include <string>

#include "heliograph/result.hpp"

namespace heliograph::server::identity {

/// Blocks, for `patience` at most. https is verified against the machine's authorities (or those of SSL_CERT_FILE) and
/// the host's name; http is for loopback hosts only; redirects are not followed. Fails with kIo or kTimeout, saying
/// what went wrong.
[[nodiscard]] Result<std::string> fetch(const std::string& url, std::chrono::seconds patience);

/// Whether fetch() would take it.
[[nodiscard]] bool is_fetchable(const std::string& url);

}  // namespace heliograph::server::identity
