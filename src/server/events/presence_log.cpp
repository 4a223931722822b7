// From the Hub's effects to changes with facts.
#include "server/events/presence_log.hpp"

#include <variant>

namespace heliograph::server::events {

bool PresenceLog::note(const core::Effects& effects, WallTime now, const Ending& ending,
                       std::vector<PresenceChange>& noted) {
  for (const core::Effect& effect : effects.list())
    if (const auto* presence = std::get_if<core::Presence>(&effect)) note_one(*presence, now, ending, noted);
  return !changes_.empty();
}

void PresenceLog::note_one(const core::Presence& presence, WallTime now, const Ending& ending,
                           std::vector<PresenceChange>& noted) {
  const auto seated = seated_.find(presence.conn);
  if (seated == seated_.end()) return;
  if (presence.change == core::Presence::Change::kJoined) {
    noted.push_back({.kind = PresenceChange::Kind::kJoined, .time = now, .who = seated->second});
    return append(noted.back());
  }
  const bool is_replaced = presence.change == core::Presence::Change::kReplaced;
  PresenceChange change{.kind = is_replaced ? PresenceChange::Kind::kReplaced : PresenceChange::Kind::kLeft,
                        .time = now,
                        .who = std::move(seated->second)};
  change.ending = is_replaced ? Ending{Errc::kReplaced, 0} : ending;
  seated_.erase(seated);
  if (auto reason = reasons_.extract(presence.conn); !reason.empty() && change.ending.why == Errc::kDisconnected)
    change.reason_text = std::move(reason.mapped());
  noted.push_back(change);
  append(std::move(change));
}

}  // namespace heliograph::server::events
