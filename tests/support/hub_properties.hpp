// A Hub steered by bytes beside a NaiveHub: after every event both must have done the same.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "support/byte_source.hpp"
#include "support/check.hpp"
#include "support/naive_hub.hpp"

namespace heliograph::test {

class HubRace {
 public:
  explicit HubRace(std::string_view bytes) : source_(bytes) {}

  void run() {
    while (!source_.empty()) step();
  }

 private:
  static constexpr unsigned kConnections = 7;
  static constexpr std::array<const char*, 3> kChannels{"arn:a", "arn:b", "arn:c"};
  static constexpr std::string_view kMesh = kChannels[2];
  static constexpr std::array<const char*, 5> kClients{"", "alice", "bob", "carol", "__proto__"};
  static constexpr std::array<const char*, 3> kPayloads{"AAAA", "AAAABBBB", "AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH"};
  using Lines = NaiveHub::Lines;

  static core::Limits small_limits() {
    core::Limits limits;
    limits.max_viewers = 2;
    limits.max_retained_messages = 3;
    limits.max_retained_bytes = 5 * 140;
    limits.rates = {.offers = 2, .answers = 3, .candidates = 5};
    return limits;
  }

  void step() {
    effects_.clear();
    Lines expected;
    bool unordered = false;
    const unsigned choice = source_.byte();
    // One in sixteen, so that what the other bytes mean stays as it was.
    if (choice >= 0xF0) {
      ask(expected);
      return compare(std::move(expected), false);
    }
    switch (choice % 8) {
      case 0:
      case 1:
        join(expected);
        break;
      case 2:
      case 3:
        message(expected);
        break;
      case 4: {
        const unsigned conn = source_.below(kConnections);
        hub_.on_leave(id(conn), effects_);
        naive_.leave(conn, expected);
        break;
      }
      case 5:
        advance(expected);
        unordered = true;
        break;
      case 6: {
        const std::string channel = kChannels[source_.below(kChannels.size())];
        const std::chrono::seconds ttl(5 + source_.below(20));
        hub_.on_ttl_changed(ChannelArn(channel), ttl);
        naive_.set_ttl(channel, ttl);
        break;
      }
      default: {
        const std::string channel = kChannels[source_.below(kChannels.size())];
        hub_.on_channel_deleted(ChannelArn(channel), effects_);
        naive_.delete_channel(channel, expected);
        unordered = true;
      }
    }
    compare(std::move(expected), unordered);
  }

  void join(Lines& expected) {
    const unsigned conn = source_.below(kConnections);
    const wire::Role role = source_.below(3) == 0 ? wire::Role::kMaster : wire::Role::kViewer;
    const std::string client = role == wire::Role::kMaster ? "" : kClients[source_.below(kClients.size())];
    const std::string channel = kChannels[source_.below(kChannels.size())];
    const std::chrono::seconds ttl(5 + source_.below(20));
    const bool is_mesh = channel == kMesh;
    const core::Join join{id(conn), ChannelArn(channel), role, ClientId(client), ttl, is_mesh};

    NaiveHub::Place place{.conn = conn, .channel = channel, .role = role, .client = client};
    place.is_mesh = is_mesh;
    const bool allowed = hub_.check_join(join).has_value();
    const bool joined = hub_.on_join(now_, join, effects_).has_value();
    check(joined == allowed, "check_join foretells on_join");
    check(joined == naive_.join(now_, place, ttl, expected), "joins are allowed by the rules");
  }

  void message(Lines& expected) {
    const unsigned conn = source_.below(kConnections);
    wire::ParsedClientMessage parsed;
    parsed.message.action = static_cast<wire::MessageType>(source_.below(3));
    parsed.message.payload = kPayloads[source_.below(kPayloads.size())];
    parsed.message.recipient = kClients[source_.below(kClients.size())];
    const unsigned kind = source_.below(8);
    if (kind % 2 == 0) parsed.message.correlation_id = "k";
    if (kind == 6 || kind == 7) parsed.error = Error{Errc::kInvalidArgument, "bad"};
    const bool refused = hub_.on_message(now_, id(conn), parsed, effects_).has_value();
    check(refused == naive_.message(now_, conn, parsed.message, parsed.error.has_value(), expected),
          "what is refused is told to the caller");
  }

