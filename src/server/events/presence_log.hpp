// PresenceLog: the places of one shard with the facts about them, and the changes that nobody has taken yet.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/hub.hpp"
#include "server/events/presence.hpp"

namespace heliograph::server::events {

/// Changes are noted under the lock that the Hub decided them under, so that those of a channel are in the order in
/// which they happened. Bounded: a taker that does not come (a disk that hangs) costs changes, which are counted, and
/// never the relay. Threads: one at a time, under its shard's lock.
class PresenceLog {
 public:
  static constexpr std::size_t kMaxChanges = 4096;

  /// A connection takes a place; before its effects are noted. Null is ignored: nobody can be told of it.
  void add(FactsPtr facts) {
    if (facts == nullptr) return;
    const ConnId conn = facts->conn;
    seated_.insert_or_assign(conn, std::move(facts));
  }
  /// Notes who came and went by these effects, also in `noted`. True if there is something to take.
  bool note(const core::Effects& effects, WallTime now, const Ending& ending, std::vector<PresenceChange>& noted);
  void note_deleted(const ChannelArn& channel, WallTime now) {
    append({.kind = PresenceChange::Kind::kChannelDeleted, .time = now, .who = nullptr, .deleted = channel});
  }
  /// Why the connection is about to be ended, for the change that tells it.
  void set_reason(ConnId conn, std::string reason) { reasons_.insert_or_assign(conn, std::move(reason)); }

  void take(std::vector<PresenceChange>& into) {
    for (PresenceChange& change : changes_) into.push_back(std::move(change));
    changes_.clear();
  }
  [[nodiscard]] const std::unordered_map<ConnId, FactsPtr>& seated() const noexcept { return seated_; }
  [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }

 private:
  void append(PresenceChange change) {
    if (changes_.size() >= kMaxChanges) {
      ++lost_;
      return;
    }
    changes_.push_back(std::move(change));
  }
  void note_one(const core::Presence& presence, WallTime now, const Ending& ending, std::vector<PresenceChange>& noted);

  std::unordered_map<ConnId, FactsPtr> seated_;
  std::unordered_map<ConnId, std::string> reasons_;  ///< Few: of those an operator ends.
  std::vector<PresenceChange> changes_;
  std::uint64_t lost_ = 0;
};

}  // namespace heliograph::server::events
