// Events as JSON. The members are an interface, described in docs/webhooks.md: add, never change.
#include "server/events/event.hpp"

#include <cstdio>

#include "wire/arn.hpp"
#include "wire/digest.hpp"
#include "wire/error_table.hpp"
#include "wire/json_text.hpp"

namespace heliograph::server::events {
namespace {

EventType type_of(PresenceChange::Kind kind, wire::Role role) {
  const bool is_master = role == wire::Role::kMaster;
  switch (kind) {
    case PresenceChange::Kind::kJoined:
      return is_master ? EventType::kMasterOnline : EventType::kViewerJoined;
    case PresenceChange::Kind::kLeft:
      return is_master ? EventType::kMasterOffline : EventType::kViewerLeft;
    case PresenceChange::Kind::kReplaced:
      return is_master ? EventType::kMasterReplaced : EventType::kViewerReplaced;
    case PresenceChange::Kind::kChannelDeleted:
      return EventType::kChannelDeleted;
  }
  return EventType::kServiceStarted;
}

/// Appends `"name":"text"`.
void append_member(std::string& out, std::string_view name, std::string_view text) {
  out.append("\"").append(name).append("\":");
  wire::append_json_string(out, text);
}

void append_reason(std::string& out, const Ending& ending, std::string_view given) {
  const EndingText told = to_text(ending, given);
  out.append(R"(,"reason":{"code":)").append(std::to_string(told.code));
  out.append(R"(,"by":")").append(told.by).append("\",");
  append_member(out, "text", told.text);
  out += '}';
}

}  // namespace

std::string_view to_string(EventType type) noexcept {
  switch (type) {
    case EventType::kViewerJoined:
      return "viewer.joined";
    case EventType::kViewerLeft:
      return "viewer.left";
    case EventType::kViewerReplaced:
      return "viewer.replaced";
    case EventType::kMasterOnline:
      return "master.online";
    case EventType::kMasterOffline:
      return "master.offline";
    case EventType::kMasterReplaced:
      return "master.replaced";
    case EventType::kChannelDeleted:
      return "channel.deleted";
    case EventType::kServiceStarted:
      return "service.started";
  }
  return {};
}

EndingText to_text(const Ending& ending, std::string_view given) {
  if (ending.why != Errc::kClosed) {
    const wire::ErrorRow& row = wire::error_row(ending.why);
    return {row.close_code, "service", given.empty() ? row.close_reason : given};
  }
  const std::string_view how = ending.peer_code == 1006 ? "the connection just ended" : "closed by the client";
  return {ending.peer_code, "peer", given.empty() ? how : given};
}

std::string to_iso_time(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text;
}

void append_connection(std::string& out, const ConnectionFacts& facts, bool has_role) {
  out += '{';
  if (has_role) {
    append_member(out, "id", to_text(facts.conn));
    out += ',';
    append_member(out, "role", wire::to_string(facts.role));
    out += ',';
  }
  if (!facts.client.empty()) {
    append_member(out, "clientId", facts.client.view());
    out += ',';
  }
  append_member(out, "since", to_iso_time(facts.since));
  out += ',';
  append_member(out, "address", facts.address);
  if (!facts.user_agent.empty()) {
    out += ',';
    append_member(out, "userAgent", facts.user_agent);
  }
  out += R"(,"principal":{)";
  append_member(out, "name", facts.principal->name);
  out += ',';
  append_member(out, "accessKeyId", facts.principal->id.view());
  out += "}}";
}

void append_channel(std::string& out, std::string_view arn) {
  const auto parsed = wire::parse_arn(arn);
  out += R"("channel":{)";
  append_member(out, "name", parsed ? parsed->name : std::string_view{});
  out += ',';
  append_member(out, "arn", arn);
  out += '}';
}

EventWriter::EventWriter(WallTime now, Rng& rng) {
  char text[24];
  std::snprintf(text, sizeof text, "%012llx", static_cast<unsigned long long>(now.time_since_epoch().count()));
  std::array<std::byte, 4> random{};
  rng.fill(random);
  std::string prefix = text;
  prefix += '-';
  for (const std::byte byte : random) {
    std::snprintf(text, sizeof text, "%02x", std::to_integer<unsigned>(byte));
    prefix += text;
  }
  prefix_ = std::make_shared<const std::string>(std::move(prefix));
}

EventPtr EventWriter::write(PresenceChange change) {
  const EventType type = change.who == nullptr ? EventType::kChannelDeleted : type_of(change.kind, change.who->role);
  if (change.who != nullptr) change.who = without_secrets(*change.who);
  return std::make_shared<const Event>(++last_, prefix_, type, std::move(change));
}

FactsPtr EventWriter::without_secrets(const ConnectionFacts& facts) {
  const Principal& principal = *facts.principal;
  if (told_ == nullptr || told_->id != principal.id || told_->name != principal.name) {
    auto told = std::make_shared<Principal>();
    told->name = principal.name;
    told->id = principal.id;
    told_ = std::move(told);
  }
  return std::make_shared<const ConnectionFacts>(ConnectionFacts{.conn = facts.conn,
                                                                 .channel = facts.channel,
                                                                 .role = facts.role,
                                                                 .client = facts.client,
                                                                 .since = facts.since,
                                                                 .address = facts.address,
                                                                 .user_agent = facts.user_agent,
                                                                 .principal = told_});
}

EventPtr EventWriter::write_started(WallTime now) {
  return std::make_shared<const Event>(++last_, prefix_, EventType::kServiceStarted,
                                       PresenceChange{.kind = {}, .time = now, .who = nullptr});
}

std::string_view Event::channel_name() const {
  const auto parsed = wire::parse_arn(channel_arn());
  return parsed ? parsed->name : std::string_view{};
}

const std::string& Event::json() const {
  std::call_once(has_json_, [this]() { json_ = to_json(); });
  return json_;
}

std::string Event::to_json() const {
  std::string out = "{";
  append_member(out, "id", id());
  out += ',';
  append_member(out, "type", to_string(type_));
  out += ',';
  append_member(out, "time", to_iso_time(change_.time));
  if (!channel_arn().empty()) {
    out += ',';
    append_channel(out, channel_arn());
  }
  if (change_.who != nullptr) {
    out += R"(,"connection":)";
    append_connection(out, *change_.who);
    if (change_.kind != PresenceChange::Kind::kJoined) append_reason(out, change_.ending, change_.reason_text);
  }
  if (type_ == EventType::kServiceStarted) {
    out += ',';
    append_member(out, "version", HELIOGRAPH_VERSION);
  }
  out += '}';
  return out;
}

}  // namespace heliograph::server::events
