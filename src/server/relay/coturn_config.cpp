// turnserver.conf, line by line. Option names: coturn 4.6 `turnserver -h`.
#include "server/relay/coturn_config.hpp"

#include <string_view>

#include "server/relay/peer_ranges.hpp"

namespace heliograph::server::relay {
namespace {

std::string bytes_per_second(std::uint32_t kilobits) { return std::to_string(std::uint64_t{kilobits} * 125); }

}  // namespace

std::string to_coturn_conf(const CoturnSettings& settings) {
  std::string conf = "# Written by heliographd at every start; changes are lost.\n";
  const auto flag = [&conf](std::string_view name) { conf.append(name).append("\n"); };
  const auto set = [&conf](std::string_view name, std::string_view value) {
    conf.append(name).append("=").append(value).append("\n");
  };

  set("listening-port", std::to_string(settings.port));
  set("tls-listening-port", std::to_string(settings.tls_port));
  set("min-port", std::to_string(settings.relay_port_min));
  set("max-port", std::to_string(settings.relay_port_max));
  if (settings.loopback_only) {
    set("listening-ip", "127.0.0.1");
    set("relay-ip", "127.0.0.1");
  } else {
    for (const std::string& address : settings.listen) {
      set("listening-ip", address);
      set("relay-ip", address);
    }
  }
  const bool is_development = settings.loopback_only && settings.loopback_peers;
  // Refused by default, whatever the ranges say; two tabs on one machine are loopback peers.
  if (is_development) flag("allow-loopback-peers");
  for (const std::string_view range : denied_peer_ranges(is_development)) set("denied-peer-ip", range);
  for (const std::string& range : settings.denied_peers) set("denied-peer-ip", range);
  for (const std::string& range : settings.allowed_peers) set("allowed-peer-ip", range);
  if (!settings.external_ip.empty()) set("external-ip", settings.external_ip);

  const RelayQuotas& quotas = settings.quotas;
  if (quotas.allocations_per_user != 0) set("user-quota", std::to_string(quotas.allocations_per_user));
  if (quotas.allocations != 0) set("total-quota", std::to_string(quotas.allocations));
  if (quotas.allocation_kbps != 0) set("max-bps", bytes_per_second(quotas.allocation_kbps));
  if (quotas.total_kbps != 0) set("bps-capacity", bytes_per_second(quotas.total_kbps));

  // Keys of users come from the KeyDesk, and from nowhere else.
  flag("lt-cred-mech");
  set("redis-userdb", "\"ip=127.0.0.1 dbname=0 password=" + std::string(settings.key_password.reveal()) +
                          " port=" + std::to_string(settings.key_port) + " connect_timeout=5\"");
  flag("no-auth-pings");
  flag("no-dynamic-ip-list");
  flag("no-dynamic-realms");
  set("realm", settings.realm);
  flag("fingerprint");
  flag("stale-nonce");

  if (settings.certificate_file.empty()) {
    flag("no-tls");
    flag("no-dtls");
  } else {
    set("cert", settings.certificate_file);
    set("pkey", settings.key_file);
    flag("no-tlsv1");
    flag("no-tlsv1_1");
  }

  if (settings.cli.port == 0) {
    flag("no-cli");
  } else {
    set("cli-ip", "127.0.0.1");
    set("cli-port", std::to_string(settings.cli.port));
    set("cli-password", settings.cli.password.reveal());
    set("cli-max-output-sessions", "100000");  // Of one user: as many as there are ports.
  }
  flag("no-multicast-peers");
  flag("no-tcp-relay");  // RFC 6062; WebRTC relays datagrams only.
  flag("no-rfc5780");
  flag("no-software-attribute");
  set("pidfile", settings.state_dir + "/turnserver.pid");
  set("log-file", "stdout");
  flag("simple-log");
  if (!settings.run_as.empty()) set("proc-user", settings.run_as);
  return conf;
}

}  // namespace heliograph::server::relay
