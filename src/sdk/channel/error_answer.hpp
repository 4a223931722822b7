// What an error answer of the service means, and whether it is worth another try.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "heliograph/error.hpp"
#include "heliograph/secret.hpp"
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

/// @param secrets  what the request had in it and no error may have. A service that finds a signature wrong may quote
///                 the whole of what should have been signed.
[[nodiscard]] ErrorAnswer read_error(const net::HttpReply& reply, std::span<const std::string_view> secrets = {});

/// A session token in the spellings in which an answer may have it.
class TokenSpellings {
 public:
  explicit TokenSpellings(std::string_view token);
  [[nodiscard]] std::array<std::string_view, 2> views() const { return {plain_.reveal(), encoded_.reveal()}; }

 private:
  Secret plain_;
  Secret encoded_;
};

/// The first header of that name, compared without case; empty when absent.
[[nodiscard]] std::string_view header_of(const net::HttpReply& reply, std::string_view name) noexcept;

}  // namespace heliograph::sdk
