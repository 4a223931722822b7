// NaiveHub: the Hub's rules over again, in the plainest way there is: lists that are searched from end to end.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/hub.hpp"

namespace heliograph::test {

/// Says what a Hub would do, as lines: "send 3 {…}", "close 3 replaced", "joined 3", "left 3".
class NaiveHub {
 public:
  struct Place {
    unsigned conn;
    std::string channel;
    wire::Role role;
    std::string client;
    /// What may still be sent now, by MessageType: a second's worth at most, in nanoseconds of the rate.
    std::array<std::chrono::nanoseconds, 3> room = {std::chrono::seconds(1), std::chrono::seconds(1),
                                                    std::chrono::seconds(1)};
    SteadyTime refilled{};
    bool is_mesh = false;  ///< Its channel's type.
  };
  struct Mail {
    std::string channel;
    std::string recipient;
    std::string sender;
    wire::MessageType type;
    std::string payload;
    SteadyTime expires;
    bool superseded = false;
    [[nodiscard]] std::size_t bytes() const { return sender.size() + payload.size() + 128; }
  };
  struct Ask {
    core::AskId id;
    std::string channel;
    std::string sender;
    std::string payload;
    SteadyTime expires;
  };
  using Lines = std::vector<std::string>;

  explicit NaiveHub(const core::Limits& limits) : limits_(limits) {}

  bool join(SteadyTime now, const Place& place, std::chrono::seconds ttl, Lines& out) {
    if (find(place.conn) != nullptr) return false;
    if (place.role == wire::Role::kViewer && place.client.empty()) return false;
    const Place* holder = find(place.channel, place.role, place.client);
    if (place.role == wire::Role::kViewer && holder == nullptr && count(place.channel) >= limits_.max_viewers) {
      return false;
    }
    ttls_[place.channel] = ttl;
    if (holder != nullptr) {
      const unsigned old = holder->conn;
      out.push_back("close " + std::to_string(old) + " replaced");
      out.push_back("replaced " + std::to_string(old));
      erase(old);
    }
    places_.push_back(place);
    out.push_back("joined " + std::to_string(place.conn));
    std::vector<Mail> rest;
    for (const Mail& mail : mail_) {
      if (mail.channel != place.channel || mail.recipient != place.client) {
        rest.push_back(mail);
      } else if (mail.expires > now) {
        out.push_back("send " + std::to_string(place.conn) + " " + text(mail.type, mail.payload, mail.sender));
      }
    }
    mail_ = rest;
    if (place.role == wire::Role::kViewer) return true;
    for (const Ask& ask : asks_) {
      if (ask.channel == place.channel && ask.expires > now) offer(place.conn, ask, out);
    }
    return true;
  }

  void ask(const Ask& asked, Lines& out) {
    const auto beside = [&](const Ask& other) { return other.channel == asked.channel; };
    for (const Ask& old : asks_) {
      if (beside(old) && old.sender == asked.sender) out.push_back("ask " + std::to_string(old.id) + " replaced");
    }
    std::erase_if(asks_, [&](const Ask& old) { return beside(old) && old.sender == asked.sender; });
    std::size_t bytes = 128 + asked.sender.size() + asked.payload.size();
    for (const Ask& old : asks_) bytes += beside(old) ? 128 + old.sender.size() + old.payload.size() : 0;
    if (bytes > limits_.max_retained_bytes) return out.push_back("ask " + std::to_string(asked.id) + " too many");
    asks_.push_back(asked);
    for (const Place& place : places_) {
      if (place.channel == asked.channel && place.role == wire::Role::kMaster) offer(place.conn, asked, out);
    }
  }

