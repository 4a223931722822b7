// Refreshing ahead of expiry.
#include "sdk/credentials/refreshing.hpp"

#include <algorithm>
#include <utility>

#include "sdk/guarded.hpp"
#include "sdk/jitter.hpp"
#include "wire/date.hpp"

namespace heliograph::sdk {

using std::chrono::milliseconds;

void RefreshingCredentials::get(CredentialHandler done) {
  if (closed_) return answer(done, Error{Errc::kClosed, "the credential provider was closed"});
  if (held_ && left() > ahead_) return answer(done, *held_);
  if (is_usable() && is_pausing()) return answer(done, *held_);
  if (held_ && left() > urgent_) {
    const Credentials old = *held_;
    if (!fetching_) fetch();
    return answer(done, old);
  }
  waiting_.push_back(std::move(done));
  if (!fetching_) fetch();
}

void RefreshingCredentials::forget() {
  held_.reset();
  failures_ = 0;
  next_fetch_ = SteadyTime::min();
}

void RefreshingCredentials::close() {
  closed_ = true;
  source_.reset();
  held_.reset();
  answer_all(Error{Errc::kClosed, "the credential provider was closed"});
}

void RefreshingCredentials::fetch() {
  fetching_ = true;
  const auto source = source_;  // Lest a handler that closes this takes it away while it works.
  source->fetch([weak = weak_from_this()](Result<Credentials> fetched) {
    if (const auto self = weak.lock()) self->on_fetched(std::move(fetched));
  });
}

void RefreshingCredentials::on_fetched(Result<Credentials> fetched) {
  fetching_ = false;
  if (closed_) return;
  const bool ended = fetched && fetched->expires && *fetched->expires <= world_.clock->wall_now();
  if (ended && !rule_.keep_expired) {
    fetched = Error{Errc::kExpiredToken,
                    "the source gave credentials that ended at " + wire::to_iso_date(*fetched->expires, false) +
                        ": see why it has no newer ones, and whether this machine's clock is right"};
  }
  if (fetched) {
    accept(std::move(*fetched));
    if (ended) keep_past_the_end("the source has no newer ones");
    return answer_all(*held_);
  }
  const Error error = fetched.error();
  if (!is_usable()) return answer_all(error);
  pause_after(error);
  answer_all(*held_);
}

void RefreshingCredentials::accept(Credentials fresh) {
  held_ = std::move(fresh);
  failures_ = 0;
  next_fetch_ = SteadyTime::min();
  const milliseconds life = std::max(left(), milliseconds(0));
  ahead_ = std::min<milliseconds>(rule_.ahead, life / 4);
  urgent_ = std::min<milliseconds>(rule_.urgent, life / 10);
}

void RefreshingCredentials::pause_after(const Error& error) {
  if (left().count() <= 0) return keep_past_the_end(error.detail);
  const auto doubled = rule_.pause * (1U << static_cast<unsigned>(std::min(failures_++, 10)));
  const milliseconds pause = std::min<milliseconds>(doubled, rule_.longest_pause);
  next_fetch_ = world_.clock->steady_now() + pause + random_up_to(*world_.rng, pause / 4);
  world_.log(LogLevel::kWarning, "credentials were not refreshed; those that are held are good until " +
                                     wire::to_iso_date(*held_->expires, false) + ": " + error.detail);
}

void RefreshingCredentials::keep_past_the_end(const std::string& why) {
  constexpr std::chrono::minutes kLook{10};
  constexpr std::chrono::minutes kLeast{2};
  constexpr std::chrono::minutes kMore{8};
  next_fetch_ = world_.clock->steady_now() + kLook + kLeast + random_up_to(*world_.rng, kMore);
  world_.log(LogLevel::kWarning, "credentials that ended at " + wire::to_iso_date(*held_->expires, false) +
                                     " stay in use, there being no others: " + why);
}

milliseconds RefreshingCredentials::left() const {
  if (!held_->expires) return milliseconds::max();
  return *held_->expires - world_.clock->wall_now();
}

void RefreshingCredentials::answer_all(const Result<Credentials>& result) {
  // A handler may ask again: what it asks is for the next round.
  for (const CredentialHandler& handler : std::exchange(waiting_, {})) answer(handler, result);
}

void RefreshingCredentials::answer(const CredentialHandler& handler, const Result<Credentials>& result) const {
  tell_guarded(world_.log, "a handler of credentials", [&]() { handler(result); });
}

}  // namespace heliograph::sdk
