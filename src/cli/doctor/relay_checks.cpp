// The relay, by each way that clients are told of.
#include <boost/json.hpp>

#include "cli/doctor/checks.hpp"
#include "cli/doctor/turn_probe.hpp"

namespace heliograph::cli {
namespace {

void try_uri(Report& report, const std::string& uri, const TurnCredentials& credentials, const Trust& trust) {
  const auto parsed = parse_turn_uri(uri);
  if (!parsed) return report.fail("relay", parsed.error().detail);
  const auto learnt = probe_turn(*parsed, credentials, trust);
  if (learnt)
    report.ok("relay", uri + " " + *learnt);
  else if (learnt.error().code == Errc::kUnsupportedData)
    report.note("relay", uri + " " + learnt.error().detail);
  else
    report.fail("relay", uri + ": " + learnt.error().detail,
                "the service's log says `coturn` and `relay`; docs/operating.md has the ports to open");
}

}  // namespace

void check_relay(Report& report, const Service& service, const std::string& endpoint, const std::string& arn) {
  const auto config = call(service, endpoint, "/v1/get-ice-server-config", {{"ChannelARN", arn}});
  if (!config) return report.fail("relay", config.error().detail);
  const auto* servers = config->if_contains("IceServerList");
  if (servers == nullptr || !servers->is_array() || servers->get_array().empty())
    return report.note("relay", "there is none: calls work where peers reach each other directly");
  for (const auto& server : servers->get_array()) {
    if (!server.is_object()) continue;
    const auto& entry = server.get_object();
    const TurnCredentials credentials{text_of(entry, "Username"), text_of(entry, "Password")};
    const auto* uris = entry.if_contains("Uris");
    if (uris == nullptr || !uris->is_array()) continue;
    for (const auto& uri : uris->get_array())
      if (uri.is_string()) try_uri(report, std::string(uri.get_string()), credentials, service.trust);
  }
}

}  // namespace heliograph::cli
