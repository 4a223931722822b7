// Room: a Hub with server sessions, joined to client sessions by emulated connections that delay, stall or break. Real
// frames travel over them; time passes only in run_for().
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/client_session.hpp"
#include "core/hub.hpp"
#include "core/server_session.hpp"
#include "support/fake_clock.hpp"
#include "support/link.hpp"
#include "wire/ws_codec.hpp"

namespace heliograph::test {

/// One client and what it has seen, as lines such as "SDP_OFFER from alice: {…}" and "closed 4001".
class Peer {
 public:
  Peer(wire::Role its_role, std::string its_id, const core::ClientLimits& limits)
      : role(its_role), id(std::move(its_id)), client(its_role, limits) {}

  [[nodiscard]] std::vector<std::string> take_heard() { return std::exchange(heard, {}); }

  wire::Role role;
  std::string id;
  core::ClientSession client;
  std::vector<std::string> heard;
};

class Room {
 public:
  explicit Room(const core::Limits& limits = {}, const core::ClientLimits& client_limits = {})
      : limits_(limits), client_limits_(client_limits), hub_(limits_) {}
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  /// A client that is not connected yet.
  Peer& add(wire::Role role, std::string id = {});
  /// Gives a peer a new connection; an older one of its own is cut. False when the Hub refused.
  bool connect(Peer& peer);
  /// False when the client refused to send.
  bool say(Peer& peer, const core::Outgoing& message);
  void close(Peer& peer);
  /// The network between breaks: both ends see the end of the stream, what is under way is lost.
  void cut(Peer& peer);
  /// The network holds everything back that goes to this peer and comes from it.
  void stall(Peer& peer, bool stalled);
  void drain();
  void delete_channel();
  void run_for(std::chrono::milliseconds time);

  void set_delay(std::chrono::milliseconds delay) { delay_ = delay; }
  [[nodiscard]] core::Hub& hub() { return hub_; }
  [[nodiscard]] bool is_connected(const Peer& peer) const { return find(peer) != nullptr; }

 private:
  struct Connection {
    Connection(Peer& its_peer, ConnId its_id, const core::Limits& limits, SteadyTime now)
        : peer(&its_peer),
          id(its_id),
          session(limits, now),
          at_server(wire::WsRole::kServer, {limits.max_frame}),
          at_client(wire::WsRole::kClient, {limits.max_frame * 2}) {}

    Peer* peer;
    ConnId id;
    core::ServerSession session;
    wire::WsDecoder at_server;
    wire::WsDecoder at_client;
    Link up;
    Link down;
    bool hung_up = false;
  };

  [[nodiscard]] Connection* find(const Peer& peer) const;
  [[nodiscard]] Connection* find(ConnId id) const;
  [[nodiscard]] std::optional<SteadyTime> next_event() const;
  void step();
  void serve(Connection& connection);
  void listen(Connection& connection);
  void sweep();
  void perform(Connection& connection, const std::vector<core::SessionEffect>& effects);
  void perform(const core::Effects& effects);
  void perform(Connection* connection, Peer& peer, const std::vector<core::ClientEffect>& effects);

