// A bounded queue and at most one who waits.
#include "heliograph/signaling_events.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "sdk/guarded.hpp"

namespace heliograph {

struct SignalingEvents::Impl {
  std::mutex mutex;
  std::size_t most_waiting = 0;
  std::deque<SignalingEvent> events;
  std::optional<Error> over;
  Handler waiting;

  void push(SignalingEvent event) {
    std::unique_lock lock(mutex);
    if (over) return;
    if (waiting) {
      const Handler done = std::exchange(waiting, nullptr);
      lock.unlock();
      return done(std::move(event));
    }
    events.push_back(std::move(event));
    if (events.size() <= most_waiting) return;
    // A candidate too few costs less than an offer that was never seen.
    const auto oldest = std::find_if(events.begin(), events.end(), [](const SignalingEvent& one) {
      return std::holds_alternative<CandidateReceived>(one) || std::holds_alternative<BadMessageReceived>(one);
    });
    events.erase(oldest == events.end() ? events.begin() : oldest);
  }
  void end(const Error& why) {
    std::unique_lock lock(mutex);
    if (over) return;
    over = why;
    if (!waiting) return;
    const Handler done = std::exchange(waiting, nullptr);
    lock.unlock();
    done(why);
  }
};

SignalingEvents::SignalingEvents(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SignalingEvents::~SignalingEvents() = default;

std::shared_ptr<SignalingEvents> SignalingEvents::create(std::size_t most_waiting) {
  auto impl = std::make_unique<Impl>();
  impl->most_waiting = std::max<std::size_t>(most_waiting, 1);
  return std::shared_ptr<SignalingEvents>(new SignalingEvents(std::move(impl)));
}

SignalingClient::Handlers SignalingEvents::handlers() {
  /// Lives as long as any of the handlers: a client that is destroyed calls none of them, and lets go of all.
  struct Source {
    explicit Source(std::shared_ptr<SignalingEvents> to) : events(std::move(to)) {}
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    ~Source() {
      static_cast<void>(sdk::thrown_by(
          [this]() { events->impl_->end({Errc::kClosed, "the signaling client has gone without a word"}); }));
    }
    void push(SignalingEvent event) const { events->impl_->push(std::move(event)); }
    std::shared_ptr<SignalingEvents> events;
  };
  SignalingClient::Handlers on;
  const auto source = std::make_shared<Source>(shared_from_this());
  on.on_open = [source](const std::vector<IceServer>& servers) { source->push(SignalingOpened{servers}); };
  on.on_offer = [source](SessionDescription offer, std::string from) {
    source->push(DescriptionReceived{std::move(offer), std::move(from)});
  };
  on.on_answer = [source](SessionDescription answer, std::string from) {
    source->push(DescriptionReceived{std::move(answer), std::move(from)});
  };
  on.on_candidate = [source](IceCandidate candidate, std::string from) {
    source->push(CandidateReceived{std::move(candidate), std::move(from)});
  };
  on.on_status = [source](const SignalingStatus& status) { source->push(StatusReceived{status}); };
  on.on_go_away = [source]() { source->push(SignalingMoves{}); };
  on.on_lost = [source](const Error& why, auto) { source->push(SignalingLost{why}); };
  on.on_closed = [source](const Error& why) { source->events->impl_->end(why); };
  on.on_bad_message = [source](const Error& why) { source->push(BadMessageReceived{why}); };
  return on;
}

void SignalingEvents::next(Handler done) {
  std::unique_lock lock(impl_->mutex);
  if (impl_->waiting) {
    lock.unlock();
    return done(Error{Errc::kResourceInUse, "somebody waits for the next event already"});
  }
  if (!impl_->events.empty()) {
    SignalingEvent event = std::move(impl_->events.front());
    impl_->events.pop_front();
    lock.unlock();
    return done(std::move(event));
  }
  if (impl_->over) {
    const Error why = *impl_->over;
    lock.unlock();
    return done(why);
  }
  impl_->waiting = std::move(done);
}

void SignalingEvents::close() { impl_->end({Errc::kClosed, "nobody asks for events any more"}); }

}  // namespace heliograph
