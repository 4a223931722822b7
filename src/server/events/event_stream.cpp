// Fields and lines.
#include "server/events/event_stream.hpp"

#include <utility>

namespace heliograph::server::events {
namespace {

void append_event(std::string& out, const Event& event) {
  out.append("id: ").append(event.id()).append("\nevent: ").append(to_string(event.type()));
  out.append("\ndata: ").append(event.json()).append("\n\n");
}

void append_notice(std::string& out, std::string_view name, std::string_view data) {
  out.append("event: ").append(name).append("\ndata: ").append(data).append("\n\n");
}

}  // namespace

EventStream::EventStream(EventRing& ring, EventMeter& meter, Start start)
    : ring_(ring), meter_(meter), start_(std::move(start)), next_(start_.from) {
  meter_.streams += 1;
}

EventStream::~EventStream() {
  if (follower_ != 0) ring_.unfollow(follower_);
  meter_.streams -= 1;
}

void EventStream::start(std::function<void()> wake) {
  wake_ = wake;
  follower_ = ring_.follow([wake = std::move(wake), is_awake = is_awake_]() {
    if (!is_awake->exchange(true)) wake();
  });
}

bool EventStream::is_wanted(const Event& event) const noexcept {
  return start_.channel.empty() || start_.channel == event.channel_arn() || start_.channel == event.channel_name();
}

bool EventStream::read(std::string& out) {
  is_awake_->store(false);
  const EventRing::Page page = ring_.read(next_, kMaxPerRead);
  const std::size_t before = out.size();
  if (!std::exchange(has_begun_, true)) {
    out.append("retry: 2000\n\n");
    beats_ = page.beats;
    if (start_.is_unknown || page.missed > 0)
      append_notice(out, "gap", "{\"missed\":" + std::to_string(page.missed) + "}");
  } else if (page.missed > 0) {
    meter_.streams_dropped += 1;
    append_notice(out, "dropped",
                  "{\"reason\":\"the stream was read too slowly\",\"missed\":" + std::to_string(page.missed) + "}");
    return false;
  }
  for (const EventPtr& event : page.events)
    if (is_wanted(*event)) append_event(out, *event);
  next_ = page.next;
  if (is_going_down_) {
    append_notice(out, "bye", "{\"reason\":\"the service goes down\"}");
    return false;
  }
  if (std::exchange(beats_, page.beats) != page.beats && out.size() == before) out.append(":\n\n");
  // A full page of other channels' events gives nothing to write, after which nobody would ask again.
  if (page.events.size() == kMaxPerRead && out.size() == before && !is_awake_->exchange(true)) wake_();
  return true;
}

}  // namespace heliograph::server::events
