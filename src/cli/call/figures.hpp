// Figures of calls, as people and programs read them.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "heliograph/media_sink.hpp"
#include "heliograph/media_source.hpp"
#include "heliograph/peer_stats.hpp"

namespace heliograph::cli {

/// "850 kbit/s", "1.5 Mbit/s".
[[nodiscard]] std::string to_rate(double kbps);
/// "0:07", "12:34", "1:02:03".
[[nodiscard]] std::string to_clock(std::chrono::seconds span);
/// "direct (host)", "through the relay (udp)"; empty while no pair of addresses is in use.
[[nodiscard]] std::string to_path(const PeerStats& stats);
/// Of all tracks of that direction, audio and video.
[[nodiscard]] double kbps_of(const PeerStats& stats, bool is_sent);

/// What a master's line says.
struct MasterFigures {
  std::chrono::seconds running{};
  double frames_per_second = 0;
  std::uint64_t frames = 0;
  int target_kbps = 0;
  std::map<std::string, PeerStats> viewers{};  ///< By client id; those without figures yet have empty ones.
};
/// "3 viewers  4.4 Mbit/s  30.0 fps  1234 frames  RTT 12–48 ms  0:41"
[[nodiscard]] std::string to_line(const MasterFigures& figures);
[[nodiscard]] boost::json::object to_json(const MasterFigures& figures);

/// What a viewer has received of one kind.
[[nodiscard]] boost::json::object to_json(const MediaSink::Stats& stats);

}  // namespace heliograph::cli
