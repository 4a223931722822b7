// EventMeter: what is counted about events, webhooks, streams and the operator's interventions.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "server/events/event.hpp"
#include "server/metrics/exposition.hpp"
#include "server/metrics/histogram.hpp"

namespace heliograph::server::events {

/// Threads: any.
struct EventMeter {
  using Count = std::atomic<std::uint64_t>;

  std::array<Count, kEventTypes> events{};  ///< By EventType.
  Count lost_on_disk{0};                    ///< Not written to the outbox.
  // Webhook calls, by outcome.
  Count delivered{0};
  Count refused{0};
  Count unreachable{0};
  Count dropped_full{0};  ///< Events given up because too many waited.
  Count dropped_age{0};   ///< … because they were too old.
  Count waiting{0};
  std::atomic<std::int64_t> oldest_ms{0};  ///< Since the epoch; 0: none waits.
  metrics::Histogram delivery_time;
  // Streams.
  Count streams{0};
  Count streams_refused{0};
  Count streams_dropped{0};
  // The authorization webhook, by answer.
  Count allowed{0};
  Count denied{0};
  Count failed{0};
  Count busy{0};
  metrics::Histogram authorize_time;
  // The operator.
  Count disconnected{0};
  Count revoked_keys{0};

  void expose(metrics::Exposition& out, WallTime now, std::uint64_t lost_in_backlog) const;
};

}  // namespace heliograph::server::events
