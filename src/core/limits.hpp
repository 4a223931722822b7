// Limits: every bound the service keeps, as one struct with two named profiles.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "wire/message.hpp"

namespace heliograph::core {

/// Messages that one connection may send, per second; 0: as many as it likes.
struct MessageRates {
  std::uint32_t offers = 0;
  std::uint32_t answers = 0;
  std::uint32_t candidates = 0;

  /// The rate that holds for what a client sends; 0 for what only the service does.
  [[nodiscard]] std::uint32_t of(wire::MessageType type) const noexcept;
};

/// Defaults are the `open` profile. A zero duration means "never", except where its line says otherwise.
struct Limits {
  std::size_t max_payload = 64 * 1024;           ///< messagePayload, base64 characters.
  std::size_t max_frame = 128 * 1024;            ///< One whole WebSocket message, bytes.
  std::size_t max_viewers = 1000;                ///< Connected viewers per channel.
  std::size_t max_retained_messages = 256;       ///< Undelivered messages from one sender to one recipient.
  std::size_t max_retained_bytes = 1024 * 1024;  ///< Undelivered bytes per channel.
  std::size_t max_outbox = 4 * 1024 * 1024;      ///< Bytes queued to one peer before it counts as not reading.
  std::chrono::seconds ping_interval{25};        ///< Silence of the peer before it is pinged; browsers send none.
  std::chrono::seconds ping_timeout{60};         ///< Silence after a ping before the peer counts as gone.
  std::chrono::seconds idle_timeout{0};          ///< Longest time without a message or ping from the peer.
  std::chrono::seconds max_duration{0};          ///< Longest life of a connection.
  std::chrono::seconds go_away_grace{60};        ///< From GO_AWAY to the close; zero: at once.
  std::chrono::seconds close_timeout{5};         ///< From our close frame to dropping a silent peer; zero: at once.
  MessageRates rates{};
};

/// Documented quotas, exactly (KVS developer guide, "Kinesis Video Streams with WebRTC service quotas").
[[nodiscard]] Limits aws_limits();
/// What Heliograph does unless told otherwise.
[[nodiscard]] Limits open_limits();

}  // namespace heliograph::core
