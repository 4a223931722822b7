// The schedule's decisions, carried out.
#include "server/events/webhook.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <utility>

namespace heliograph::server::events {

Webhook::Webhook(Parts parts, WebhookTarget target)
    : parts_(parts),
      target_(std::move(target)),
      schedule_({.max_waiting = target_.max_waiting}),
      timer_(parts.context) {}

Result<void> Webhook::load() {
  const auto left = parts_.outbox.load();
  if (!left) return left.error();
  std::vector<std::int64_t> dropped;
  for (const store::OutboxEntry& entry : *left)
    if (const auto gone = schedule_.add(entry.number, entry.key, entry.created)) dropped.push_back(*gone);
  parts_.meter.dropped_full += dropped.size();
  if (!dropped.empty())
    if (auto removed = parts_.outbox.remove(dropped); !removed) return removed;
  measure();
  pump();
  return {};
}

Result<void> Webhook::accept(const std::vector<EventPtr>& events) {
  std::vector<store::NewOutboxEntry> entries;
  entries.reserve(events.size());
  for (const EventPtr& event : events)
    entries.push_back(
        {std::string(event->channel_arn()), event->id(), std::string(to_string(event->type())), event->json()});
  const WallTime now = parts_.clock.wall_now();
  const auto numbers = parts_.outbox.append(entries, now);
  if (!numbers) return numbers.error();
  std::vector<std::int64_t> dropped;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (const auto gone = schedule_.add((*numbers)[i], entries[i].key, now)) dropped.push_back(*gone);
  if (!dropped.empty()) {
    parts_.meter.dropped_full += dropped.size();
    if (const auto removed = parts_.outbox.remove(dropped); !removed)
      parts_.log.write(LogLevel::kError, "webhook outbox failed", {{"why", removed.error().detail}});
  }
  measure();
  pump();
  return {};
}

void Webhook::pump() {
  if (is_stopped_) return;
  while (const auto delivery = schedule_.next(parts_.clock.steady_now())) send(*delivery);
  const auto deadline = schedule_.next_deadline();
  if (!deadline) return;
  timer_.expires_at(*deadline);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) pump();
  });
}

void Webhook::send(const DeliverySchedule::Delivery& delivery) {
  const WallTime now = parts_.clock.wall_now();
  if (now - delivery.created > kMaxAge) {
    parts_.meter.dropped_age += 1;
    remove(delivery.number);
    return schedule_.on_given_up(delivery.key);
  }
  auto text = parts_.outbox.read(delivery.number);
  if (!text || !*text) {
    if (!text) parts_.log.write(LogLevel::kError, "webhook outbox failed", {{"why", text.error().detail}});
    if (!text) return schedule_.on_unreachable(delivery.key, parts_.clock.steady_now(), jitter());
    return schedule_.on_given_up(delivery.key);
  }
  net::HttpCall call{.url = target_.url};
  call.timeout = target_.timeout;
  call.body = std::move((*text)->body);
  call.headers = {{"Content-Type", "application/json"},
                  {"User-Agent", std::string("heliographd/") + HELIOGRAPH_VERSION},
                  {"Heliograph-Event", (*text)->kind},
                  {"Heliograph-Event-Id", (*text)->id},
                  {"Heliograph-Attempt", std::to_string(delivery.attempt)},
                  {HookSigner::kHeader, parts_.signer.sign(call.body, now)}};
  parts_.client.start(std::move(call),
                      [this, delivery, began = parts_.clock.steady_now()](Result<net::HttpReply> answer) {
                        boost::asio::post(parts_.context, [this, delivery, began, answer = std::move(answer)]() {
                          on_answer(delivery, began, answer);
                        });
                      });
}

void Webhook::on_answer(const DeliverySchedule::Delivery& delivery, SteadyTime began,
                        const Result<net::HttpReply>& answer) {
  const SteadyTime now = parts_.clock.steady_now();
  parts_.meter.delivery_time.observe(now - began);
  if (!answer) {
    parts_.meter.unreachable += 1;
    schedule_.on_unreachable(delivery.key, now, jitter());
    if (answer.error().code != Errc::kClosed) tell_state(false, answer.error().detail);
  } else if (answer->status / 100 == 2) {
    parts_.meter.delivered += 1;
    remove(delivery.number);
    schedule_.on_taken(delivery.key);
    tell_state(true, {});
  } else {
    parts_.meter.refused += 1;
    schedule_.on_refused(delivery.key, now, jitter());
    tell_state(false, "it answered " + std::to_string(answer->status));
  }
  measure();
  pump();
}

void Webhook::tell_state(bool is_taking, const std::string& why) {
  if (std::exchange(is_taking_, is_taking) == is_taking) return;
  if (is_taking)
    return parts_.log.write(LogLevel::kInfo, "webhook receiver takes events again", {{"url", target_.url.text()}});
  parts_.log.write(LogLevel::kWarning, "webhook receiver does not take events; they wait and are tried again",
                   {{"url", target_.url.text()}, {"why", why}});
}

void Webhook::remove(std::int64_t number) {
  // Should it fail, the event goes out once more after a restart: at least once.
  if (const auto removed = parts_.outbox.remove(std::array{number}); !removed)
    parts_.log.write(LogLevel::kError, "webhook outbox failed", {{"why", removed.error().detail}});
}

void Webhook::measure() {
  parts_.meter.waiting.store(schedule_.waiting());
  const auto oldest = schedule_.oldest();
  parts_.meter.oldest_ms.store(oldest ? oldest->time_since_epoch().count() : 0);
}

bool Webhook::is_idle() const { return schedule_.waiting() == 0 || (schedule_.in_flight() == 0 && !is_taking_); }

void Webhook::stop() {
  is_stopped_ = true;
  timer_.cancel();
}

double Webhook::jitter() {
  std::array<std::byte, 2> bytes{};
  parts_.rng.fill(bytes);
  return (std::to_integer<unsigned>(bytes[0]) * 256 + std::to_integer<unsigned>(bytes[1])) / 65536.0;
}

}  // namespace heliograph::server::events
