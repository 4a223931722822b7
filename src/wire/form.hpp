// The parameters of an HTML form body: `Action=GetCallerIdentity&Version=2011-06-15`.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"

namespace heliograph::wire {

/// Name to value, decoded; a plus is a space (unlike in queries, where wire/uri.hpp keeps it). Fails with kBadRequest
/// on a bad escape, on more than 1,000 parameters, and on a name that is given twice: which of them counts would be a
/// guess. Empty parts are passed over.
[[nodiscard]] Result<std::map<std::string, std::string>> parse_form(std::string_view body);

}  // namespace heliograph::wire
