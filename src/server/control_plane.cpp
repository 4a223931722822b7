// ControlPlane: the table of operations, and the way from a call to its answer.
#include "server/control_plane.hpp"

#include <array>
#include <utility>

#include "server/api/access_targets.hpp"
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
  Result<AccessTarget> (*target)(const api::Request&);  ///< What the caller must be allowed to act on.
  Result<std::string> (*run)(const api::Request&);
};

constexpr auto kControlPlane = wire::Surface::kControlPlane;
constexpr auto kSignaling = wire::Surface::kSignaling;

constexpr std::array kOperations{
    Row{Operation::kCreateSignalingChannel, "CreateSignalingChannel", "/createSignalingChannel", kControlPlane,
        &api::target_new_channel, &api::create_channel},
    Row{Operation::kDescribeSignalingChannel, "DescribeSignalingChannel", "/describeSignalingChannel", kControlPlane,
        &api::target_named_channel, &api::describe_channel},
    Row{Operation::kListSignalingChannels, "ListSignalingChannels", "/listSignalingChannels", kControlPlane,
        &api::target_everything, &api::list_channels},
    Row{Operation::kUpdateSignalingChannel, "UpdateSignalingChannel", "/updateSignalingChannel", kControlPlane,
        &api::target_channel, &api::update_channel},
    Row{Operation::kDeleteSignalingChannel, "DeleteSignalingChannel", "/deleteSignalingChannel", kControlPlane,
        &api::target_channel, &api::delete_channel},
    Row{Operation::kGetSignalingChannelEndpoint, "GetSignalingChannelEndpoint", "/getSignalingChannelEndpoint",
        kControlPlane, &api::target_channel, &api::get_endpoint},
    Row{Operation::kTagResource, "TagResource", "/TagResource", kControlPlane, &api::target_tagged_resource,
        &api::tag_resource},
    Row{Operation::kUntagResource, "UntagResource", "/UntagResource", kControlPlane, &api::target_untagged_resource,
        &api::untag_resource},
    Row{Operation::kListTagsForResource, "ListTagsForResource", "/ListTagsForResource", kControlPlane,
        &api::target_resource, &api::list_tags},
    Row{Operation::kDescribeMediaStorageConfiguration, "DescribeMediaStorageConfiguration",
        "/describeMediaStorageConfiguration", kControlPlane, &api::target_named_channel, &api::describe_media_storage},
    Row{Operation::kGetIceServerConfig, "GetIceServerConfig", "/v1/get-ice-server-config", kSignaling,
        &api::target_channel, &api::get_ice_server_config},
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kOperations.size(); ++i) {
    if (static_cast<std::size_t>(kOperations[i].operation) != i) return false;
  }
  return true;
}
static_assert(is_in_order(), "row_of indexes the table by Operation");

const Row& row_of(Operation operation) noexcept { return kOperations[static_cast<std::size_t>(operation)]; }

/// The name of the channel that a call is about, for its rates: an ARN and the name in it are one channel.
std::string_view channel_of(const boost::json::object& body) {
  for (const std::string_view member : {"ChannelARN", "ResourceARN", "ChannelName"}) {
    const boost::json::value* value = body.if_contains(member);
    if (value == nullptr || !value->is_string()) continue;
    const std::string_view text(value->get_string());
    const auto arn = wire::parse_arn(text);
    return arn ? arn->name : text;
  }
  return {};
}

Result<std::string> run(const Row& row, const ApiCall& call, const ControlPlaneParts& parts,
                        const ControlPlaneConfig& config) {
  auto body = api::parse_body(call.body);
  if (!body) return std::move(body).error();
  const api::Request request{*body, call.context, parts, config};
  const auto target = row.target(request);
  if (!target) return target.error();
  if (auto allowed = parts.authorizer.authorize(*call.caller, row.name, *target, call.context); !allowed)
    return std::move(allowed).error();
  // Who may not call uses up nobody's rate.
  if (auto paced = parts.throttle.on_call(call.context.at, row.operation, channel_of(*body)); !paced)
    return std::move(paced).error();
  return row.run(request);
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
  auto result =
      run(row, call, parts_, {.max_channels = max_channels_.load(), .throttle_status = config_.throttle_status});
  if (result) return {200, {}, *std::move(result)};

  const Error& error = result.error();
  auto answer = wire::to_http(error, row.surface);
  if (answer.status >= 500) {
    parts_.log.write(LogLevel::kError, "request failed",
                     {{"operation", row.name}, {"request_id", call.context.request_id}, {"error", error.detail}});
  }
  if (error.code == Errc::kClientLimitExceeded) answer.status = config_.throttle_status;
  return {answer.status, answer.type, std::move(answer.body)};
}

}  // namespace heliograph::server
