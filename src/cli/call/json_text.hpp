// JSON with numbers as people write them.
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace heliograph::cli {

/// As boost::json::serialize(), but "8.5" and "3" where that has "8.5E0" and "3E0". On one line.
[[nodiscard]] std::string to_text(const boost::json::value& value);

}  // namespace heliograph::cli
