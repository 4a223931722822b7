// ListRequest: what the List operations have in common: a condition on names, and pages.
#pragma once

#include <cstddef>
#include <string_view>

#include "server/api/request_reader.hpp"
#include "store/channel.hpp"

namespace heliograph::server::api {

/// Reads MaxResults (1 to 10,000; `default_page` when absent), NextToken and the condition, a member such as
/// ChannelNameCondition: {ComparisonOperator: BEGINS_WITH, ComparisonValue}.
[[nodiscard]] store::ChannelQuery read_list_request(RequestReader& reader, std::string_view condition,
                                                    std::size_t default_page);

/// For lists that fit in one page: NextToken must be absent or empty.
void refuse_page_token(RequestReader& reader);

}  // namespace heliograph::server::api
