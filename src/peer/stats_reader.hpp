// Reads webrtcbin's statistics, but for what RtcpReports knows better.
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <vector>

#include "heliograph/peer_stats.hpp"

namespace heliograph::peer {

/// A track's figures with what they are matched by.
struct RawTrack {
  std::uint32_t ssrc = 0;
  TrackStats stats{};
};

struct RawStats {
  std::optional<CandidateStats> local{};
  std::optional<CandidateStats> remote{};
  std::vector<RawTrack> tracks{};
};

/// From "application/x-webrtc-stats", as get-stats replies.
[[nodiscard]] RawStats read_stats(const GstStructure* reply);

}  // namespace heliograph::peer
