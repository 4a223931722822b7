// Stream: a connection to a service, plain or by TLS; one call at a time, each with an end to its patience.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "cli/client/endpoint.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

inline constexpr std::chrono::seconds kPatience{5};

/// Whom to believe in TLS.
struct Trust {
  std::string ca_file;        ///< PEM; empty: what the system trusts.
  bool is_believing = false;  ///< Anybody: to find out who it is.
};

/// Move-only. Errors are kIo or kTimeout, and of connect() kAccessDenied for a certificate that is not trusted and
/// kInvalidArgument for a CA file that cannot be read; with a text for the person who asked.
class Stream {
 public:
  /// Connects, and shakes hands if the endpoint is one of TLS.
  [[nodiscard]] static Result<Stream> connect(const Endpoint& endpoint, const Trust& trust);
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();

  [[nodiscard]] Result<void> write(std::string_view bytes);
  /// At least one byte; nothing at the end.
  [[nodiscard]] Result<std::string> read();
  /// Reads without an end to its patience from now on.
  void wait_for_ever();
  /// "TLSv1.3, certificate of CN = localhost until Feb  1 00:00:00 2027 GMT"; empty without TLS.
  [[nodiscard]] std::string security() const;

 private:
  struct Impl;
  explicit Stream(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A connected socket of that kind (SOCK_STREAM, SOCK_DGRAM) that gives up after kPatience; the caller owns it.
[[nodiscard]] Result<int> open_socket(const Endpoint& endpoint, int kind);

}  // namespace heliograph::cli
