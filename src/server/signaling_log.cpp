// The part of Signaling that writes to the log. The names of events and fields are in docs/operating.md.
#include <variant>

#include "server/events/event.hpp"
#include "server/signaling.hpp"
#include "wire/error_table.hpp"
#include "wire/role.hpp"

namespace heliograph::server {
namespace {

std::string_view to_string(core::Presence::Change change) {
  switch (change) {
    case core::Presence::Change::kJoined:
      return "joined";
    case core::Presence::Change::kLeft:
      return "left";
    case core::Presence::Change::kReplaced:
      return "replaced";
  }
  return "";
}

void log_join(LogSink& log, const core::Presence& presence, const events::ConnectionFacts& facts) {
  log.write(LogLevel::kInfo, to_string(presence.change),
            {{"role", wire::to_string(presence.role)},
             {"client", presence.client.view()},
             {"channel", presence.channel.view()},
             {"conn", events::to_text(presence.conn)},
             {"request_id", facts.request_id},
             {"from", facts.address},
             {"by", facts.principal == nullptr ? std::string_view{} : std::string_view(facts.principal->name)},
             {"key", facts.principal == nullptr ? std::string_view{} : facts.principal->id.view()}});
}

void log_leave(LogSink& log, const core::Presence& presence, const events::Ending& ending, std::string_view reason) {
  const events::EndingText told = events::to_text(ending, reason);
  log.write(LogLevel::kInfo, to_string(presence.change),
            {{"role", wire::to_string(presence.role)},
             {"client", presence.client.view()},
             {"channel", presence.channel.view()},
             {"conn", events::to_text(presence.conn)},
             {"code", std::to_string(told.code)},
             {"by", told.by},
             {"reason", told.text}});
}

}  // namespace

void Signaling::log_refusal(SteadyTime now, ConnId conn, std::uint64_t tag, const core::Refusal& why) {
  const auto held_back = refusals_.try_pass(now);
  if (!held_back) return;
  events::FactsPtr facts;
  {
    const Shard& shard = *shards_[tag];
    const std::lock_guard lock(shard.mutex);
    if (const auto seated = shard.presence.seated().find(conn); seated != shard.presence.seated().end())
      facts = seated->second;
  }
  log_.write(LogLevel::kInfo, "message refused",
             {{"role", facts == nullptr ? std::string_view{} : wire::to_string(facts->role)},
              {"client", facts == nullptr ? std::string_view{} : facts->client.view()},
              {"channel", facts == nullptr ? std::string_view{} : facts->channel.view()},
              {"conn", events::to_text(conn)},
              {"error", wire::error_row(why.code).status_response.type},
              {"why", why.detail},
              {"held_back", std::to_string(*held_back)}});
}

void Signaling::log_ending(ConnId conn, const events::Ending& ending) {
  if (!log_.is_wanted(LogLevel::kDebug)) return;
  const events::EndingText told = events::to_text(ending, {});
  log_.write(
      LogLevel::kDebug, "connection ended",
      {{"conn", events::to_text(conn)}, {"code", std::to_string(told.code)}, {"by", told.by}, {"reason", told.text}});
}

void Signaling::log_presence(const core::Effects& effects, const std::vector<events::PresenceChange>& noted) {
  if (!log_.is_wanted(LogLevel::kInfo)) return;
  const events::ConnectionFacts unknown;
  auto change = noted.begin();
  for (const core::Effect& effect : effects.list()) {
    const auto* presence = std::get_if<core::Presence>(&effect);
    if (presence == nullptr) continue;
    // Who was admitted without facts is not noted.
    const bool is_noted = change != noted.end() && change->who->conn == presence->conn;
    const bool is_join = presence->change == core::Presence::Change::kJoined;
    if (is_join) log_join(log_, *presence, is_noted ? *change->who : unknown);
    if (!is_join)
      log_leave(log_, *presence, is_noted ? change->ending : events::Ending{},
                is_noted ? std::string_view(change->reason_text) : std::string_view{});
    if (is_noted) ++change;
  }
}

}  // namespace heliograph::server
