// PeerStats: how a peer connection is doing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "heliograph/export.hpp"
#include "heliograph/media.hpp"

namespace heliograph {

/// One end of the pair of addresses in use.
struct CandidateStats {
  std::string type{};      ///< "host", "srflx", "prflx", "relay"
  std::string address{};   ///< IPv4 or IPv6, without brackets.
  std::uint16_t port = 0;  ///< Of that address.
  std::string protocol{};  ///< "udp", "tcp"
};

/// One track, one way. What is not known is zero or empty.
struct TrackStats {
  bool is_sent = false;                ///< Else it is received.
  MediaKind kind{};                    ///< Pictures or sound.
  Codec codec{};                       ///< What was negotiated.
  std::uint64_t packets = 0;           ///< RTP, sent or received since the track began; so are the next two.
  std::uint64_t bytes = 0;             ///< Of their payload.
  std::uint64_t frames = 0;            ///< Encoded ones.
  std::uint64_t frames_dropped = 0;    ///< Sent: skipped for this viewer, because it did not keep up.
  std::int64_t packets_lost = 0;       ///< On the way; for sent tracks as the other side reports it.
  double loss = 0;                     ///< 0 to 1, of the latest report.
  std::chrono::microseconds jitter{};  ///< Of packets' arrival (RFC 3550), where they arrive.
  double kbps = 0;                     ///< Since the statistics before these; 0 the first time.
  std::uint32_t picture_losses = 0;    ///< Key frames asked for (PLI and FIR).
  std::optional<int> target_kbps{};    ///< Sent video: what the way seems to bear.
};

/// Of one peer connection, at one moment.
struct PeerStats {
  std::optional<std::chrono::microseconds> round_trip{};  ///< By RTCP: empty until the other side reports what is sent.
  std::optional<CandidateStats> local{};                  ///< Empty until a pair of addresses is in use.
  std::optional<CandidateStats> remote{};                 ///< Likewise.
  std::vector<TrackStats> tracks{};                       ///< Those that are sent and received.
  /// Of all data channels since the connection was made; bytes are those of messages.
  /// @{
  std::uint64_t data_messages_sent = 0;
  std::uint64_t data_messages_received = 0;
  std::uint64_t data_bytes_sent = 0;
  std::uint64_t data_bytes_received = 0;
  /// @}
};

/// One JSON object, with members named as above; durations are in microseconds, and say so ("round_trip_us").
[[nodiscard]] HELIOGRAPH_API std::string to_json(const PeerStats& stats);

}  // namespace heliograph
