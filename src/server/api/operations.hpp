// The operations themselves, one function each: a parsed request in, the answer's JSON out.
#pragma once

#include <boost/json/object.hpp>
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

// endpoint_operations.cpp
[[nodiscard]] Result<std::string> get_endpoint(const Request& request);

// media_storage_operations.cpp
[[nodiscard]] Result<std::string> describe_media_storage(const Request& request);

// ice_operations.cpp
[[nodiscard]] Result<std::string> get_ice_server_config(const Request& request);

}  // namespace heliograph::server::api