  FakeClock clock_;
  core::Limits limits_;
  core::ClientLimits client_limits_;
  core::Hub hub_;
  wire::ClientMessageParser parser_;
  std::chrono::milliseconds delay_{20};
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::uint64_t next_serial_ = 1;
};

inline Peer& Room::add(wire::Role role, std::string id) {
  peers_.push_back(std::make_unique<Peer>(role, std::move(id), client_limits_));
  return *peers_.back();
}

inline bool Room::connect(Peer& peer) {
  if (find(peer) != nullptr) cut(peer);
  const SteadyTime now = clock_.steady_now();
  const ConnId id{0, next_serial_++};
  core::Effects effects;
  auto connection = std::make_unique<Connection>(peer, id, limits_, now);
  const core::Join join{id, ChannelArn("arn:room"), peer.role, ClientId(peer.id), std::chrono::seconds(60)};
  if (!hub_.check_join(join)) return false;
  peer.client.on_open(now);
  connections_.push_back(std::move(connection));
  static_cast<void>(hub_.on_join(now, join, effects).has_value());
  perform(effects);
  return true;
}

inline bool Room::say(Peer& peer, const core::Outgoing& message) {
  std::string text;
  Connection* connection = find(peer);
  if (!peer.client.send(message, text) || connection == nullptr) return false;
  std::string frame;
  wire::append_ws_frame(frame, wire::WsKind::kText, text, 0x01020304U);
  connection->up.send(clock_.steady_now(), std::move(frame), delay_);
  return true;
}

inline void Room::close(Peer& peer) {
  std::vector<core::ClientEffect> effects;
  peer.client.close(clock_.steady_now(), effects);
  perform(find(peer), peer, effects);
}

inline void Room::cut(Peer& peer) {
  if (Connection* connection = find(peer)) {
    connection->up.cut();
    connection->down.cut();
    sweep();
  }
}

inline void Room::stall(Peer& peer, bool stalled) {
  if (Connection* connection = find(peer)) {
    connection->up.stall(stalled);
    connection->down.stall(stalled);
  }
}

inline void Room::drain() {
  for (const auto& connection : connections_) {
    std::vector<core::SessionEffect> effects;
    connection->session.on_go_away(clock_.steady_now(), effects);
    perform(*connection, effects);
  }
}

inline void Room::delete_channel() {
  core::Effects effects;
  hub_.on_channel_deleted(ChannelArn("arn:room"), effects);
  perform(effects);
}

inline void Room::run_for(std::chrono::milliseconds time) {
  const SteadyTime end = clock_.steady_now() + time;
  for (;;) {
    step();
    const auto next = next_event();
    if (!next || *next > end) break;
    clock_.advance_to(*next);
  }
  clock_.advance_to(end);
  step();
}

inline Room::Connection* Room::find(const Peer& peer) const {
  // A displaced connection of the same peer may linger: the newest counts.
  for (auto it = connections_.rbegin(); it != connections_.rend(); ++it) {
    if ((*it)->peer == &peer) return it->get();
  }
  return nullptr;
}

inline Room::Connection* Room::find(ConnId id) const {
  for (const auto& connection : connections_) {
    if (connection->id == id) return connection.get();
  }
  return nullptr;
}

inline std::optional<SteadyTime> Room::next_event() const {
  std::optional<SteadyTime> first = hub_.next_deadline();
  const auto consider = [&first](std::optional<SteadyTime> at) {
    if (at && (!first || *at < *first)) first = at;
  };
  for (const auto& connection : connections_) {
    consider(connection->up.next());
    consider(connection->down.next());
    consider(connection->session.next_deadline());
    consider(connection->peer->client.next_deadline());
  }
  return first;
}

inline void Room::step() {
  const SteadyTime now = clock_.steady_now();
  core::Effects expired;
  hub_.on_deadline(now, expired);
  // By index: performing effects may not add connections, but sweep() below removes them.
  for (const auto& connection : connections_) {
    serve(*connection);
    listen(*connection);
    std::vector<core::SessionEffect> due;
    connection->session.on_deadline(now, due);
    perform(*connection, due);
    std::vector<core::ClientEffect> client_due;
    connection->peer->client.on_deadline(now, client_due);
    perform(connection.get(), *connection->peer, client_due);
  }
  sweep();
}

inline void Room::serve(Connection& connection) {
  std::string bytes = connection.up.receive(clock_.steady_now());
  connection.at_server.feed(bytes);
  while (const auto message = connection.at_server.next()) {
    std::vector<core::SessionEffect> effects;
    connection.session.on_message(clock_.steady_now(), *message, effects);
    perform(connection, effects);
  }
  if (!connection.at_server.failure()) return;
  std::vector<core::SessionEffect> effects;
  connection.session.on_close_wanted(clock_.steady_now(), connection.at_server.failure()->code, effects);
  perform(connection, effects);
}

inline void Room::listen(Connection& connection) {
  std::string bytes = connection.down.receive(clock_.steady_now());
  connection.at_client.feed(bytes);
  while (const auto message = connection.at_client.next()) {
    std::vector<core::ClientEffect> effects;
    connection.peer->client.on_message(clock_.steady_now(), *message, effects);
    perform(&connection, *connection.peer, effects);
  }
}

inline void Room::sweep() {
  for (std::size_t i = 0; i < connections_.size();) {
    Connection& connection = *connections_[i];
    const bool server_done = connection.hung_up || connection.up.at_end();
    if (server_done) connection.down.end();
    if (!server_done || !connection.down.at_end()) {
      ++i;
      continue;
    }
    const std::unique_ptr<Connection> gone = std::move(connections_[i]);
    connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(i));
    if (find(*gone->peer) == nullptr) {
      std::vector<core::ClientEffect> effects;
      gone->peer->client.on_lost(effects);
      perform(nullptr, *gone->peer, effects);
    }
    core::Effects effects;
    hub_.on_leave(gone->id, effects);
    perform(effects);
  }
}

