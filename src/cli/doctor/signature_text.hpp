// Explanations of refusals, laid out for people.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "wire/sigv4_explain.hpp"

namespace heliograph::cli {

/// Differences, clock and canonical requests.
/// @param canonical  what the client says that it signed; empty: not known.
[[nodiscard]] std::string to_text(const wire::RefusalExplanation& explanation, std::string_view canonical);

/// A refusal as the service's admin API tells it, likewise.
[[nodiscard]] std::string to_text(const boost::json::object& refusal, std::string_view canonical);
/// The same in a line.
[[nodiscard]] std::string to_line(const boost::json::object& refusal);

}  // namespace heliograph::cli
