// Event: something that happened to a channel or a connection, as receivers get it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "server/events/presence.hpp"

namespace heliograph::server::events {

enum class EventType : std::uint8_t {
  kViewerJoined,
  kViewerLeft,
  kViewerReplaced,
  kMasterOnline,
  kMasterOffline,
  kMasterReplaced,
  kChannelDeleted,
  kServiceStarted,
};
inline constexpr std::size_t kEventTypes = static_cast<std::size_t>(EventType::kServiceStarted) + 1;

/// "viewer.joined", "master.offline", …
[[nodiscard]] std::string_view to_string(EventType type) noexcept;

/// Threads: immutable, so any.
struct Event {
  std::uint64_t number = 0;  ///< From 1, in the order of this process.
  std::string id;            ///< Never repeated: the process' prefix and the number.
  EventType type{};
  std::string channel_arn;  ///< Order is kept within it; empty: of the service.
  std::string channel_name;
  std::string json;  ///< The whole event, on one line.
};
using EventPtr = std::shared_ptr<const Event>;

/// Numbers events and writes them down. Threads: one.
class EventWriter {
 public:
  /// The prefix is of this instant, and random, so that no two processes share one.
  EventWriter(WallTime now, Rng& rng);

  [[nodiscard]] EventPtr write(const PresenceChange& change);
  /// Whatever was known of connections before is void: a process that was killed could not say who left.
  [[nodiscard]] EventPtr write_started(WallTime now);
  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }

 private:
  [[nodiscard]] std::shared_ptr<Event> begin(EventType type, WallTime time, std::string_view arn);

  std::string prefix_;
  std::uint64_t last_ = 0;
};

/// How the end of a connection is told.
struct EndingText {
  std::uint16_t code = 0;  ///< Of the close frame.
  std::string_view by;     ///< "service", "peer"
  std::string_view text;
};
/// @param given  an operator's reason, which comes before that of the code; empty: none.
[[nodiscard]] EndingText to_text(const Ending& ending, std::string_view given);

/// A connection as lists and events show it: appends a JSON object.
/// @param has_role  false: the facts are of a call, which has neither a role nor an id.
void append_connection(std::string& out, const ConnectionFacts& facts, bool has_role = true);
/// Appends `"channel":{"name":…,"arn":…}`.
void append_channel(std::string& out, std::string_view arn);
/// "2026-11-21T12:28:37.123Z"
[[nodiscard]] std::string to_iso_time(WallTime time);

}  // namespace heliograph::server::events
