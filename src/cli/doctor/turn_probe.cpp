// Binding, two allocations, and a packet from one to the other.
#include "cli/doctor/turn_probe.hpp"

#include "cli/doctor/allocation.hpp"

namespace heliograph::cli {
namespace {

using wire::StunMethod;

std::string to_text(const std::optional<wire::StunAddress>& address) {
  return address ? address->ip + ':' + std::to_string(address->port) : std::string("an address it does not tell");
}

/// From one to the other and back; why not.
Result<void> exchange_packets(Allocation& one, Allocation& other) {
  constexpr std::string_view kPing = "heliograph doctor";
  for (const auto& [from, to] : {std::pair(&one, &other), std::pair(&other, &one)}) {
    if (auto permitted = from->permit(*to->relayed()); !permitted) return permitted;
    if (auto permitted = to->permit(*from->relayed()); !permitted) return permitted;
    if (auto sent = from->send(*to->relayed(), kPing); !sent) return sent;
    const auto heard = to->receive();
    if (!heard)
      return Error{heard.error().code, "it allocates, but a packet from one allocation to another did not arrive"};
    if (*heard != kPing) return Error{Errc::kCorrupt, "it allocates, but something else arrived than was sent"};
  }
  return {};
}

}  // namespace

Result<TurnUri> parse_turn_uri(const std::string& uri) {
  const Error bad{Errc::kInvalidArgument, "'" + uri + "' is no TURN URI"};
  TurnUri parsed;
  const auto colon = uri.find(':');
  if (colon == std::string::npos) return bad;
  const std::string scheme = uri.substr(0, colon);
  if (scheme != "turn" && scheme != "turns" && scheme != "stun" && scheme != "stuns") return bad;
  const bool is_secure = scheme.ends_with('s');
  parsed.is_stun_only = scheme.starts_with("stun");
  const auto query = uri.find('?');
  parsed.is_udp = uri.find("transport=tcp") == std::string::npos && (!is_secure || query != std::string::npos);
  const std::string authority = uri.substr(colon + 1, query == std::string::npos ? query : query - colon - 1);
  auto endpoint = parse_endpoint((is_secure ? "https://" : "http://") + authority);
  if (!endpoint) return bad;
  parsed.endpoint = *std::move(endpoint);
  if (parsed.endpoint.host.size() == authority.size()) parsed.endpoint.port = is_secure ? 5349 : 3478;
  return parsed;
}

Result<std::string> probe_turn(const TurnUri& uri, const TurnCredentials& credentials, const Trust& trust) {
  if (uri.is_udp && uri.endpoint.tls)
    return Error{Errc::kUnsupportedData,
                 "is TLS over UDP (DTLS), which is not spoken here, so it was not tried; nor do browsers use it"};
  if (uri.is_stun_only) {
    auto way = RelayWay::open(uri, trust);
    if (!way) return way.error();
    const auto bound = way->ask(stun_request(StunMethod::kBinding));
    if (!bound) return bound.error();
    return "seen as " + to_text(bound->address(wire::kStunMappedAddress));
  }
  auto one = Allocation::make(uri, credentials, trust);
  if (!one) return one.error();
  std::string text = "seen as " + to_text(one->seen_as()) + ", relays from " + to_text(one->relayed());
  auto other = Allocation::make(uri, credentials, trust);
  if (!other) return Error{other.error().code, "a second allocation: " + other.error().detail};
  if (!one->relayed() || !other->relayed()) return text + "; whether it relays was not tried, without IPv4 addresses";
  const auto exchanged = exchange_packets(*one, *other);
  if (exchanged) return text + ", a packet each way arrived";
  if (exchanged.error().code == Errc::kAccessDenied)
    return text + "; it refuses itself as a peer (" + exchanged.error().detail +
           "), so whether it relays was not tried";
  return exchanged.error();
}

}  // namespace heliograph::cli
