// JSON bodies by way of Boost.JSON.
#include "server/console_body.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <utility>

namespace heliograph::server {

Result<boost::json::object> parse_json_object(std::string_view body) {
  boost::system::error_code error;
  boost::json::value parsed = boost::json::parse(boost::json::string_view(body.data(), body.size()), error);
  if (error || !parsed.is_object()) return Error{Errc::kInvalidArgument, "the body is not a JSON object"};
  return std::move(parsed.get_object());
}

std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(boost::json::string_view(name.data(), name.size()));
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

}  // namespace heliograph::server
