// A bounded queue and at most one who waits.
#include "heliograph/signaling_events.hpp"

#include <algorithm>
#include <deque>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>

#include "sdk/guarded.hpp"

namespace heliograph {
namespace {

bool is_small(const SignalingEvent& event) {
  return std::holds_alternative<CandidateReceived>(event) || std::holds_alternative<BadMessageReceived>(event);
}

bool is_description(const SignalingEvent& event) { return std::holds_alternative<DescriptionReceived>(event); }

/// A newer description of the same kind and sender.
bool takes_the_place_of(const SignalingEvent& newer, const SignalingEvent& older) {
  const auto* now = std::get_if<DescriptionReceived>(&newer);
  const auto* then = std::get_if<DescriptionReceived>(&older);
  return now != nullptr && then != nullptr && now->from == then->from &&
         now->description.type == then->description.type;
}

}  // namespace

struct SignalingEvents::Impl {
  std::mutex mutex;
  std::size_t most_waiting = 0;
  std::deque<SignalingEvent> events;
  EventsDropped dropped;
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
    if (events.size() > most_waiting) make_room();
  }
  void make_room() {
    // A candidate too few costs less than an offer that was never seen. (And goes before the description that it
    // belongs to, since it must not be told without it.)
    auto goes = std::find_if(events.begin(), events.end(), is_small);
    if (goes == events.end()) {
      goes = std::find_if(events.begin(), std::prev(events.end()),
                          [this](const SignalingEvent& one) { return takes_the_place_of(events.back(), one); });
      if (goes != std::prev(events.end())) {
        events.erase(goes);
        return;
      }
      goes = std::find_if_not(events.begin(), events.end(), is_description);
    }
    if (goes == events.end()) goes = events.begin();
    ++(is_description(*goes) ? dropped.descriptions : dropped.others);
    events.erase(goes);
  }
  /// The next event, or why there will be none; nothing when it is to be waited for.
  std::optional<Result<SignalingEvent>> take() {
    if (dropped.descriptions + dropped.others != 0) return SignalingEvent(std::exchange(dropped, {}));
    if (!events.empty()) {
      SignalingEvent event = std::move(events.front());
      events.pop_front();
      return event;
    }
    if (over) return *over;
    return std::nullopt;
  }
  void give_back(SignalingEvent event) {
    std::unique_lock lock(mutex);
    if (waiting) {
      const Handler done = std::exchange(waiting, nullptr);
      lock.unlock();
      return done(std::move(event));
    }
    if (const auto* lost = std::get_if<EventsDropped>(&event)) {
      dropped.descriptions += lost->descriptions;
      dropped.others += lost->others;
      return;
    }
    events.push_front(std::move(event));
    if (events.size() > most_waiting) make_room();
  }
  void cancel_next() {
    std::unique_lock lock(mutex);
    if (!waiting) return;
    const Handler done = std::exchange(waiting, nullptr);
    lock.unlock();
    done(Error{Errc::kTimeout, "the wait for the next event was cancelled"});
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
  if (auto next = impl_->take()) {
    lock.unlock();
    return done(*std::move(next));
  }
  impl_->waiting = std::move(done);
}

void SignalingEvents::cancel_next() { impl_->cancel_next(); }

void SignalingEvents::give_back(SignalingEvent event) { impl_->give_back(std::move(event)); }

void SignalingEvents::close() { impl_->end({Errc::kClosed, "nobody asks for events any more"}); }

}  // namespace heliograph
