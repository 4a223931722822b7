// Config: every setting of heliographd. Each is a flag, a HELIOGRAPH_* variable and a TOML key of the same name.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/limits.hpp"
#include "heliograph/result.hpp"
#include "heliograph/secret.hpp"
#include "net/network.hpp"
#include "server/call_limits.hpp"
#include "server/console_access.hpp"
#include "server/drain_times.hpp"
#include "server/events/event_config.hpp"
#include "server/relay/relay_quotas.hpp"

namespace heliograph::server {

enum class TurnMode : std::uint8_t { kAuto, kOff, kExternal };
enum class LogFormat : std::uint8_t { kText, kJson };

/// How the relay is run or found.
struct TurnConfig {
  TurnMode mode = TurnMode::kAuto;
  std::uint16_t port = 3478;             ///< UDP and TCP; 0, or a port in use, picks a free one.
  std::uint16_t tls_port = 5349;         ///< TLS and DTLS; likewise.
  std::uint16_t relay_port_min = 49152;  ///< Ports that relayed addresses are taken from.
  std::uint16_t relay_port_max = 65535;
  std::string host;                        ///< Name or address put into URIs; empty: the one the client asked for.
  std::string external_ip;                 ///< Public address when behind NAT, as coturn's external-ip.
  std::vector<std::string> allowed_peers;  ///< Private addresses or ranges, LOW-HIGH, that may be relayed to.
  std::vector<std::string> denied_peers;   ///< Addresses or ranges that may not, beside those that never may.
  bool loopback_peers = true;              ///< On a loopback service, loopback may be relayed to.
  relay::RelayQuotas quotas;
  std::string binary;             ///< Empty: turnserver is looked for on PATH.
  std::vector<std::string> uris;  ///< kExternal: what GetIceServerConfig answers.
  std::string secret_file;        ///< kExternal: the fleet's static-auth-secret.
};

struct Config {
  std::vector<net::ListenAddress> listen{{"127.0.0.1", 3000}};
  std::optional<net::ListenAddress> metrics_listen;  ///< Serves /metrics and health, in plain text and to anybody.
  std::string data_dir = ".heliograph";
  std::string region = "us-east-1";
  std::string account = "000000000000";
  core::Limits limits;  ///< From --limits open|aws, and --limit NAME=VALUE on top of it.
  CallLimits call_limits;
  std::string limits_name = "open";
  int throttle_status = 400;  ///< HTTP status of calls that come too often: 400, as documented, or 429.
  TurnConfig turn;
  net::TlsFiles tls;             ///< Empty: the development CA's certificate.
  std::string web_dir;           ///< Empty: found beside the executable.
  unsigned threads = 0;          ///< 0: one per core.
  bool allow_plaintext = false;  ///< Serve http/ws on addresses that are not loopback.
  ConsoleLogin console_login = ConsoleLogin::kAuto;
  LogFormat log_format = LogFormat::kText;
  std::string log_level = "info";
  DrainTimes drain;
  std::string master_key_file;              ///< Empty: DATA/master.key.
  Secret master_key;                        ///< HELIOGRAPH_MASTER_KEY: no flag, which others could read.
  std::string audit_log;                    ///< A file, or "-"; empty: none is kept.
  std::vector<std::string> oidc_issuers;    ///< ISSUER=SOURCE of its keys.
  std::vector<std::string> oidc_audiences;  ///< Of which a web identity's token must have one.
  events::EventConfig events;
  /// Every setting as text, by its name: what reloading compares.
  std::map<std::string, std::string> settings;
};

/// The command line asked for something else than running: print `text`, exit with `code`.
struct ExitRequest {
  std::string text;
  int code = 0;
};

/// Reads flags, HELIOGRAPH_* variables and the --config file (that order wins). Every mistake gives an ExitRequest that
/// names the setting, what was wrong with it and what it takes.
[[nodiscard]] std::variant<Config, ExitRequest> parse_config(int argc, const char* const* argv);

}  // namespace heliograph::server
