// The operations themselves, one function each: a parsed request in, the answer's JSON out.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>

#include "heliograph/result.hpp"
#include "server/control_plane.hpp"

namespace heliograph::server::api {

/// Everything an operation may look at. Lives for the call.
struct Request {
  const boost::json::object& body;
  const RequestContext& context;
  const ControlPlaneParts& parts;
  const ControlPlaneConfig& config;
};

/// Takes the outcome of an operation that waits for somebody: once, from any thread.
using Finish = std::function<void(Result<std::string>)>;

// channel_operations.cpp
[[nodiscard]] Result<std::string> create_channel(const Request& request);
[[nodiscard]] Result<std::string> describe_channel(const Request& request);
[[nodiscard]] Result<std::string> list_channels(const Request& request);
[[nodiscard]] Result<std::string> update_channel(const Request& request);
[[nodiscard]] Result<std::string> delete_channel(const Request& request);

// tag_operations.cpp
[[nodiscard]] Result<std::string> tag_resource(const Request& request);
[[nodiscard]] Result<std::string> untag_resource(const Request& request);
[[nodiscard]] Result<std::string> list_tags(const Request& request);

// stream_operations.cpp
[[nodiscard]] Result<std::string> create_stream(const Request& request);
[[nodiscard]] Result<std::string> describe_stream(const Request& request);
[[nodiscard]] Result<std::string> list_streams(const Request& request);
[[nodiscard]] Result<std::string> update_stream(const Request& request);
[[nodiscard]] Result<std::string> update_data_retention(const Request& request);
[[nodiscard]] Result<std::string> delete_stream(const Request& request);
[[nodiscard]] Result<std::string> get_data_endpoint(const Request& request);
[[nodiscard]] Result<std::string> tag_stream(const Request& request);
[[nodiscard]] Result<std::string> untag_stream(const Request& request);
[[nodiscard]] Result<std::string> list_stream_tags(const Request& request);

// endpoint_operations.cpp
[[nodiscard]] Result<std::string> get_endpoint(const Request& request);

// media_storage_operations.cpp
[[nodiscard]] Result<std::string> describe_media_storage(const Request& request);
[[nodiscard]] Result<std::string> update_media_storage(const Request& request);
[[nodiscard]] Result<std::string> describe_mapped_resource(const Request& request);
[[nodiscard]] Result<std::string> join_storage_session(const Request& request);
[[nodiscard]] Result<std::string> join_storage_session_as_viewer(const Request& request);

// ice_operations.cpp
[[nodiscard]] Result<std::string> get_ice_server_config(const Request& request);
/// For the advisor, of a request that was answered.
[[nodiscard]] IceQuestion to_ice_question(const Request& request, PrincipalPtr caller);
/// The answer with more entries at its end.
[[nodiscard]] std::string with_ice_servers(std::string answer, const std::vector<IceServer>& servers);

// alexa_operations.cpp
void send_alexa_offer(const Request& request, Finish finish);

}  // namespace heliograph::server::api