  void ask(Lines& expected) {
    const std::string channel = kChannels[source_.below(kChannels.size())];
    const std::string sender = kClients[1 + source_.below(kClients.size() - 1)];
    const std::string payload = std::string(kPayloads[2]) + kPayloads[2];
    const std::chrono::seconds patience(5 + source_.below(20));
    const core::AskId id = ++asks_;
    hub_.on_ask(now_, {id, ChannelArn(channel), ClientId(sender), payload, patience}, effects_);
    naive_.ask({id, channel, sender, payload, now_ + patience}, expected);
  }

  /// Sometimes late for its deadlines: what expired must not be delivered all the same.
  void advance(Lines& expected) {
    const unsigned choice = source_.byte();
    const unsigned steps = choice & 0x1FU;
    now_ += (choice & 0x40) != 0 ? std::chrono::milliseconds(50 * steps) : std::chrono::seconds(steps);
    if ((choice & 0x80) != 0) return;
    hub_.on_deadline(now_, effects_);
    naive_.expire(now_);
    naive_.end_asks(now_, expected);
    const auto deadline = hub_.next_deadline();
    check(deadline.has_value() == (!naive_.mail().empty() || !naive_.asks().empty()),
          "there is a deadline exactly while something waits");
    for (const NaiveHub::Ask& ask : naive_.asks()) check(*deadline <= ask.expires, "no ask is forgotten");
    for (const NaiveHub::Mail& mail : naive_.mail()) check(*deadline <= mail.expires, "no expiry is missed");
    check(!deadline || *deadline > now_, "what was due is done");
    const core::HubStats is = hub_.stats();
    const core::HubStats wanted = naive_.stats();
    check(is.retained_messages == wanted.retained_messages && is.retained_bytes == wanted.retained_bytes,
          "what is retained is counted");
    check(is.channels == wanted.channels, "channels are forgotten when they are empty");
  }

  void compare(Lines expected, bool unordered) {
    Lines done;
    for (const core::Effect& effect : effects_.list()) done.push_back(line(effect));
    if (unordered) {
      std::sort(done.begin(), done.end());
      std::sort(expected.begin(), expected.end());
    }
    check(done == expected, "the Hub does what its rules say");
    const core::HubStats is = hub_.stats();
    const core::HubStats wanted = naive_.stats();
    check(is.masters == wanted.masters && is.viewers == wanted.viewers, "connections are counted");
    check(is.asks == wanted.asks, "asks are counted");
    check(is.masters <= kChannels.size(), "a channel has at most one master");
    check(is.retained_bytes <= kChannels.size() * small_limits().max_retained_bytes, "retention is bounded");
  }

  [[nodiscard]] std::string line(const core::Effect& effect) const {
    if (const auto* send = std::get_if<core::Send>(&effect)) {
      const std::string_view text = effects_.text(*send);
      const std::string to = std::to_string(send->to.serial);
      if (text.find("STATUS_RESPONSE") == std::string_view::npos) return "send " + to + " " + std::string(text);
      const bool limit = text.find("ClientLimitExceededException") != std::string_view::npos;
      return "refuse " + to + " k " + (limit ? "ClientLimitExceededException" : "InvalidArgumentException");
    }
    if (const auto* close = std::get_if<core::Close>(&effect)) {
      return "close " + std::to_string(close->to.serial) + (close->why == Errc::kReplaced ? " replaced" : " deleted");
    }
    if (const auto* outcome = std::get_if<core::AskOutcome>(&effect)) {
      return "ask " + std::to_string(outcome->ask) + " " + fate(*outcome);
    }
    const auto& presence = std::get<core::Presence>(effect);
    const std::string conn = " " + std::to_string(presence.conn.serial);
    switch (presence.change) {
      case core::Presence::Change::kJoined:
        return "joined" + conn;
      case core::Presence::Change::kLeft:
        return "left" + conn;
      case core::Presence::Change::kReplaced:
        return "replaced" + conn;
    }
    return {};
  }

  [[nodiscard]] std::string fate(const core::AskOutcome& outcome) const {
    if (!outcome.failure) return "answer " + std::string(effects_.text(outcome));
    if (*outcome.failure == Errc::kReplaced) return "replaced";
    if (*outcome.failure == Errc::kChannelDeleted) return "deleted";
    return *outcome.failure == Errc::kResourceNotFound ? "not answered" : "too many";
  }

  static ConnId id(unsigned conn) { return {0, conn}; }

  ByteSource source_;
  SteadyTime now_{std::chrono::hours(24)};
  core::Hub hub_{small_limits()};
  NaiveHub naive_{small_limits()};
  core::Effects effects_;
  core::AskId asks_ = 0;
};

}  // namespace heliograph::test
