// Endpoints, and the calls that go to them: GetIceServerConfig, SendAlexaOfferToMaster, JoinStorageSession.
#include <boost/json.hpp>
#include <utility>

#include "sdk/channel/channel_api.hpp"
#include "sdk/channel/channel_call_templates.hpp"
#include "sdk/channel/channel_json.hpp"
#include "sdk/credentials/quote.hpp"

namespace heliograph::sdk {
namespace {

namespace json = boost::json;

/// A master may take its time; services wait for it for up to a minute.
constexpr std::chrono::seconds kAlexaTimeout{65};

/// What an endpoint answers that is not the channel's any more, or does not answer.
bool may_be_stale(Errc code) {
  return code == Errc::kResourceNotFound || code == Errc::kAccessDenied || code == Errc::kNotAuthorized ||
         code == Errc::kUnknownOperation || code == Errc::kIo || code == Errc::kTimeout;
}

}  // namespace

void ChannelApi::endpoints_of(const std::string& arn, Role role, const std::vector<ChannelProtocol>& protocols,
                              SteadyTime deadline, Handler<ChannelEndpoints> done, int attempts) {
  const auto then = [self = shared_from_this(), arn, role](const json::object& answer,
                                                           const Handler<ChannelEndpoints>& next) {
    auto endpoints = to_endpoints(answer);
    if (endpoints) self->memory_.put_endpoints(self->now(), arn, role, *endpoints);
    next(std::move(endpoints));
  };
  ask("GetSignalingChannelEndpoint", "/getSignalingChannelEndpoint",
      {{"ChannelARN", arn},
       {"SingleMasterChannelEndpointConfiguration",
        json::object{{"Protocols", to_json(protocols)}, {"Role", to_string(role)}}}},
      deadline, on_value<json::object>(std::move(done), then), attempts);
}

void ChannelApi::get_endpoints(EndpointQuery query, Handler<ChannelEndpoints> done) {
  const SteadyTime end = deadline();
  const auto send = [self = shared_from_this(), end, query](const std::string& arn, Handler<ChannelEndpoints> next) {
    self->endpoints_of(arn, query.role, query.protocols, end, std::move(next));
  };
  with_arn<ChannelEndpoints>(query.channel, end, send, std::move(done));
}

void ChannelApi::data_endpoint(const std::string& arn, Role role, ChannelProtocol protocol, SteadyTime deadline,
                               Handler<net::HttpUrl> done) {
  const bool is_storage = protocol == ChannelProtocol::kWebrtc;
  if (const auto& own = is_storage ? settings_.storage : settings_.signaling) return done(*own);
  const auto pick = [is_storage](const ChannelEndpoints& endpoints, const Handler<net::HttpUrl>& next) {
    const std::string& text = is_storage ? endpoints.webrtc : endpoints.https;
    auto url = net::parse_http_url(text);
    if (!url)
      return next(Error{Errc::kCorrupt,
                        "the service named no usable endpoint ('" + quote_url(text) + "'): " + url.error().detail});
    next(std::move(url));
  };
  if (const auto known = memory_.endpoints(now(), arn, role);
      known && !(is_storage ? known->webrtc : known->https).empty())
    return pick(*known, done);
  const std::vector<ChannelProtocol> protocols =
      is_storage ? std::vector{ChannelProtocol::kWebrtc} : std::vector{ChannelProtocol::kWss, ChannelProtocol::kHttps};
  endpoints_of(arn, role, protocols, deadline, on_value<ChannelEndpoints>(std::move(done), pick));
}

void ChannelApi::ask_channel(ServiceCall call, const Begun& begun, const std::string& arn, Role role,
                             ChannelProtocol protocol, const char* path, Caller::Done done) {
  call.deadline = begun.deadline;
  const bool is_own = (protocol == ChannelProtocol::kWebrtc ? settings_.storage : settings_.signaling).has_value();
  if (!is_own && memory_.is_older(arn, role, begun.serial)) {
    done = [self = shared_from_this(), call, begun, arn, role, protocol, path, done](Result<json::object> answer) {
      const bool is_lost = !answer && (answer.error().code == Errc::kIo || answer.error().code == Errc::kTimeout);
      if (answer || !may_be_stale(answer.error().code) || (is_lost && !call.may_repeat)) return done(std::move(answer));
      self->memory_.forget(arn);
      self->ask_channel(call, begun, arn, role, protocol, path, done);
    };
  }
  const SteadyTime end = begun.deadline;
  data_endpoint(arn, role, protocol, end,
                on_value<net::HttpUrl>(std::move(done), [self = shared_from_this(), call = std::move(call), path](
                                                            const net::HttpUrl& url, Caller::Done next) {
                  ServiceCall whole = call;
                  whole.url = with_path(url, path);
                  self->caller_->call(std::move(whole), [self, next = std::move(next)](Result<json::object> answer) {
                    next(std::move(answer));
                  });
                }));
}

void ChannelApi::ice_of(const IceQuery& of_arn, const Begun& begun, Handler<std::vector<IceServer>> done) {
  json::object body{{"ChannelARN", of_arn.channel}};
  if (!of_arn.client_id.empty()) body["ClientId"] = of_arn.client_id;
  if (!of_arn.username.empty()) body["Username"] = of_arn.username;
  const auto then = [self = shared_from_this(), of_arn, asked = now()](const json::object& answer,
                                                                       const Handler<std::vector<IceServer>>& next) {
    auto servers = to_ice_servers(answer);
    if (servers) self->memory_.put_ice(asked, of_arn, *servers);
    next(std::move(servers));
  };
  ask_channel({.name = "GetIceServerConfig", .body = std::move(body)}, begun, of_arn.channel, of_arn.role,
              ChannelProtocol::kHttps, "/v1/get-ice-server-config", on_value<json::object>(std::move(done), then));
}

void ChannelApi::get_ice_servers(IceQuery query, Handler<std::vector<IceServer>> done) {
  const Begun begun = begin();
  const auto send = [self = shared_from_this(), begun, query](std::string arn,
                                                              Handler<std::vector<IceServer>> next) mutable {
    query.channel = std::move(arn);
    self->ice_of(query, begun, std::move(next));
  };
  with_arn<std::vector<IceServer>>(query.channel, begun.deadline, send, std::move(done));
}

void ChannelApi::send_alexa_offer(AlexaOffer offer, Handler<std::string> done) {
  Begun begun = begin();
  begun.deadline = std::max(begun.deadline, now() + kAlexaTimeout);
  const auto send = [self = shared_from_this(), begun, offer](const std::string& arn, Handler<std::string> next) {
    ServiceCall call{
        .name = "SendAlexaOfferToMaster",
        .body = {{"ChannelARN", arn}, {"SenderClientId", offer.sender_client_id}, {"MessagePayload", offer.payload}},
        .timeout = kAlexaTimeout,
        .may_repeat = false};
    self->ask_channel(
        std::move(call), begun, arn, Role::kViewer, ChannelProtocol::kHttps, "/v1/send-alexa-offer-to-master",
        on_value<json::object>(std::move(next), [](const json::object& answer, const Handler<std::string>& last) {
          last(to_text(answer, "Answer"));
        }));
  };
  with_arn<std::string>(offer.channel, begun.deadline, send, std::move(done));
}

void ChannelApi::join_storage_session(StorageSession session, Handler<void> done) {
  const Begun begun = begin();
  const auto send = [self = shared_from_this(), begun, viewer = session.client_id](const std::string& arn,
                                                                                   Handler<void> next) {
    ServiceCall call{.name = "JoinStorageSession", .body = {{"channelArn", arn}}, .may_repeat = false};
    if (!viewer.empty()) {
      call.name = "JoinStorageSessionAsViewer";
      call.body["clientId"] = viewer;
    }
    self->ask_channel(
        std::move(call), begun, arn, viewer.empty() ? Role::kMaster : Role::kViewer, ChannelProtocol::kWebrtc,
        viewer.empty() ? "/joinStorageSession" : "/joinStorageSessionAsViewer",
        on_value<json::object>(std::move(next), [](const json::object&, const Handler<void>& last) { last({}); }));
  };
  with_arn<void>(session.channel, begun.deadline, send, std::move(done));
}

}  // namespace heliograph::sdk
