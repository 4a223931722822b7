// ControlPlane: the table of operations, and the way from a call to its answer.
#include "server/control_plane.hpp"

#include <array>
#include <utility>

#include "server/api/operations.hpp"
#include "server/api/request_reader.hpp"
#include "wire/arn.hpp"

namespace heliograph::server {
namespace {

struct Row {
  Operation operation;
  std::string_view name;
  std::string_view path;  ///< Service model, requestUri; only the Resource operations begin with a capital letter.
  wire::Surface surface;
  Result<std::string> (*run)(const api::Request&);
  void (*start)(const api::Request&, api::Finish) = nullptr;  ///< Instead of `run`, when the answer takes its time.
};

constexpr auto kControlPlane = wire::Surface::kControlPlane;
constexpr auto kSignaling = wire::Surface::kSignaling;
constexpr auto kStorage = wire::Surface::kStorage;

constexpr std::array kOperations{
    Row{Operation::kCreateSignalingChannel, "CreateSignalingChannel", "/createSignalingChannel", kControlPlane,
        &api::create_channel},
    Row{Operation::kDescribeSignalingChannel, "DescribeSignalingChannel", "/describeSignalingChannel", kControlPlane,
        &api::describe_channel},
    Row{Operation::kListSignalingChannels, "ListSignalingChannels", "/listSignalingChannels", kControlPlane,
        &api::list_channels},
    Row{Operation::kUpdateSignalingChannel, "UpdateSignalingChannel", "/updateSignalingChannel", kControlPlane,
        &api::update_channel},
    Row{Operation::kDeleteSignalingChannel, "DeleteSignalingChannel", "/deleteSignalingChannel", kControlPlane,
        &api::delete_channel},
    Row{Operation::kGetSignalingChannelEndpoint, "GetSignalingChannelEndpoint", "/getSignalingChannelEndpoint",
        kControlPlane, &api::get_endpoint},
    Row{Operation::kTagResource, "TagResource", "/TagResource", kControlPlane, &api::tag_resource},
    Row{Operation::kUntagResource, "UntagResource", "/UntagResource", kControlPlane, &api::untag_resource},
    Row{Operation::kListTagsForResource, "ListTagsForResource", "/ListTagsForResource", kControlPlane, &api::list_tags},
    Row{Operation::kDescribeMediaStorageConfiguration, "DescribeMediaStorageConfiguration",
        "/describeMediaStorageConfiguration", kControlPlane, &api::describe_media_storage},
    Row{Operation::kGetIceServerConfig, "GetIceServerConfig", "/v1/get-ice-server-config", kSignaling,
        &api::get_ice_server_config},
    Row{Operation::kSendAlexaOfferToMaster, "SendAlexaOfferToMaster", "/v1/send-alexa-offer-to-master", kSignaling,
        nullptr, &api::send_alexa_offer},
    Row{Operation::kCreateStream, "CreateStream", "/createStream", kControlPlane, &api::create_stream},
    Row{Operation::kDescribeStream, "DescribeStream", "/describeStream", kControlPlane, &api::describe_stream},
    Row{Operation::kListStreams, "ListStreams", "/listStreams", kControlPlane, &api::list_streams},
    Row{Operation::kUpdateStream, "UpdateStream", "/updateStream", kControlPlane, &api::update_stream},
    Row{Operation::kDeleteStream, "DeleteStream", "/deleteStream", kControlPlane, &api::delete_stream},
    Row{Operation::kUpdateDataRetention, "UpdateDataRetention", "/updateDataRetention", kControlPlane,
        &api::update_data_retention},
    Row{Operation::kGetDataEndpoint, "GetDataEndpoint", "/getDataEndpoint", kControlPlane, &api::get_data_endpoint},
    Row{Operation::kTagStream, "TagStream", "/tagStream", kControlPlane, &api::tag_stream},
    Row{Operation::kUntagStream, "UntagStream", "/untagStream", kControlPlane, &api::untag_stream},
    Row{Operation::kListTagsForStream, "ListTagsForStream", "/listTagsForStream", kControlPlane,
        &api::list_stream_tags},
    Row{Operation::kUpdateMediaStorageConfiguration, "UpdateMediaStorageConfiguration",
        "/updateMediaStorageConfiguration", kControlPlane, &api::update_media_storage},
    Row{Operation::kDescribeMappedResourceConfiguration, "DescribeMappedResourceConfiguration",
        "/describeMappedResourceConfiguration", kControlPlane, &api::describe_mapped_resource},
    Row{Operation::kJoinStorageSession, "JoinStorageSession", "/joinStorageSession", kStorage,
        &api::join_storage_session},
    Row{Operation::kJoinStorageSessionAsViewer, "JoinStorageSessionAsViewer", "/joinStorageSessionAsViewer", kStorage,
        &api::join_storage_session_as_viewer},
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kOperations.size(); ++i) {
    if (static_cast<std::size_t>(kOperations[i].operation) != i) return false;
  }
  return true;
}
static_assert(is_in_order(), "row_of indexes the table by Operation");

const Row& row_of(Operation operation) noexcept { return kOperations[static_cast<std::size_t>(operation)]; }

/// The name of the channel or stream that a call is about, for its rates: an ARN and the name in it are one.
std::string_view channel_of(const boost::json::object& body) {
  for (const std::string_view member :
       {"ChannelARN", "ResourceARN", "StreamARN", "channelArn", "ChannelName", "StreamName"}) {
    const boost::json::value* value = body.if_contains(member);
    if (value == nullptr || !value->is_string()) continue;
    const std::string_view text(value->get_string());
    const auto arn = wire::parse_arn(text);
    return arn ? arn->name : text;
  }
  return {};
}

/// The call's JSON, when it does not come too soon.
Result<boost::json::object> admit(const ApiCall& call, const ControlPlaneParts& parts) {
  auto body = api::parse_body(call.body);
  if (!body) return body;
  if (auto paced = parts.throttle.on_call(call.context.at, call.operation, channel_of(*body)); !paced) {
    return std::move(paced).error();
  }
  return body;
}

}  // namespace

