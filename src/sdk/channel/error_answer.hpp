// What an error answer of the service means, and whether it is worth another try.
#pragma once

#include <string>
#include <string_view>

#include "heliograph/error.hpp"
#include "net/http_call.hpp"

namespace heliograph::sdk {

/// An error answer, read as the AWS SDKs read it: the type from x-amzn-ErrorType, else the body's `__type`, `code` or
/// `Code`, without "namespace#" and ":http://…"; the text from `message` or `Message`.
struct ErrorAnswer {
  Error error;       ///< "404 ResourceNotFoundException: text (request id)"
  std::string type;  ///< "ResourceNotFoundException"; empty: there is none.
  bool is_throttling = false;
  bool is_temporary = false;  ///< 5xx or throttling.
};

[[nodiscard]] ErrorAnswer read_error(const net::HttpReply& reply);

/// The first header of that name, compared without case; empty when absent.
[[nodiscard]] std::string_view header_of(const net::HttpReply& reply, std::string_view name) noexcept;

}  // namespace heliograph::sdk
