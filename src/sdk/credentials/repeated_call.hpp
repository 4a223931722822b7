// RepeatedCall: an HTTP call that is made again while it fails in ways that pass. And what answers say beside their
// body.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "heliograph/credentials.hpp"
#include "sdk/world.hpp"

namespace heliograph::sdk {

struct RepeatRule {
  int tries = 3;
  std::chrono::milliseconds pause{1000};  ///< Between two, and up to half as much again.
  bool when_silent = true;                ///< Also when nobody is there or nothing comes (kIo, kTimeout).
  /// Whether an answer is one to try again on, beside those with status 429 and 5xx.
  std::function<bool(const net::HttpReply&)> passes{};
};

/// Lifetime: the caller's. When it goes before the end, `done` is not called. Threads: the loop's.
class RepeatedCall : public std::enable_shared_from_this<RepeatedCall> {
 public:
  using Handler = std::function<void(Result<net::HttpReply>)>;

  /// `done` is given the last answer or failure.
  [[nodiscard]] static std::shared_ptr<RepeatedCall> start(const World& world, net::HttpCall call, RepeatRule rule,
                                                           Handler done);

 private:
  RepeatedCall(const World& world, net::HttpCall call, RepeatRule rule, Handler done)
      : world_(world), call_(std::move(call)), rule_(std::move(rule)), done_(std::move(done)) {}
  void make();
  void on_reply(Result<net::HttpReply> reply);
  [[nodiscard]] bool should_repeat(const Result<net::HttpReply>& reply) const;

  const World& world_;
  net::HttpCall call_;
  RepeatRule rule_;
  Handler done_;
  int made_ = 0;
  std::shared_ptr<void> timer_;
};

/// How far the server's clock, by the Date of its answer, is ahead of this machine's; zero below five minutes, which is
/// what signatures tolerate, and without a Date.
[[nodiscard]] std::chrono::milliseconds skew_of(const net::HttpReply& reply, const Clock& clock);
/// Credentials that a server gave, with their end by this machine's clock.
[[nodiscard]] Result<Credentials> by_our_clock(Result<Credentials> credentials, const net::HttpReply& reply,
                                               const Clock& clock);
/// What a status without a better explanation means.
[[nodiscard]] Errc errc_of(int status) noexcept;

}  // namespace heliograph::sdk
