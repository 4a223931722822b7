// Describe or create, then the ICE servers.
#include "server/console_join.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "server/answers.hpp"
#include "server/console_body.hpp"
#include "wire/names.hpp"

namespace heliograph::server {
namespace {

namespace json = boost::json;

struct Wish {
  std::string channel;
  std::string client;
  bool is_viewer = false;
};

Result<Wish> parse_wish(const std::string& body) {
  const auto object = parse_json_object(body);
  if (!object) return object.error();
  Wish wish{text_of(*object, "channelName"), text_of(*object, "clientId"), text_of(*object, "role") == "VIEWER"};
  if (!wish.is_viewer && text_of(*object, "role") != "MASTER")
    return Error{Errc::kInvalidArgument, "role must be MASTER or VIEWER"};
  if (!wire::is_resource_name(wish.channel))
    return Error{Errc::kInvalidArgument,
                 "A channel name is 1 to 256 letters, digits, dots, hyphens and underscores, without spaces"};
  if (wish.is_viewer && !wire::is_client_id(wish.client))
    return Error{
        Errc::kInvalidArgument,
        "clientId must be 1 to 256 letters, digits, dots, hyphens and underscores, and must not begin with AWS_"};
  return wish;
}

/// One operation as the client of our own API.
class Operations {
 public:
  Operations(const JoinParts& parts, const PrincipalPtr& caller, const RequestContext& context)
      : parts_(parts), caller_(caller), context_(context) {}

  ApiAnswer run(Operation operation, const json::object& body) const {
    return parts_.control_plane.handle({operation, json::serialize(body), caller_, context_});
  }
  /// The same for what changes something: it is told of, whatever the join comes to.
  ApiAnswer change(Operation operation, const json::object& body) const {
    ApiAnswer answer = run(operation, body);
    if (parts_.audit == nullptr || context_.note == nullptr) return answer;
    const AccessNote& note = *context_.note;
    parts_.audit->write({.event = "console",
                         .principal = caller_.get(),
                         .from = context_.source_ip,
                         .action = "kinesisvideo:" + std::string(to_string(operation)),
                         .resource = note.resource,
                         .allowed = note.allowed,
                         .why = note.why,
                         .error = answer.error_type,
                         .request_id = context_.request_id});
    return answer;
  }

 private:
  const JoinParts& parts_;
  const PrincipalPtr& caller_;
  const RequestContext& context_;
};

net::HttpResponse pass_on(const ApiAnswer& answer) {
  net::HttpResponse response = json_response(answer.status, answer.body);
  response.headers.push_back({"x-amzn-ErrorType", std::string(answer.error_type)});
  return response;
}

ApiAnswer describe_or_create(const Operations& operations, const std::string& name) {
  const json::object wanted{{"ChannelName", name}};
  ApiAnswer described = operations.run(Operation::kDescribeSignalingChannel, wanted);
  if (described.error_type != "ResourceNotFoundException") return described;
  // Two tabs may start at the same moment: whoever loses the race finds the channel in use, and then there.
  ApiAnswer created = operations.change(Operation::kCreateSignalingChannel, wanted);
  if (created.status != 200 && created.error_type != "ResourceInUseException") return created;
  return operations.run(Operation::kDescribeSignalingChannel, wanted);
}

json::array to_ice_servers(const json::value& config, std::int64_t& ttl) {
  json::array servers;
  for (const json::value& entry : config.at("IceServerList").as_array()) {
    servers.push_back(json::object{
        {"urls", entry.at("Uris")}, {"username", entry.at("Username")}, {"credential", entry.at("Password")}});
    ttl = std::min(ttl, entry.at("Ttl").as_int64());
  }
  return servers;
}

}  // namespace

net::HttpResponse join_channel(const JoinParts& parts, const std::string& body, const PrincipalPtr& caller,
                               const RequestContext& context) {
  const auto wish = parse_wish(body);
  if (!wish) return error_response(wish.error(), wire::Surface::kSignaling);
  const Operations operations(parts, caller, context);
  const ApiAnswer channel = describe_or_create(operations, wish->channel);
  if (channel.status != 200) return pass_on(channel);
  const json::value description = json::parse(channel.body);
  const json::object& info = description.at("ChannelInfo").as_object();

  const json::value* settings = info.if_contains("SingleMasterConfiguration");
  json::object ice_request{{"ChannelARN", info.at("ChannelARN")}};
  if (wish->is_viewer) ice_request["ClientId"] = wish->client;
  const ApiAnswer ice = operations.run(Operation::kGetIceServerConfig, ice_request);
  if (ice.status != 200) return pass_on(ice);
  std::int64_t ttl = 300;
  json::array servers = to_ice_servers(json::parse(ice.body), ttl);
  return json_response(
      200, json::serialize(json::object{
               {"channelArn", info.at("ChannelARN")},
               {"region", parts.region},
               {"endpoint", (context.tls ? "wss://" : "ws://") + context.host},
               {"iceServers", std::move(servers)},
               {"iceTtlSeconds", ttl},
               {"messageTtlSeconds", settings != nullptr ? settings->at("MessageTtlSeconds") : json::value(60)},
           }));
}

IceQuestion to_ice_question(const std::string& body, const std::string& answer, PrincipalPtr caller,
                            const RequestContext& context) {
  const auto wish = parse_wish(body);
  const std::string arn(json::parse(answer).at("channelArn").as_string());
  const bool is_viewer = wish && wish->is_viewer;
  return {ChannelArn(arn), ClientId(is_viewer ? wish->client : std::string{}), std::move(caller), context};
}

void add_ice_servers(net::HttpResponse& joined, const std::vector<IceServer>& servers) {
  if (servers.empty()) return;
  json::value answer = json::parse(joined.body);
  for (const IceServer& server : servers) {
    answer.at("iceServers")
        .as_array()
        .push_back(json::object{{"urls", json::array(server.uris.begin(), server.uris.end())},
                                {"username", server.username},
                                {"credential", server.password}});
    answer.at("iceTtlSeconds") = std::min(answer.at("iceTtlSeconds").as_int64(), server.ttl.count());
  }
  joined.body = json::serialize(answer);
}

}  // namespace heliograph::server
