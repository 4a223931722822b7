// The counts as metrics. The names are an interface, as in metrics_page.cpp.
#include "server/events/event_meter.hpp"

#include <algorithm>

namespace heliograph::server::events {
namespace {

using Type = metrics::Exposition::Type;

void expose_one(metrics::Exposition& out, const char* name, Type type, const char* help, std::uint64_t value) {
  out.begin(name, type, help);
  out.add(value);
}

}  // namespace

void EventMeter::expose(metrics::Exposition& out, WallTime now, std::uint64_t lost_in_backlog) const {
  out.begin("heliograph_events_total", Type::kCounter, "Events about connections and channels, by type.");
  for (std::size_t i = 0; i < events.size(); ++i)
    out.add(events[i].load(), {{"type", to_string(static_cast<EventType>(i))}});
  out.begin("heliograph_events_lost_total", Type::kCounter,
            "Events that were never made (backlog) or not written to the webhook's outbox (disk).");
  out.add(lost_in_backlog, {{"reason", "backlog"}});
  out.add(lost_on_disk.load(), {{"reason", "disk"}});

  out.begin("heliograph_webhook_calls_total", Type::kCounter, "Calls of the webhook's receiver, by result.");
  out.add(delivered.load(), {{"result", "delivered"}});
  out.add(refused.load(), {{"result", "refused"}});
  out.add(unreachable.load(), {{"result", "unreachable"}});
  out.begin("heliograph_webhook_call_duration_seconds", Type::kHistogram, "Time of those calls.");
  out.add(delivery_time.counts());
  out.begin("heliograph_webhook_dropped_total", Type::kCounter,
            "Events given up: too many waited (full), or no receiver took it in time (age).");
  out.add(dropped_full.load(), {{"reason", "full"}});
  out.add(dropped_age.load(), {{"reason", "age"}});
  expose_one(out, "heliograph_webhook_waiting", Type::kGauge, "Events that the receiver has not taken yet.",
             waiting.load());
  out.begin("heliograph_webhook_oldest_seconds", Type::kGauge, "Age of the oldest of them.");
  const std::int64_t oldest = oldest_ms.load();
  const std::int64_t age_ms = oldest == 0 ? 0 : std::max<std::int64_t>(0, now.time_since_epoch().count() - oldest);
  out.add_seconds(static_cast<double>(age_ms) / 1000);

  expose_one(out, "heliograph_event_streams", Type::kGauge, "Open event streams of the admin API.", streams.load());
  expose_one(out, "heliograph_event_streams_refused_total", Type::kCounter, "Streams refused: too many are open.",
             streams_refused.load());
  expose_one(out, "heliograph_event_streams_dropped_total", Type::kCounter,
             "Streams ended because the reader fell behind.", streams_dropped.load());

  out.begin("heliograph_authorize_webhook_total", Type::kCounter, "Questions to the authorization webhook, by result.");
  out.add(allowed.load(), {{"result", "allowed"}});
  out.add(denied.load(), {{"result", "denied"}});
  out.add(failed.load(), {{"result", "failed"}});
  out.add(busy.load(), {{"result", "busy"}});
  out.begin("heliograph_authorize_webhook_duration_seconds", Type::kHistogram, "Time of those questions.");
  out.add(authorize_time.counts());

  expose_one(out, "heliograph_disconnected_total", Type::kCounter, "Connections that an operator ended.",
             disconnected.load());
  expose_one(out, "heliograph_revoked_keys", Type::kGauge, "Access keys that are refused since they were revoked.",
             revoked_keys.load());
}

}  // namespace heliograph::server::events
