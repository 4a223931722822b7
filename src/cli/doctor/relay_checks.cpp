// The relay, by each way that clients are told of.
#include "cli/doctor/advice.hpp"
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
    report.fail("relay", uri + ": " + learnt.error().detail, relay_advice(learnt.error()));
}

}  // namespace

void check_relays(Report& report, const std::vector<IceServer>& servers, const Trust& trust) {
  bool is_any = false;
  for (const IceServer& server : servers) {
    const TurnCredentials credentials{server.username, std::string(server.password.reveal())};
    for (const std::string& uri : server.uris) {
      is_any = is_any || uri.starts_with("turn");
      try_uri(report, uri, credentials, trust);
    }
  }
  if (!is_any) report.note("relay", "there is none: calls work where peers reach each other directly");
}

}  // namespace heliograph::cli
