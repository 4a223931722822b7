// AdminClient: requests to the admin API of a running service, signed with the administrator's key.
#pragma once

#include <string>
#include <string_view>

#include "cli/service_facts.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

/// One connection for each call, over TLS that is verified. Threads: one.
class AdminClient {
 public:
  explicit AdminClient(ServiceFacts service) : service_(std::move(service)) {}

  /// The body of a 2xx answer. Fails with the service's own message, or with kIo when it cannot be reached.
  /// @param path  under /_heliograph/v1/admin/, its parts percent-encoded.
  [[nodiscard]] Result<std::string> call(std::string_view method, std::string_view path,
                                         std::string_view body = {}) const;

 private:
  ServiceFacts service_;
};

}  // namespace heliograph::cli
