// The TLS settings of all listeners: one SSL_CTX from PEM files.
#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "heliograph/result.hpp"
#include "net/network.hpp"

namespace heliograph::net {

/// Counted by OpenSSL itself: a connection keeps the one it began with.
using TlsContext = std::shared_ptr<SSL_CTX>;

/// TLS 1.2 and 1.3, ALPN http/1.1 only (the C SDK's requests fail over h2), session tickets, buffers released while
/// idle. Fails with kIo, naming the file and what OpenSSL says of it.
[[nodiscard]] Result<TlsContext> load_tls_context(const TlsFiles& files);

/// When its certificate ends, in seconds since the epoch.
[[nodiscard]] double ends_at(const TlsContext& context);

}  // namespace heliograph::net