std::string_view to_string(Operation operation) noexcept { return row_of(operation).name; }

wire::Surface surface_of(Operation operation) noexcept { return row_of(operation).surface; }

Result<Operation> find_operation(std::string_view method, std::string_view path) {
  for (const Row& row : kOperations) {
    if (row.path != path) continue;
    if (method == "POST") return row.operation;
    return Error{Errc::kMethodNotAllowed, std::string(row.name) + " takes POST only"};
  }
  return Error{Errc::kUnknownOperation,
               "There is no operation at this path; paths are case-sensitive, such as "
               "/describeSignalingChannel, /TagResource, /v1/get-ice-server-config"};
}

ApiAnswer ControlPlane::handle(const ApiCall& call) const {
  const Row& row = row_of(call.operation);
  if (row.run == nullptr) return to_answer(call.operation, call.context.request_id, Errc::kUnknownOperation);
  const auto body = admit(call, parts_);
  if (!body) return to_answer(call.operation, call.context.request_id, body.error());
  return to_answer(call.operation, call.context.request_id, row.run({*body, call.context, parts_, config_}));
}

void ControlPlane::start(const ApiCall& call, std::function<void(ApiAnswer)> done) const {
  const Row& row = row_of(call.operation);
  if (row.start == nullptr) return done(handle(call));
  const auto body = admit(call, parts_);
  if (!body) return done(to_answer(call.operation, call.context.request_id, body.error()));
  row.start({*body, call.context, parts_, config_},
            [this, operation = call.operation, request_id = call.context.request_id, done = std::move(done)](
                Result<std::string> result) { done(to_answer(operation, request_id, std::move(result))); });
}

ApiAnswer ControlPlane::to_answer(Operation operation, const std::string& request_id,
                                  Result<std::string> result) const {
  if (result) return {200, {}, *std::move(result)};
  const Error& error = result.error();
  auto answer = wire::to_http(error, surface_of(operation));
  if (answer.status >= 500) {
    parts_.log.write(LogLevel::kError, "request failed",
                     {{"operation", to_string(operation)}, {"request_id", request_id}, {"error", error.detail}});
  }
  if (error.code == Errc::kClientLimitExceeded) answer.status = config_.throttle_status;
  return {answer.status, answer.type, std::move(answer.body)};
}

}  // namespace heliograph::server
