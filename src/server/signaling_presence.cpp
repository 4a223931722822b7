// The part of Signaling that tells who is there, and ends who should not be.
#include <bit>
#include <utility>

#include "server/signaling.hpp"

namespace heliograph::server {

void Signaling::tell_presence(std::uint64_t shard, bool has_changed) {
  if (!has_changed || watcher_ == nullptr) return;
  changed_shards_.fetch_or(std::uint64_t{1} << shard);
  watcher_->on_presence();
}

void Signaling::take_presence(std::vector<events::PresenceChange>& into) {
  for (std::uint64_t left = changed_shards_.exchange(0); left != 0; left &= left - 1) {
    Shard& shard = *shards_[static_cast<std::size_t>(std::countr_zero(left))];
    const std::lock_guard lock(shard.mutex);
    shard.presence.take(into);
  }
}

std::uint64_t Signaling::lost_presence() const {
  std::uint64_t sum = 0;
  for (const auto& shard : shards_) {
    const std::lock_guard lock(shard->mutex);
    sum += shard->presence.lost();
  }
  return sum;
}

std::vector<events::FactsPtr> Signaling::connections() const {
  std::vector<events::FactsPtr> found;
  for (const auto& shard : shards_) {
    const std::lock_guard lock(shard->mutex);
    for (const auto& [conn, facts] : shard->presence.seated()) found.push_back(facts);
  }
  return found;
}

std::vector<events::FactsPtr> Signaling::connections(const ChannelArn& channel) const {
  std::vector<events::FactsPtr> found;
  const Shard& shard = *shards_[shard_index(channel)];
  const std::lock_guard lock(shard.mutex);
  for (const auto& [conn, facts] : shard.presence.seated())
    if (facts->channel == channel) found.push_back(facts);
  return found;
}

std::size_t Signaling::disconnect(const std::function<bool(const events::ConnectionFacts&)>& chosen,
                                  const std::string& reason) {
  std::size_t count = 0;
  for (const auto& shard : shards_) {
    std::vector<ConnId> ended;
    {
      const std::lock_guard lock(shard->mutex);
      for (const auto& [conn, facts] : shard->presence.seated())
        if (chosen(*facts)) ended.push_back(conn);
      for (const ConnId conn : ended) shard->presence.set_reason(conn, reason);
      for (auto& [conn, admission] : shard->admitted) {
        if (admission.facts == nullptr || !chosen(*admission.facts)) continue;
        admission.disconnect_reason = reason;
        ++count;
      }
    }
    for (const ConnId conn : ended) outlet_.close(conn, Errc::kDisconnected, reason);
    count += ended.size();
  }
  return count;
}

}  // namespace heliograph::server
