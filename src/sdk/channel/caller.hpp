// Caller: one signed JSON call at a time, or many, with everything that can go wrong and be tried again.
#pragma once

#include <atomic>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "heliograph/credentials.hpp"
#include "net/http_url.hpp"
#include "sdk/world.hpp"
#include "wire/sigv4.hpp"

namespace heliograph::sdk {

/// A call of the service.
struct ServiceCall {
  const char* name = "";  ///< "DescribeSignalingChannel", for texts.
  net::HttpUrl url{};
  boost::json::object body{};
  SteadyTime deadline{};                 ///< Of all tries.
  std::chrono::milliseconds timeout{0};  ///< Of one try; zero: the usual.
  bool may_repeat = true;                ///< Whether it may be made again when its answer was lost.
  int max_attempts = 0;                  ///< Zero: the usual.
  bool is_done_when_gone = false;        ///< Of a deletion: "not found" after a lost answer is what was wanted.
};

struct CallerOptions {
  /// Whoever owns the caller keeps it: it may keep a loop, which must not end with a call on its thread.
  std::weak_ptr<CredentialProvider> credentials{};
  std::string region{};
  std::chrono::milliseconds connect_timeout{};
  std::chrono::milliseconds call_timeout{};
  int max_attempts = 1;
  std::chrono::milliseconds retry_base{};
  std::chrono::milliseconds retry_cap{};
  std::shared_ptr<void> keep{};  ///< What the world needs to live: a provider may answer when all else has gone.
};

/// Makes calls: credentials, signature by the corrected clock, HTTP, retries. What a call goes through, in this order:
///
///   answer's Date is five minutes from what was signed  → once more at once, with the clock corrected
///   401 or 403, expired or unknown token                → forget(), and once more if there are others now
///   no answer, 5xx, 429, throttling                     → again after a random time, up to max_attempts
///
/// and whatever is to be waited for ends with the deadline.
/// Threads: the loop's, but clock_offset() is for any.
class Caller : public std::enable_shared_from_this<Caller> {
 public:
  using Done = std::function<void(Result<boost::json::object>)>;

  Caller(World world, CallerOptions options) : options_(std::move(options)), world_(std::move(world)) {}

  /// `done` is called once, not before this returns.
  void call(ServiceCall call, Done done);
  /// Fails with kClosed when closed meanwhile; else is done after a while.
  void wait(std::chrono::milliseconds time, std::function<void(Result<void>)> done);
  /// Calls under way and to come end with kClosed.
  void close();

  [[nodiscard]] std::chrono::milliseconds clock_offset() const noexcept {
    return std::chrono::milliseconds(offset_.load(std::memory_order_relaxed));
  }
  [[nodiscard]] const World& world() const noexcept { return world_; }

 private:
  class Call;
  using Ticket = std::uint64_t;

  [[nodiscard]] Ticket enter(std::function<void()> abort);
  void leave(Ticket ticket) { running_.erase(ticket); }
  [[nodiscard]] WallTime service_now() const { return world_.clock->wall_now() + clock_offset(); }
  /// Corrects the clock by the Date of an answer.
  void correct_clock(WallTime date);
  /// How long to wait before another try.
  [[nodiscard]] std::chrono::milliseconds back_off(int attempts);

  CallerOptions options_;  // Goes after the world.
  World world_;
  wire::SigningKeyCache keys_{16};
  std::atomic<std::int64_t> offset_{0};
  std::map<Ticket, std::function<void()>> running_;  ///< How to end each.
  Ticket next_ticket_ = 0;
  bool is_closed_ = false;
};

}  // namespace heliograph::sdk
