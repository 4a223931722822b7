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
  std::string type{};  ///< "host", "srflx", "prflx", "relay"
  std::string address{};
  std::uint16_t port = 0;
  std::string protocol{};  ///< "udp", "tcp"
};

/// One track, one way. What is not known is zero or empty.
struct TrackStats {
  bool is_sent = false;  ///< Else it is received.
  MediaKind kind{};
  Codec codec{};
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t frames = 0;
  std::uint64_t frames_dropped = 0;  ///< Sent: skipped for this viewer, because it did not keep up.
  std::int64_t packets_lost = 0;     ///< On the way; for sent tracks as the other side reports it.
  double loss = 0;                   ///< 0 to 1, of the latest report.
  std::chrono::microseconds jitter{};
  double kbps = 0;                   ///< Since the statistics before these; the first time since the track began.
  std::uint32_t picture_losses = 0;  ///< Key frames asked for (PLI and FIR).
  std::optional<int> target_kbps{};  ///< Sent video: what the way seems to bear.
};

struct PeerStats {
  std::optional<std::chrono::microseconds> round_trip{};
  std::optional<CandidateStats> local{};
  std::optional<CandidateStats> remote{};
  std::vector<TrackStats> tracks{};
  std::uint64_t data_messages_sent = 0;
  std::uint64_t data_messages_received = 0;
  std::uint64_t data_bytes_sent = 0;
  std::uint64_t data_bytes_received = 0;
};

/// One JSON object, with members named as above; durations are in microseconds, and say so ("round_trip_us").
[[nodiscard]] HELIOGRAPH_API std::string to_json(const PeerStats& stats);

}  // namespace heliograph
