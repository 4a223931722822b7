// The development CA: a certificate authority of this machine's own and a server certificate it signed, so that clients
// that insist on TLS work without anybody's help.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "heliograph/result.hpp"
#include "net/network.hpp"

namespace heliograph::server {

/// Makes DIR/ca.pem, ca-key.pem, server.pem (chain) and server-key.pem, or keeps those that are good: the CA for ten
/// years, the server certificate until 30 days before its end, or until a name in `names` is not in it. Names that are
/// IP addresses become IP entries. Fails with kIo, or kCorrupt when a file is not what it should be (and says which to
/// delete).
[[nodiscard]] Result<net::TlsFiles> ensure_dev_certificate(const std::filesystem::path& dir,
                                                           const std::vector<std::string>& names, WallTime now);

/// localhost, 127.0.0.1, ::1, the host name, and the given addresses that are not "every address".
[[nodiscard]] std::vector<std::string> certificate_names(const std::vector<net::ListenAddress>& listen);

}  // namespace heliograph::server
