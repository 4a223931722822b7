// Two parameters, each with its rule.
#include "server/connect_query.hpp"

#include <string>

#include "wire/arn.hpp"
#include "wire/names.hpp"
#include "wire/uri.hpp"

namespace heliograph::server {

Result<ConnectQuery> parse_connect_query(std::string_view target) {
  const auto parameters = wire::Query::parse(wire::split_target(target).query);
  if (!parameters) return Error{Errc::kInvalidArgument, parameters.error().detail};
  const auto arn = parameters->find("X-Amz-ChannelARN");
  if (!arn) return Error{Errc::kInvalidArgument, "X-Amz-ChannelARN is missing from the query"};
  if (!wire::parse_arn(*arn))
    return Error{Errc::kInvalidArgument, "X-Amz-ChannelARN is not the ARN of a signaling channel"};
  const auto client = parameters->find("X-Amz-ClientId");
  if (client && !wire::is_client_id(*client))
    return Error{Errc::kInvalidArgument,
                 "X-Amz-ClientId must be 1 to 256 characters of [a-zA-Z0-9_.-] and must not begin with AWS_"};
  return ConnectQuery{ChannelArn(std::string(*arn)), client ? wire::Role::kViewer : wire::Role::kMaster,
                      ClientId(std::string(client.value_or(std::string_view{})))};
}

}  // namespace heliograph::server
