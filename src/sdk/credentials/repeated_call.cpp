// Trying again.
#include "sdk/credentials/repeated_call.hpp"

#include <strings.h>

#include <utility>

#include "sdk/jitter.hpp"
#include "wire/date.hpp"

namespace heliograph::sdk {

using std::chrono::milliseconds;

std::shared_ptr<RepeatedCall> RepeatedCall::start(const World& world, net::HttpCall call, RepeatRule rule,
                                                  Handler done) {
  const std::shared_ptr<RepeatedCall> repeated(
      new RepeatedCall(world, std::move(call), std::move(rule), std::move(done)));
  repeated->make();
  return repeated;
}

void RepeatedCall::make() {
  ++made_;
  world_.http(call_, [weak = weak_from_this()](Result<net::HttpReply> reply) {
    if (const auto self = weak.lock()) self->on_reply(std::move(reply));
  });
}

void RepeatedCall::on_reply(Result<net::HttpReply> reply) {
  if (made_ < rule_.tries && should_repeat(reply)) {
    const milliseconds pause = rule_.pause + random_up_to(*world_.rng, rule_.pause / 2);
    timer_ = world_.after(pause, [weak = weak_from_this()]() {
      if (const auto self = weak.lock()) self->make();
    });
    return;
  }
  const Handler done = std::exchange(done_, nullptr);
  done(std::move(reply));
}

bool RepeatedCall::should_repeat(const Result<net::HttpReply>& reply) const {
  if (!reply) return rule_.when_silent && reply.error().code != Errc::kClosed;
  if (reply->status == 429 || reply->status >= 500) return true;
  return rule_.passes && rule_.passes(*reply);
}

milliseconds skew_of(const net::HttpReply& reply, const Clock& clock) {
  for (const net::HttpHeader& header : reply.headers) {
    if (::strcasecmp(header.name.c_str(), "Date") != 0) continue;
    const auto date = wire::parse_http_date(header.value);
    if (!date) return milliseconds(0);
    const milliseconds ahead = *date - clock.wall_now();
    return ahead >= std::chrono::minutes(5) || ahead <= -std::chrono::minutes(5) ? ahead : milliseconds(0);
  }
  return milliseconds(0);
}

Result<Credentials> by_our_clock(Result<Credentials> credentials, const net::HttpReply& reply, const Clock& clock) {
  if (credentials && credentials->expires) *credentials->expires -= skew_of(reply, clock);
  return credentials;
}

Errc errc_of(int status) noexcept {
  if (status == 401) return Errc::kNotAuthorized;
  if (status == 403) return Errc::kAccessDenied;
  if (status == 404) return Errc::kResourceNotFound;
  if (status == 429) return Errc::kClientLimitExceeded;
  return status >= 500 ? Errc::kServiceUnavailable : Errc::kBadRequest;
}

}  // namespace heliograph::sdk
