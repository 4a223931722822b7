// Presigned WebSocket URLs, with the key that the command has.
#pragma once

#include <chrono>
#include <string>

#include "cli/client/service.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

struct PresignWish {
  std::string arn;
  std::string client;  ///< Empty: a master.
  std::chrono::seconds expires{299};
};

/// @param endpoint  "wss://localhost:3000"
[[nodiscard]] Result<std::string> presign(const Service& service, const std::string& endpoint, const PresignWish& wish);

}  // namespace heliograph::cli
