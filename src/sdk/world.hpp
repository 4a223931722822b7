// World: what the SDK's parts work with. Loop makes the real one; tests hand in their own.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "heliograph/log.hpp"
#include "heliograph/result.hpp"
#include "net/http_client.hpp"

namespace heliograph::sdk {

/// Every function is called on the loop's thread, but `post` and `log`, which any thread may call; every callback comes
/// on the loop's thread.
struct World {
  std::shared_ptr<const Clock> clock{};
  std::shared_ptr<Rng> rng{};
  /// Has a function called soon on the loop's thread.
  std::function<void(std::function<void()>)> post{};
  /// Has a function called once after a while, unless what is given back goes before.
  std::function<std::shared_ptr<void>(SteadyTime::duration, std::function<void()>)> after{};
  /// Makes one HTTP call; the answer is any whole answer, whatever its status. Fails with kIo, kTimeout, kClosed.
  std::function<void(net::HttpCall, std::function<void(Result<net::HttpReply>)>)> http{};
  /// The value of an environment variable; empty when it is not set.
  std::function<std::string(const char*)> variable{};
  LogHandler log{};  ///< Never empty.
};

}  // namespace heliograph::sdk
