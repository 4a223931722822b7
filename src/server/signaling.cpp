// Hub inputs under a shard's lock, Hub effects outside of it.
#include "server/signaling.hpp"

#include <utility>
#include <variant>

namespace heliograph::server {
namespace {

// Many more shards than threads, so that two threads seldom want the same; and one for each bit of changed_shards_.
constexpr std::size_t kShards = 64;
// Of a shard's deleted channels: to refuse whose upgrade was being looked at, a hook for a few seconds, meanwhile.
constexpr std::size_t kMostDeleted = 256;

/// Why an ask failed, for whoever asked.
std::string_view to_sentence(Errc why) {
  if (why == Errc::kResourceNotFound) return "The master did not answer in time";
  if (why == Errc::kReplaced) return "A newer offer of the same SenderClientId has taken the place of this one";
  if (why == Errc::kClientLimitExceeded) return "Too many offers wait for the master's answer";
  return {};
}

}  // namespace

Signaling::Signaling(const core::Limits& limits, unsigned workers, LogSink& log)
    : limits_(&limits), log_(log), scratch_(workers) {
  for (std::size_t i = 0; i < kShards; ++i) shards_.push_back(std::make_unique<Shard>(limits));
}

std::uint64_t Signaling::shard_index(const ChannelArn& channel) const noexcept {
  return std::hash<ChannelArn>{}(channel) % shards_.size();
}

Result<std::uint64_t> Signaling::admit(core::Join join, events::FactsPtr facts) {
  const std::uint64_t tag = shard_index(join.channel);
  Shard& shard = *shards_[tag];
  const std::lock_guard lock(shard.mutex);
  if (shard.deleted.contains(join.channel)) return Error{Errc::kResourceNotFound, "the channel has just been deleted"};
  if (auto room = shard.hub.check_join(join); !room) return room.error();
  const ConnId conn = join.conn;
  shard.admitted.insert_or_assign(conn, Admission{std::move(join), std::move(facts), std::nullopt});
  return tag;
}

void Signaling::withdraw(ConnId conn, std::uint64_t tag) {
  Shard& shard = *shards_[tag];
  const std::lock_guard lock(shard.mutex);
  shard.admitted.erase(conn);
}

void Signaling::on_open(SteadyTime now, ConnId conn, std::uint64_t tag) {
  Shard& shard = *shards_[tag];
  core::Effects& effects = scratch_[conn.worker].effects;
  effects.clear();
  const WallTime wall = wall_now();
  bool has_changed = false;
  std::vector<events::PresenceChange> noted;
  std::optional<std::string> disconnect_reason;
  {
    const std::lock_guard lock(shard.mutex);
    auto admitted = shard.admitted.extract(conn);
    if (admitted.empty()) {
      effects.add(core::Close{conn, Errc::kChannelDeleted});  // Between the 101 and now.
    } else if (admitted.mapped().disconnect_reason) {
      disconnect_reason = std::move(admitted.mapped().disconnect_reason);
    } else if (auto joined = shard.hub.on_join(now, admitted.mapped().join, effects); !joined) {
      // Two upgrades may have been admitted for the last place: the later one to open is closed.
      effects.add(core::Close{conn, joined.error().code});
    } else {
      shard.presence.add(std::move(admitted.mapped().facts));
      has_changed = shard.presence.note(effects, wall, {}, noted);
    }
  }
  if (disconnect_reason) outlet_.close(conn, Errc::kDisconnected, *disconnect_reason);
  log_presence(effects, noted);
  perform(effects);
  tell_presence(tag, has_changed);
}

void Signaling::on_text(SteadyTime now, ConnId conn, std::uint64_t tag, std::string_view text) {
  Shard& shard = *shards_[tag];
  Scratch& scratch = scratch_[conn.worker];
  scratch.effects.clear();
  const wire::ParsedClientMessage parsed =
      scratch.parser.parse(text, limits_.load(std::memory_order_acquire)->max_payload);
  std::optional<core::Refusal> refused;
  {
    const std::lock_guard lock(shard.mutex);
    refused = shard.hub.on_message(now, conn, parsed, scratch.effects);
  }
  if (refused) log_refusal(now, conn, tag, *refused);
  perform(scratch.effects);
}

void Signaling::on_closed(SteadyTime, ConnId conn, std::uint64_t tag, const net::CloseInfo& info) {
  Shard& shard = *shards_[tag];
  core::Effects& effects = scratch_[conn.worker].leaving;
  effects.clear();
  scratch_[conn.worker].closes.count(info);
  const WallTime wall = wall_now();
  bool has_changed = false;
  std::vector<events::PresenceChange> noted;
  {
    const std::lock_guard lock(shard.mutex);
    shard.admitted.erase(conn);
    shard.hub.on_leave(conn, effects);
    has_changed = shard.presence.note(effects, wall, {info.why, info.peer_code}, noted);
  }
  log_presence(effects, noted);
  log_ending(conn, {info.why, info.peer_code});
  perform(effects);
  tell_presence(tag, has_changed);
}

void Signaling::ask(SteadyTime now, core::Ask ask, AskReply reply) {
  const std::uint64_t index = shard_index(ask.channel);
  ask.id = asks_.fetch_add(1) * kShards + index;
  Shard& shard = *shards_[index];
  core::Effects effects;
  bool is_taken = false;
  {
    const std::lock_guard lock(shard.mutex);
    // Looked at under the lock: end_asks() sets it before it comes here.
    is_taken = !is_going_down_.load();
    if (is_taken) {
      shard.asking.emplace(ask.id, reply);
      shard.hub.on_ask(now, ask, effects);
    }
  }
  if (!is_taken) return reply(Errc::kServiceUnavailable);
  perform(effects);
}

void Signaling::finish(const core::AskOutcome& outcome, std::string_view payload) {
  Shard& shard = *shards_[outcome.ask % kShards];
  std::unique_lock lock(shard.mutex);
  const auto asking = shard.asking.extract(outcome.ask);
  lock.unlock();
  if (asking.empty()) return;  // end_asks() was faster.
  if (!outcome.failure) return asking.mapped()(std::string(payload));
  asking.mapped()(Error{*outcome.failure, std::string(to_sentence(*outcome.failure))});
}

void Signaling::end_asks() {
  is_going_down_.store(true);
  for (const auto& shard : shards_) {
    std::unique_lock lock(shard->mutex);
    const auto asking = std::exchange(shard->asking, {});
    lock.unlock();
    for (const auto& [id, reply] : asking) reply(Errc::kServiceUnavailable);
  }
}

void Signaling::on_channel_deleted(const ChannelArn& channel) {
  const std::uint64_t index = shard_index(channel);
  Shard& shard = *shards_[index];
  core::Effects effects;
  const WallTime wall = wall_now();
  std::vector<events::PresenceChange> noted;
  {
    const std::lock_guard lock(shard.mutex);
    if (shard.deleted.insert(channel).second) shard.deleted_in_order.push_back(channel);
    if (shard.deleted.size() > kMostDeleted) {
      shard.deleted.erase(shard.deleted_in_order.front());
      shard.deleted_in_order.pop_front();
    }
    std::erase_if(shard.admitted, [&channel](const auto& entry) { return entry.second.join.channel == channel; });
    shard.hub.on_channel_deleted(channel, effects);
    shard.presence.note(effects, wall, {Errc::kChannelDeleted, 0}, noted);
    shard.presence.note_deleted(channel, wall);
  }
  log_presence(effects, noted);
  perform(effects);
  tell_presence(index, true);
}

void Signaling::on_ttl_changed(const ChannelArn& channel, std::chrono::seconds ttl) {
  Shard& shard = *shards_[shard_index(channel)];
  const std::lock_guard lock(shard.mutex);
  shard.hub.on_ttl_changed(channel, ttl);
}

void Signaling::set_limits(const core::Limits& limits) {
  limits_.store(&limits, std::memory_order_release);
  for (const auto& shard : shards_) {
    const std::lock_guard lock(shard->mutex);
    shard->hub.set_limits(limits);
  }
}

void Signaling::on_tick(SteadyTime now) {
  for (const auto& shard : shards_) {
    core::Effects effects;
    {
      const std::lock_guard lock(shard->mutex);
      const auto deadline = shard->hub.next_deadline();
      if (!deadline || *deadline > now) continue;
      shard->hub.on_deadline(now, effects);
    }
    perform(effects);
  }
}

core::HubStats Signaling::stats() const {
  core::HubStats sum;
  for (const auto& shard : shards_) {
    const std::lock_guard lock(shard->mutex);
    const core::HubStats one = shard->hub.stats();
    sum.channels += one.channels;
    sum.masters += one.masters;
    sum.viewers += one.viewers;
    sum.asks += one.asks;
    sum.retained_messages += one.retained_messages;
    sum.retained_bytes += one.retained_bytes;
    sum.relayed += one.relayed;
    sum.refused += one.refused;
    sum.expired += one.expired;
    sum.retained += one.retained;
    sum.replaced += one.replaced;
    for (std::size_t i = 0; i < sum.relayed_by_type.size(); ++i) sum.relayed_by_type[i] += one.relayed_by_type[i];
  }
  return sum;
}

metrics::CloseCounts Signaling::closes() const {
  metrics::CloseCounts sum;
  for (const Scratch& scratch : scratch_) scratch.closes.add_to(sum);
  return sum;
}

void Signaling::perform(const core::Effects& effects) {
  for (const core::Effect& effect : effects.list()) {
    if (const auto* send = std::get_if<core::Send>(&effect)) {
      outlet_.send(send->to, effects.text(*send));
    } else if (const auto* close = std::get_if<core::Close>(&effect)) {
      outlet_.close(close->to, close->why, {});
    } else if (const auto* outcome = std::get_if<core::AskOutcome>(&effect)) {
      finish(*outcome, effects.text(*outcome));
    }
  }
}

}  // namespace heliograph::server
