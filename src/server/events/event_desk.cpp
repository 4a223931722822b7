// The desk's turn: collect, write down, show.
#include "server/events/event_desk.hpp"

#include <boost/asio/post.hpp>

namespace heliograph::server::events {

namespace asio = boost::asio;

EventDesk::EventDesk(Parts parts)
    : parts_(std::move(parts)), writer_(parts_.clock.wall_now(), parts_.rng), ring_(writer_.prefix()) {}

EventDesk::~EventDesk() { stop(std::chrono::milliseconds(0)); }

Result<void> EventDesk::start(Webhook* webhook) {
  webhook_ = webhook;
  if (webhook_ != nullptr)
    if (auto loaded = webhook_->load(); !loaded) return loaded;
  accept({writer_.write_started(parts_.clock.wall_now())});
  keep_.emplace(context_.get_executor());
  beat();
  thread_ = std::thread([this]() { context_.run(); });
  return {};
}

void EventDesk::stop(std::chrono::milliseconds patience) {
  if (!thread_.joinable()) return;
  asio::post(context_, [this, patience]() {
    collect();
    beat_timer_.cancel();
    leave_when_idle(std::chrono::steady_clock::now() + patience);
  });
  thread_.join();
}

void EventDesk::leave_when_idle(SteadyTime deadline) {
  if (webhook_ == nullptr || webhook_->is_idle() || std::chrono::steady_clock::now() >= deadline) {
    if (webhook_ != nullptr) webhook_->stop();
    keep_.reset();
    context_.stop();  // Calls under way are answered to nobody; their events stay in the outbox.
    return;
  }
  leave_timer_.expires_after(std::chrono::milliseconds(20));
  leave_timer_.async_wait([this, deadline](boost::system::error_code) { leave_when_idle(deadline); });
}

void EventDesk::on_presence() {
  if (!is_called_.exchange(true)) asio::post(context_, [this]() { on_call(); });
}

void EventDesk::on_call() {
  if (std::chrono::steady_clock::now() - collected_ >= kGather) return collect();
  gather_timer_.expires_at(collected_ + kGather);
  gather_timer_.async_wait([this](boost::system::error_code error) {
    if (!error) collect();
  });
}

void EventDesk::collect() {
  is_called_.store(false);  // Before taking: what comes now calls again.
  collected_ = std::chrono::steady_clock::now();
  changes_.clear();
  parts_.take(changes_);
  if (changes_.empty()) return;
  std::vector<EventPtr> events;
  events.reserve(changes_.size());
  for (PresenceChange& change : changes_) events.push_back(writer_.write(std::move(change)));
  accept(events);
}

void EventDesk::accept(const std::vector<EventPtr>& events) {
  for (const EventPtr& event : events) parts_.meter.events[static_cast<std::size_t>(event->type())] += 1;
  if (webhook_ != nullptr) {
    if (const auto accepted = webhook_->accept(events); !accepted) {
      parts_.meter.lost_on_disk += events.size();
      parts_.log.write(LogLevel::kError, "events were not written to the webhook's outbox",
                       {{"events", std::to_string(events.size())}, {"why", accepted.error().detail}});
    }
  }
  ring_.publish(events);
}

void EventDesk::beat() {
  ring_.beat();
  beat_timer_.expires_after(kBeat);
  beat_timer_.async_wait([this](boost::system::error_code error) {
    if (!error) beat();
  });
}

}  // namespace heliograph::server::events
