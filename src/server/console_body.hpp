// Reading the JSON bodies of the console's API.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"

namespace heliograph::server {

/// Fails with kInvalidArgument when `body` is anything else.
[[nodiscard]] Result<boost::json::object> parse_json_object(std::string_view body);

/// The member's text; empty when it is missing or no text.
[[nodiscard]] std::string text_of(const boost::json::object& object, std::string_view name);

}  // namespace heliograph::server
