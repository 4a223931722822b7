// AdminClient: requests to the admin API of a running service.
#pragma once

#include <string>
#include <string_view>

#include "cli/client/service.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

/// Each call is signed, over a connection of its own. Paths stand below /_heliograph/v1/admin/, their parts
/// percent-encoded. A call fails with the service's own words and their code_of(), or saying why it cannot be reached.
/// Threads: one.
class AdminClient {
 public:
  /// Fails as find_service does, and as Service::no_key() when there is no key to sign with.
  [[nodiscard]] static Result<AdminClient> open(const ServiceOptions& options);
  [[nodiscard]] static Result<AdminClient> open(Service service);

  /// The body of a 2xx answer.
  [[nodiscard]] Result<std::string> call(std::string_view method, std::string_view path, std::string body = {}) const;
  /// Gives a body bit by bit until it ends, or no more of it is wanted.
  [[nodiscard]] Result<void> follow(std::string_view path, const OnBody& on_body) const;

 private:
  explicit AdminClient(Service service) : service_(std::move(service)) {}
  [[nodiscard]] Result<HttpAnswer> ask(HttpAsk ask, std::string_view path, const OnBody& on_body) const;

  Service service_;
};

}  // namespace heliograph::cli
