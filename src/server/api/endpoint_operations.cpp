// GetSignalingChannelEndpoint: this very host, in the scheme the client used.
#include <algorithm>
#include <array>

#include "server/api/channel_target.hpp"
#include "server/api/host_header.hpp"
#include "wire/json_text.hpp"

namespace heliograph::server::api {
namespace {

constexpr std::array<std::string_view, 2> kRoles{"MASTER", "VIEWER"};
constexpr std::array<std::string_view, 3> kProtocols{"WSS", "HTTPS", "WEBRTC"};
constexpr std::size_t kMaxProtocols = 5;

// The protocols asked for, each once, in the order asked.
std::vector<std::string> read_protocols(RequestReader& reader) {
  std::vector<std::string> protocols;
  reader.object("SingleMasterChannelEndpointConfiguration", [&](RequestReader& configuration) {
    // MASTER and VIEWER share the endpoint: the role of a connection follows from X-Amz-ClientId.
    static_cast<void>(configuration.optional_choice("Role", kRoles));
    if (!configuration.has("Protocols")) return;
    for (auto& protocol : configuration.texts("Protocols", kWord, 1, kMaxProtocols)) {
      if (std::find(kProtocols.begin(), kProtocols.end(), protocol) == kProtocols.end()) {
        configuration.reject("Protocols", "must hold WSS, HTTPS or WEBRTC, not " + protocol);
      }
      if (protocol == "WEBRTC") {
        configuration.reject("Protocols", "must not hold WEBRTC: media storage is not enabled for this channel");
      }
      if (std::find(protocols.begin(), protocols.end(), protocol) == protocols.end()) {
        protocols.push_back(std::move(protocol));
      }
    }
  });
  // What the service does here is not documented; these two are what every client needs.
  if (protocols.empty()) protocols = {"WSS", "HTTPS"};
  return protocols;
}

std::string_view scheme_of(std::string_view protocol, bool tls) {
  if (protocol == "WSS") return tls ? "wss://" : "ws://";
  return tls ? "https://" : "http://";
}

}  // namespace

Result<std::string> get_endpoint(const Request& request) {
  RequestReader reader(request.body);
  const ChannelArn arn = read_arn(reader, "ChannelARN");
  const auto protocols = read_protocols(reader);
  if (reader.error()) return *reader.error();
  const auto host = parse_host_header(request.context.host);
  if (!host) {
    return Error{Errc::kBadRequest,
                 "The Host header must be a host name or address, with a port if it is not the "
                 "default one: endpoints are made from it"};
  }
  const auto channel = request.parts.store.channel_by_arn(arn);
  if (!channel) return channel.error();

  std::string out = "{\"ResourceEndpointList\":[";
  for (const auto& protocol : protocols) {
    if (out.back() != '[') out += ',';
    out += "{\"Protocol\":";
    wire::append_json_string(out, protocol);
    out += ",\"ResourceEndpoint\":";
    // No path and no slash at the end: clients append their own.
    wire::append_json_string(out, std::string(scheme_of(protocol, request.context.tls)) + std::string(host->authority));
    out += '}';
  }
  out += "]}";
  return out;
}

}  // namespace heliograph::server::api
