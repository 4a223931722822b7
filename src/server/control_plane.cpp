// ControlPlane: the table of operations, and the way from a call to its answer.
#include "server/control_plane.hpp"

#include <array>
#include <utility>

#include "server/api/operations.hpp"
#include "server/api/request_reader.hpp"

namespace heliograph::server {
namespace {

struct Row {
  Operation operation;
  std::string_view name;
  std::string_view path;  ///< Service model, requestUri; only the Resource operations begin with a capital letter.
  wire::Surface surface;
  Result<std::string> (*run)(const api::Request&);
};

constexpr auto kControlPlane = wire::Surface::kControlPlane;
constexpr auto kSignaling = wire::Surface::kSignaling;

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
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kOperations.size(); ++i) {
    if (static_cast<std::size_t>(kOperations[i].operation) != i) return false;
  }
  return true;
}
static_assert(is_in_order(), "row_of indexes the table by Operation");

const Row& row_of(Operation operation) noexcept { return kOperations[static_cast<std::size_t>(operation)]; }

Result<std::string> run(const Row& row, const ApiCall& call, const ControlPlaneParts& parts,
                        const ControlPlaneConfig& config) {
  auto body = api::parse_body(call.body);
  if (!body) return std::move(body).error();
  return row.run({*body, call.context, parts, config});
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
  auto result = run(row, call, parts_, {.max_channels = max_channels_.load()});
  if (result) return {200, {}, *std::move(result)};

  const Error& error = result.error();
  auto answer = wire::to_http(error, row.surface);
  if (answer.status >= 500) {
    parts_.log.write(LogLevel::kError, "request failed",
                     {{"operation", row.name}, {"request_id", call.context.request_id}, {"error", error.detail}});
  }
  return {answer.status, answer.type, std::move(answer.body)};
}

}  // namespace heliograph::server