  /// Whether it was refused.
  bool message(SteadyTime now, unsigned conn, const wire::ClientMessage& message, bool bad, Lines& out) {
    const Place* from = find(conn);
    if (from == nullptr) return false;
    if (bad) return refuse(conn, message, "InvalidArgumentException", out);
    if (!take_room(now, conn, message.action)) return refuse(conn, message, "ClientLimitExceededException", out);
    std::string recipient(message.recipient);
    if (from->role == wire::Role::kMaster && message.action == wire::MessageType::kSdpAnswer) {
      for (const Ask& ask : asks_) {
        if (ask.channel != from->channel || ask.sender != recipient || ask.expires <= now) continue;
        out.push_back("ask " + std::to_string(ask.id) + " answer " + std::string(message.payload));
        const core::AskId answered = ask.id;
        std::erase_if(asks_, [answered](const Ask& old) { return old.id == answered; });
        return false;
      }
    }
    wire::Role role = wire::Role::kViewer;
    if (from->role == wire::Role::kViewer && from->is_mesh && !recipient.empty()) {
      if (recipient == from->client) return refuse(conn, message, "InvalidArgumentException", out);
    } else if (from->role == wire::Role::kViewer) {
      role = wire::Role::kMaster;
      recipient.clear();
    } else if (recipient.empty()) {
      if (count(from->channel) != 1) return refuse(conn, message, "InvalidArgumentException", out);
      for (const Place& place : places_) {
        if (place.channel == from->channel && place.role == wire::Role::kViewer) recipient = place.client;
      }
    }
    if (const Place* to = find(from->channel, role, recipient)) {
      const std::string sent = text(message.action, std::string(message.payload), from->client);
      out.push_back("send " + std::to_string(to->conn) + " " + sent);
      return false;
    }
    expire(now);
    const Mail mail{from->channel,
                    recipient,
                    from->client,
                    message.action,
                    std::string(message.payload),
                    now + ttls_[from->channel]};
    return !retain(mail) && refuse(conn, message, "ClientLimitExceededException", out);
  }

  void leave(unsigned conn, Lines& out) {
    if (find(conn) == nullptr) return;
    out.push_back("left " + std::to_string(conn));
    erase(conn);
  }

  void set_ttl(const std::string& channel, std::chrono::seconds ttl) { ttls_[channel] = ttl; }

  void delete_channel(const std::string& channel, Lines& out) {
    for (const Place& place : places_) {
      if (place.channel != channel) continue;
      out.push_back("close " + std::to_string(place.conn) + " deleted");
      out.push_back("left " + std::to_string(place.conn));
    }
    for (const Ask& ask : asks_) {
      if (ask.channel == channel) out.push_back("ask " + std::to_string(ask.id) + " deleted");
    }
    std::erase_if(asks_, [&](const Ask& ask) { return ask.channel == channel; });
    std::erase_if(places_, [&](const Place& place) { return place.channel == channel; });
    std::erase_if(mail_, [&](const Mail& mail) { return mail.channel == channel; });
  }

  void expire(SteadyTime now) {
    std::erase_if(mail_, [&](const Mail& mail) { return mail.expires <= now; });
  }

  void end_asks(SteadyTime now, Lines& out) {
    for (const Ask& ask : asks_) {
      if (ask.expires <= now) out.push_back("ask " + std::to_string(ask.id) + " not answered");
    }
    std::erase_if(asks_, [&](const Ask& ask) { return ask.expires <= now; });
  }

  [[nodiscard]] const std::vector<Ask>& asks() const { return asks_; }
  [[nodiscard]] const std::vector<Place>& places() const { return places_; }
  [[nodiscard]] const std::vector<Mail>& mail() const { return mail_; }
  [[nodiscard]] core::HubStats stats() const {
    core::HubStats stats;
    std::map<std::string, bool> channels;
    for (const Place& place : places_) {
      channels[place.channel] = true;
      ++(place.role == wire::Role::kMaster ? stats.masters : stats.viewers);
    }
    for (const Mail& mail : mail_) {
      channels[mail.channel] = true;
      ++stats.retained_messages;
      stats.retained_bytes += mail.bytes();
    }
    for (const Ask& ask : asks_) channels[ask.channel] = true;
    stats.asks = asks_.size();
    stats.channels = channels.size();
    return stats;
  }

 private:
  static void offer(unsigned conn, const Ask& ask, Lines& out) {
    const std::string sent = text(wire::MessageType::kSdpOffer, ask.payload, ask.sender);
    out.push_back("send " + std::to_string(conn) + " " + sent);
  }

