// OperatorClient: the administrator's requests to a heliographd on this machine, or elsewhere.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"
#include "net/http_client.hpp"
#include "wire/sigv4.hpp"

namespace heliograph::cli {

/// Where the service is, and how it is asked.
struct AdminTarget {
  std::filesystem::path data_dir = ".heliograph";
  std::string endpoint{};  ///< "https://host:port"; empty: that of DATA/runtime.json.
  std::string ca_file{};   ///< Empty: with the endpoint of runtime.json its authority, else the system's.
};

/// Threads: one.
class OperatorClient {
 public:
  /// Reads the key from DATA/credentials. Fails with kResourceNotFound or kCorrupt, and says what to do.
  [[nodiscard]] static Result<OperatorClient> open(const AdminTarget& target);

  /// @param path  below /_heliograph/v1/admin/, with its query. Gives the body of a 200; fails with the service's own
  /// words otherwise.
  [[nodiscard]] Result<std::string> get(std::string_view path);
  [[nodiscard]] Result<std::string> post(std::string_view path, std::string body);
  /// Gives a body bit by bit until it ends.
  [[nodiscard]] Result<void> follow(std::string_view path, std::function<void(std::string_view)> on_body);

 private:
  OperatorClient() = default;
  [[nodiscard]] Result<std::string> call(net::HttpCall call, std::string_view path);

  net::HttpUrl endpoint_;
  std::string region_;
  wire::SigningCredential key_;
  std::unique_ptr<wire::SigningKeyCache> cache_ = std::make_unique<wire::SigningKeyCache>(1);
  std::unique_ptr<net::HttpClient> client_;
};

}  // namespace heliograph::cli
