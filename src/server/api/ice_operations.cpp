// GetIceServerConfig: the relays that run, with credentials that live five minutes.
//
// Without a relay the list is empty, which browsers and the JS SDK take. The C SDK does not: it gives up on a channel
// whose list has no entry (Signaling.c, validateIceConfiguration). It is also the one client that always says
// "Service": "TURN", so a caller that says so gets one entry in any case: a STUN URI of this host's standard port.
// Nothing answers there; the C SDK goes on with its host candidates.
#include <algorithm>
#include <array>

#include "server/api/channel_target.hpp"
#include "server/api/host_header.hpp"
#include "server/relay/turn_credentials.hpp"
#include "wire/json_text.hpp"

namespace heliograph::server::api {
namespace {

constexpr std::array<std::string_view, 1> kServices{"TURN"};

// Quota "credential lifecycle: 5 minutes". Clients refresh before the end; 30 is the least that all of them take.
constexpr std::chrono::seconds kLifetime{300};

void append_entry(std::string& out, const std::vector<std::string>& uris, const relay::TurnCredentials& credentials,
                  std::chrono::seconds lifetime = kLifetime) {
  out += "{\"Uris\":[";
  for (const auto& uri : uris) {
    if (out.back() != '[') out += ',';
    wire::append_json_string(out, uri);
  }
  out += "],\"Username\":";
  wire::append_json_string(out, credentials.username);
  out += ",\"Password\":";
  wire::append_json_string(out, credentials.password);
  out += ",\"Ttl\":" + std::to_string(lifetime.count()) + '}';
}

}  // namespace

Result<std::string> get_ice_server_config(const Request& request) {
  RequestReader reader(request.body);
  const ChannelArn arn = read_arn(reader, "ChannelARN");
  static_cast<void>(reader.optional_text("ClientId", kName));
  static_cast<void>(reader.optional_text("Username", kName));
  const bool names_turn = reader.optional_choice("Service", kServices).has_value();
  if (reader.error()) return *reader.error();
  const auto host = parse_host_header(request.context.host);
  if (!host) return Error{Errc::kBadRequest, "The Host header must be a host name or address"};
  const auto channel = request.parts.store.channel_by_arn(arn);
  if (!channel) return channel.error();

  const auto servers = request.parts.relays.servers(host->host);
  const WallTime expiry = std::max<WallTime>(request.context.now + kLifetime, request.parts.relays.least_expiry(arn));
  std::string out = "{\"IceServerList\":[";
  for (const auto& server : servers) {
    if (out.back() != '[') out += ',';
    append_entry(out, server.uris, relay::make_turn_credentials(server.secret, arn, expiry));
  }
  if (servers.empty() && names_turn) {
    append_entry(out, {"stun:" + std::string(host->host) + ":3478"}, {"0:none", "none"});
  }
  out += "]}";
  return out;
}

IceQuestion to_ice_question(const Request& request, PrincipalPtr caller) {
  RequestReader reader(request.body);
  const ChannelArn arn = read_arn(reader, "ChannelARN");
  const auto client = reader.optional_text("ClientId", kName);
  return {arn, ClientId(std::string(client.value_or(std::string{}))), std::move(caller), request.context};
}

std::string with_ice_servers(std::string answer, const std::vector<IceServer>& servers) {
  answer.resize(answer.size() - 2);  // "]}"
  for (const IceServer& server : servers) {
    if (answer.back() != '[') answer += ',';
    append_entry(answer, server.uris, {server.username, server.password}, server.ttl);
  }
  return answer + "]}";
}

}  // namespace heliograph::server::api
