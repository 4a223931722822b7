// The configuration that heliographd generates for coturn.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heliograph/secret.hpp"
#include "server/relay/coturn_cli.hpp"
#include "server/relay/relay_quotas.hpp"

namespace heliograph::server::relay {

/// What coturn is told. Addresses are literals.
struct CoturnSettings {
  bool loopback_only = true;   ///< Development: listens on 127.0.0.1.
  bool loopback_peers = true;  ///< With loopback_only: may relay to loopback peers.
  std::uint16_t port = 3478;
  std::uint16_t tls_port = 5349;
  std::uint16_t relay_port_min = 49152;
  std::uint16_t relay_port_max = 65535;
  std::vector<std::string> listen;         ///< Addresses to serve and relay from; empty: every one there is.
  std::string external_ip;                 ///< Empty: none.
  std::vector<std::string> allowed_peers;  ///< Exceptions from the denied ranges: addresses, or LOW-HIGH.
  std::vector<std::string> denied_peers;   ///< Denied beside the ranges that always are; likewise.
  RelayQuotas quotas;
  std::string certificate_file;  ///< PEM chain; empty: no TLS and no DTLS.
  std::string key_file;
  std::string state_dir;  ///< Where coturn may write (database, pid file).
  std::string run_as;     ///< User to change to after start; empty: stay.
  std::string realm = "heliograph";
  std::uint16_t key_port = 0;  ///< Of the KeyDesk.
  Secret key_password;         ///< Of the KeyDesk.
  CoturnCli cli;               ///< What its command line is to be.
};

/// The text of turnserver.conf. It holds passwords: keep the file to mode 0600.
/// Who may be relayed to: peer_ranges.hpp.
[[nodiscard]] std::string to_coturn_conf(const CoturnSettings& settings);

}  // namespace heliograph::server::relay
