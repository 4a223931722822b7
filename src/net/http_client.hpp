// HttpClient: requests to other services. For webhooks, and for the documents of identity providers.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "heliograph/result.hpp"
#include "net/host_lookup.hpp"
#include "net/http_call.hpp"

namespace heliograph::net {

/// Calls over http and https, each on a connection of its own. A server's certificate and name are verified. Redirects
/// are not followed: a body that is signed for one receiver is not for another.
/// Threads: one of its own, on which every answer is given; start from any.
class HttpClient {
 public:
  /// @param ca_file  PEM authorities to trust instead of the system's; empty: the system's.
  /// @param resolve  for hosts that are names; addresses are connected to as they are.
  /// Fails with kIo when they cannot be read.
  [[nodiscard]] static Result<std::unique_ptr<HttpClient>> make(const std::string& ca_file,
                                                                ResolveHost resolve = resolve_host);
  /// Calls under way end with kClosed. Does not wait for a resolver.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// `done` is called once, on the client's thread. An answer is any whole answer, whatever its status. Fails with kIo
  /// (nobody there, TLS, a broken answer), kTimeout, kClosed; with kInvalidArgument for headers that would break the
  /// request.
  void start(HttpCall call, std::function<void(Result<HttpReply>)> done);
  /// The same, waiting. Not on the client's thread.
  [[nodiscard]] Result<HttpReply> run(HttpCall call);

 private:
  struct Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace heliograph::net