inline void Room::perform(Connection& connection, const std::vector<core::SessionEffect>& effects) {
  const SteadyTime now = clock_.steady_now();
  for (const core::SessionEffect& effect : effects) {
    std::string frame;
    if (const auto* deliver = std::get_if<core::DeliverText>(&effect)) {
      core::Effects routed;
      hub_.on_message(now, connection.id, parser_.parse(deliver->text, limits_.max_payload), routed);
      perform(routed);
    } else if (const auto* write = std::get_if<core::WriteFrame>(&effect)) {
      wire::append_ws_frame(frame, write->kind, write->payload);
    } else if (const auto* close = std::get_if<core::WriteClose>(&effect)) {
      wire::append_ws_close(frame, close->code, close->reason);
    } else {
      connection.hung_up = true;
    }
    connection.down.send(now, std::move(frame), delay_);
  }
}

inline void Room::perform(const core::Effects& effects) {
  for (const core::Effect& effect : effects.list()) {
    if (const auto* send = std::get_if<core::Send>(&effect)) {
      Connection* to = find(send->to);
      if (to == nullptr || !to->session.can_send()) continue;
      std::string frame;
      wire::append_ws_frame(frame, wire::WsKind::kText, effects.text(*send));
      to->down.send(clock_.steady_now(), std::move(frame), delay_);
    } else if (const auto* close = std::get_if<core::Close>(&effect)) {
      Connection* to = find(close->to);
      if (to == nullptr) continue;
      std::vector<core::SessionEffect> closing;
      to->session.on_close_wanted(clock_.steady_now(), close->why, closing);
      perform(*to, closing);
    }
  }
}

inline void Room::perform(Connection* connection, Peer& peer, const std::vector<core::ClientEffect>& effects) {
  struct Visitor {
    Room& room;
    Connection* connection;
    Peer& peer;

    void note(std::string line) const { peer.heard.push_back(std::move(line)); }
    void write(std::string frame) const {
      if (connection != nullptr) connection->up.send(room.clock_.steady_now(), std::move(frame), room.delay_);
    }
    void operator()(const core::PeerMessage& message) const {
      const std::string from = message.sender.empty() ? "MASTER" : std::string(message.sender);
      note(std::string(to_string(message.type)) + " from " + from + ": " + std::string(message.content));
    }
    void operator()(const core::StatusReceived& received) const {
      note("status " + std::string(received.status.correlation_id) + ": " + std::string(received.status.error_type));
    }
    void operator()(const core::GoAwayReceived&) const { note("GO_AWAY"); }
    void operator()(const core::ReconnectIceServerReceived&) const { note("RECONNECT_ICE_SERVER"); }
    void operator()(const core::BadMessage& bad) const { note("bad: " + bad.error.detail); }
    void operator()(const core::Confirmed&) const {}
    void operator()(const core::Closed& closed) const { note("closed " + std::to_string(closed.code)); }
    void operator()(const core::WriteControl& control) const {
      std::string frame;
      wire::append_ws_frame(frame, control.kind, control.payload, 0x0A0B0C0DU);
      write(std::move(frame));
    }
    void operator()(const core::WriteClosing& close) const {
      std::string frame;
      wire::append_ws_close(frame, close.code, {}, 0x0A0B0C0DU);
      write(std::move(frame));
    }
    void operator()(const core::DropSocket&) const {
      if (connection == nullptr) return;
      connection->up.cut();
      connection->down.cut();
    }
  };
  for (const core::ClientEffect& effect : effects) std::visit(Visitor{*this, connection, peer}, effect);
}

}  // namespace heliograph::test
