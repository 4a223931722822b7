// HttpCaller: HTTP calls to other services, on a thread that somebody else runs.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "heliograph/result.hpp"
#include "net/client_stream.hpp"
#include "net/http_call.hpp"

namespace heliograph::net {

class HttpExchange;

/// Calls over http and https. Redirects are not followed: a body that is signed for one receiver is not for another.
/// Threads: the context's. Lifetime: calls under way end with kClosed when it goes.
class HttpCaller {
 public:
  /// How long a connection without a call is kept for the next one. Servers close theirs after some seconds more.
  static constexpr std::chrono::seconds kKeepIdle{4};

  explicit HttpCaller(const ClientTools& tools) : tools_(tools) {}
  ~HttpCaller();
  HttpCaller(const HttpCaller&) = delete;
  HttpCaller& operator=(const HttpCaller&) = delete;

  /// `done` is called once, later. An answer is any whole answer, whatever its status. Fails with kIo (nobody there,
  /// TLS, a broken answer), kTimeout, kClosed; with kInvalidArgument for headers that would break the request.
  void start(HttpCall call, std::function<void(Result<HttpReply>)> done);
  /// Ends every call under way with kClosed, and the connections that are kept.
  void close();

 private:
  friend class HttpExchange;
  struct Idle {
    std::shared_ptr<ClientStream> stream;
    std::chrono::steady_clock::time_point since;
  };

  /// A kept connection that is still good; null when there is none.
  [[nodiscard]] std::shared_ptr<ClientStream> take_idle(const std::string& key);
  void keep(const std::string& key, std::shared_ptr<ClientStream> stream);

  ClientTools tools_;
  std::set<std::shared_ptr<HttpExchange>> exchanges_;
  std::multimap<std::string, Idle> idle_;
};

}  // namespace heliograph::net
