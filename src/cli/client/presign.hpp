// Presigned WebSocket URLs, with the key that the command has.
#pragma once

#include <chrono>
#include <string>

#include "cli/client/sdk_service.hpp"
#include "heliograph/credentials.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

struct PresignWish {
  std::string arn;
  std::string client;  ///< Empty: a master.
  std::chrono::seconds expires{299};
};

/// What the service's calls are signed with. Waits. Fails as their source does: with kMissingAuthenticationToken when
/// there are none.
[[nodiscard]] Result<Credentials> credentials_of(const SdkService& service);

/// By the service's clock, as far as it is known.
/// @param endpoint  "wss://localhost:3000"
[[nodiscard]] Result<std::string> presign(const SdkService& service, const Credentials& key,
                                          const std::string& endpoint, const PresignWish& wish);

}  // namespace heliograph::cli
