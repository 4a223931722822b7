// Event: something that happened to a channel or a connection, as receivers get it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

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

/// Its text is made when somebody asks for it: where nobody follows and no webhook is called, nobody does, and making
/// it costs as much as verifying a signature. Threads: any.
class Event {
 public:
  /// @param prefix  of the ids of this process' events.
  Event(std::uint64_t number, std::shared_ptr<const std::string> prefix, EventType type, PresenceChange change)
      : number_(number), prefix_(std::move(prefix)), type_(type), change_(std::move(change)) {}

  /// From 1, in the order of this process.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  /// Never repeated: the process' prefix and the number.
  [[nodiscard]] std::string id() const { return *prefix_ + "-" + std::to_string(number_); }
  [[nodiscard]] EventType type() const noexcept { return type_; }
  /// Order is kept within it; empty: of the service.
  [[nodiscard]] std::string_view channel_arn() const noexcept {
    return change_.who == nullptr ? change_.deleted.view() : change_.who->channel.view();
  }
  [[nodiscard]] std::string_view channel_name() const;
  /// The whole event, on one line.
  [[nodiscard]] const std::string& json() const;

 private:
  [[nodiscard]] std::string to_json() const;

  std::uint64_t number_;
  std::shared_ptr<const std::string> prefix_;
  EventType type_;
  PresenceChange change_;
  mutable std::once_flag has_json_;
  mutable std::string json_;
};
using EventPtr = std::shared_ptr<const Event>;

/// Numbers events. Threads: one.
class EventWriter {
 public:
  /// The prefix is of this instant, and random, so that no two processes share one.
  EventWriter(WallTime now, Rng& rng);

  [[nodiscard]] EventPtr write(PresenceChange change);
  /// Whatever was known of connections before is void: a process that was killed could not say who left.
  [[nodiscard]] EventPtr write_started(WallTime now);
  [[nodiscard]] const std::string& prefix() const noexcept { return *prefix_; }

 private:
  /// What is told of a connection. Events stay for a while, a principal's secrets should not.
  [[nodiscard]] FactsPtr without_secrets(const ConnectionFacts& facts);

  PrincipalPtr told_;  ///< The last one's name and id: the next one is often the same.
  std::shared_ptr<const std::string> prefix_;
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
