// Reading the members that List operations share.
#include "server/api/list_request.hpp"

#include <array>

#include "server/api/page_token.hpp"

namespace heliograph::server::api {
namespace {

constexpr std::array<std::string_view, 1> kOperators{"BEGINS_WITH"};
constexpr std::int64_t kMaxPage = 10'000;

std::string read_page_start(RequestReader& reader) {
  const auto token = reader.optional_text("NextToken", kNextToken);
  if (!token || token->empty()) return {};
  auto name = parse_page_token(*token);
  if (!name) reader.reject("NextToken", "must be the NextToken of an earlier answer, unchanged");
  return std::move(name).value_or(std::string());
}

}  // namespace

store::ChannelQuery read_list_request(RequestReader& reader, std::string_view condition, std::size_t default_page) {
  store::ChannelQuery query;
  const auto fallback = static_cast<std::int64_t>(default_page);
  query.limit = static_cast<std::size_t>(reader.optional_number("MaxResults", 1, kMaxPage).value_or(fallback));
  reader.object(condition, [&](RequestReader& name) {
    static_cast<void>(name.optional_choice("ComparisonOperator", kOperators));
    query.name_prefix = name.optional_text("ComparisonValue", kName).value_or(std::string());
  });
  query.after = read_page_start(reader);
  return query;
}

void refuse_page_token(RequestReader& reader) {
  // All tags fit in one page, so no token was ever given out; an empty one is what some clients send first.
  if (const auto token = reader.optional_text("NextToken", kNextToken); token && !token->empty()) {
    reader.reject("NextToken", "must be the NextToken of an earlier answer, and there was none");
  }
}

}  // namespace heliograph::server::api
