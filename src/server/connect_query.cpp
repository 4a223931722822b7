// Two parameters, each with its rule.
#include "server/connect_query.hpp"

#include <string>

#include "wire/arn.hpp"
#include "wire/names.hpp"

namespace heliograph::server {

Result<ConnectQuery> parse_connect_query(std::string_view target) {
  const auto query = wire::Query::parse(wire::split_target(target).query);
  if (!query) return Error{Errc::kInvalidArgument, query.error().detail};
  return to_connect_query(*query);
}

Result<ConnectQuery> to_connect_query(const wire::Query& query) {
  const auto arn = query.find("X-Amz-ChannelARN");
  if (!arn) return Error{Errc::kInvalidArgument, "X-Amz-ChannelARN is missing from the query"};
  if (!wire::parse_arn(*arn))
    return Error{Errc::kInvalidArgument, "X-Amz-ChannelARN is not the ARN of a signaling channel"};
  const auto client = query.find("X-Amz-ClientId");
  if (client && !wire::is_client_id(*client))
    return Error{Errc::kInvalidArgument,
                 "X-Amz-ClientId must be 1 to 256 characters of [a-zA-Z0-9_.-] and must not begin with AWS_"};
  return ConnectQuery{ChannelArn(std::string(*arn)), client ? wire::Role::kViewer : wire::Role::kMaster,
                      ClientId(std::string(client.value_or(std::string_view{})))};
}

}  // namespace heliograph::server
