// ConnectQuery: what the query of a connect request asks for.
#pragma once

#include <string_view>

#include "base/ids.hpp"
#include "heliograph/result.hpp"
#include "wire/role.hpp"
#include "wire/uri.hpp"

namespace heliograph::server {

struct ConnectQuery {
  ChannelArn channel;
  wire::Role role{};
  ClientId client;
};

/// Reads X-Amz-ChannelARN and X-Amz-ClientId of a request target. The role follows from the client id: present = viewer
/// (endpoints have one host for both). Fails with kInvalidArgument, naming the parameter and the rule.
[[nodiscard]] Result<ConnectQuery> parse_connect_query(std::string_view target);
/// The same of a query that was parsed already.
[[nodiscard]] Result<ConnectQuery> to_connect_query(const wire::Query& query);

}  // namespace heliograph::server