  static std::string text(wire::MessageType type, const std::string& payload, const std::string& sender) {
    std::string json = R"({"messageType":")" + std::string(to_string(type)) + R"(","messagePayload":")" + payload + '"';
    if (!sender.empty()) json += R"(,"senderClientId":")" + sender + '"';
    return json + '}';
  }

  static bool refuse(unsigned conn, const wire::ClientMessage& message, const std::string& type, Lines& out) {
    if (message.correlation_id.empty()) return true;
    out.push_back("refuse " + std::to_string(conn) + " " + std::string(message.correlation_id) + " " + type);
    return true;
  }

  /// The rate as a bucket that is refilled, and not by the time at which it will be full.
  bool take_room(SteadyTime now, unsigned conn, wire::MessageType type) {
    const std::uint32_t rate = limits_.rates.of(type);
    if (rate == 0) return true;
    const std::chrono::nanoseconds second = std::chrono::seconds(1);
    for (Place& place : places_) {
      if (place.conn != conn) continue;
      for (auto& room : place.room)
        room = std::min(second, room + std::min<SteadyTime::duration>(second, now - place.refilled));
      place.refilled = now;
      auto& room = place.room[static_cast<std::size_t>(type)];
      if (room < second / rate) return false;
      room -= second / rate;
    }
    return true;
  }

  const Place* find(unsigned conn) const {
    for (const Place& place : places_) {
      if (place.conn == conn) return &place;
    }
    return nullptr;
  }
  const Place* find(const std::string& channel, wire::Role role, const std::string& client) const {
    for (const Place& place : places_) {
      if (place.channel == channel && place.role == role && place.client == client) return &place;
    }
    return nullptr;
  }
  std::size_t count(const std::string& channel) const {
    return static_cast<std::size_t>(std::count_if(places_.begin(), places_.end(), [&](const Place& place) {
      return place.channel == channel && place.role == wire::Role::kViewer;
    }));
  }
  void erase(unsigned conn) {
    std::erase_if(places_, [&](const Place& place) { return place.conn == conn; });
  }

  /// Tries on a copy, so that a refusal changes nothing.
  bool retain(const Mail& mail) {
    std::vector<Mail> all = mail_;
    const auto beside = [&](const Mail& kept) {
      return kept.channel == mail.channel && kept.recipient == mail.recipient && kept.sender == mail.sender;
    };
    if (mail.type != wire::MessageType::kIceCandidate) {
      const auto replaced =
          std::erase_if(all, [&](const Mail& kept) { return beside(kept) && kept.type == mail.type; });
      for (Mail& kept : all) {
        if (replaced > 0 && beside(kept) && kept.type == wire::MessageType::kIceCandidate) kept.superseded = true;
      }
    }
    const auto drop_first = [&all](auto&& matches) {
      const auto stale = std::find_if(all.begin(), all.end(), matches);
      if (stale == all.end()) return false;
      all.erase(stale);
      return true;
    };
    while (static_cast<std::size_t>(std::count_if(all.begin(), all.end(), beside)) >= limits_.max_retained_messages) {
      if (!drop_first([&](const Mail& kept) { return kept.superseded && beside(kept); })) return false;
    }
    const auto bytes = [&] {
      std::size_t sum = mail.bytes();
      for (const Mail& kept : all) sum += kept.channel == mail.channel ? kept.bytes() : 0;
      return sum;
    };
    while (bytes() > limits_.max_retained_bytes) {
      if (!drop_first([&](const Mail& kept) {
            return kept.superseded && kept.channel == mail.channel && kept.recipient == mail.recipient;
          })) {
        return false;
      }
    }
    all.push_back(mail);
    mail_ = all;
    return true;
  }

  core::Limits limits_;
  std::vector<Place> places_;
  std::vector<Mail> mail_;
  std::vector<Ask> asks_;
  std::map<std::string, std::chrono::seconds> ttls_;
};

}  // namespace heliograph::test
