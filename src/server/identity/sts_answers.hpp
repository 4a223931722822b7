// What STS answers: XML of the query protocol, and its failures.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "heliograph/error.hpp"
#include "net/http.hpp"

namespace heliograph::server::identity {

struct StsFailure {
  int status = 400;
  std::string code;  ///< "AccessDenied", "MalformedPolicyDocument"
  std::string message;
};

/// The inner XML of a result, or why there is none.
using StsOutcome = std::variant<std::string, StsFailure>;

/// An error of other parts in the words of STS.
[[nodiscard]] StsFailure to_sts_failure(const Error& error);
/// 400 ValidationError.
[[nodiscard]] StsFailure invalid(std::string message);

/// `<Name>text</Name>`, the text escaped. Characters that XML cannot hold are left out.
[[nodiscard]] std::string xml(std::string_view name, std::string_view text);
/// `<Name>…</Name>` around XML.
[[nodiscard]] std::string xml_around(std::string_view name, std::string_view inner);

[[nodiscard]] net::HttpResponse to_response(std::string_view action, const StsOutcome& outcome,
                                            std::string_view request_id);

}  // namespace heliograph::server::identity
