// turnserver.conf, line by line. Option names: coturn 4.6 `turnserver -h`.
#include "server/relay/coturn_config.hpp"

#include <array>
#include <string_view>

namespace heliograph::server::relay {
namespace {

// What no relay on a public address should reach (RFC 6890 special-purpose ranges).
constexpr std::array<std::string_view, 13> kDeniedPeers = {
    "0.0.0.0-0.255.255.255",
    "10.0.0.0-10.255.255.255",
    "100.64.0.0-100.127.255.255",
    "127.0.0.0-127.255.255.255",
    "169.254.0.0-169.254.255.255",
    "172.16.0.0-172.31.255.255",
    "192.0.0.0-192.0.0.255",
    "192.168.0.0-192.168.255.255",
    "198.18.0.0-198.19.255.255",
    "240.0.0.0-255.255.255.255",
    "::1",
    "fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
};

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
    flag("allow-loopback-peers");  // Refused by default; two tabs on one machine are loopback peers.
  } else {
    for (const std::string& address : settings.listen) {
      set("listening-ip", address);
      set("relay-ip", address);
    }
    for (const std::string_view range : kDeniedPeers) set("denied-peer-ip", range);
    for (const std::string& range : settings.allowed_peers) set("allowed-peer-ip", range);
  }
  if (!settings.external_ip.empty()) set("external-ip", settings.external_ip);

  flag("use-auth-secret");
  set("static-auth-secret", settings.secret.reveal());
  set("realm", "heliograph");
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

  flag("no-cli");  // coturn 4.6 demands a CLI password beside allow-loopback-peers unless there is no CLI.
  flag("no-multicast-peers");
  flag("no-tcp-relay");  // RFC 6062; WebRTC relays datagrams only.
  flag("no-rfc5780");
  flag("no-software-attribute");
  // No database: credentials follow from the secret. A file would be unreadable once coturn has given up root, and its
  // first clients would be refused.
  set("userdb", ":memory:");
  set("pidfile", settings.state_dir + "/turnserver.pid");
  set("log-file", "stdout");
  flag("simple-log");
  if (!settings.run_as.empty()) set("proc-user", settings.run_as);
  return conf;
}

}  // namespace heliograph::server::relay
