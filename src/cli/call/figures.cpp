// Numbers into words, and into JSON.
#include "cli/call/figures.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>

namespace heliograph::cli {
namespace {

namespace json = boost::json;

template <class... Values>
std::string format(const char* pattern, Values... values) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), pattern, values...);
  return text.data();
}

double milliseconds_of(std::chrono::microseconds span) { return static_cast<double>(span.count()) / 1000.0; }

double rounded(double value) { return std::round(value * 10) / 10; }

/// "RTT 12 ms", "RTT 12–48 ms"; empty when nobody knows.
std::string round_trips(const std::map<std::string, PeerStats>& viewers) {
  std::optional<double> least;
  double most = 0;
  for (const auto& [name, stats] : viewers) {
    if (!stats.round_trip) continue;
    const double mine = milliseconds_of(*stats.round_trip);
    least = std::min(least.value_or(mine), mine);
    most = std::max(most, mine);
  }
  if (!least) return {};
  if (std::lround(*least) == std::lround(most)) return format("RTT %.0f ms", most);
  return format("RTT %.0f", *least) + "–" + format("%.0f ms", most);
}

}  // namespace

std::string to_rate(double kbps) {
  return kbps < 999.5 ? format("%.0f kbit/s", kbps) : format("%.1f Mbit/s", kbps / 1000);
}

std::string to_clock(std::chrono::seconds span) {
  const auto seconds = static_cast<long>(span.count());
  if (seconds >= 3600) return format("%ld:%02ld:%02ld", seconds / 3600, seconds / 60 % 60, seconds % 60);
  return format("%ld:%02ld", seconds / 60, seconds % 60);
}

std::string to_path(const PeerStats& stats) {
  if (!stats.local || !stats.remote) return {};
  for (const CandidateStats* end : {&*stats.local, &*stats.remote})
    if (end->type == "relay") return "through the relay (" + end->protocol + ")";
  return "direct (" + stats.local->type + " to " + stats.remote->type + ")";
}

double kbps_of(const PeerStats& stats, bool is_sent) {
  double sum = 0;
  for (const TrackStats& track : stats.tracks)
    if (track.is_sent == is_sent) sum += track.kbps;
  return sum;
}

std::string to_line(const MasterFigures& figures) {
  double kbps = 0;
  for (const auto& [name, stats] : figures.viewers) kbps += kbps_of(stats, true);
  const std::size_t count = figures.viewers.size();
  std::string line = std::to_string(count) + (count == 1 ? " viewer" : " viewers");
  if (count > 0) {
    line += "  " + to_rate(kbps) + "  " + format("%.1f fps", figures.frames_per_second);
    line += "  " + std::to_string(figures.frames) + " frames";
    if (const std::string trips = round_trips(figures.viewers); !trips.empty()) line += "  " + trips;
  }
  return line + "  " + to_clock(figures.running);
}

json::object to_json(const MasterFigures& figures) {
  json::array viewers;
  for (const auto& [name, stats] : figures.viewers) {
    json::object viewer{{"name", name}, {"kbps", rounded(kbps_of(stats, true))}};
    if (stats.round_trip) viewer["rttMs"] = rounded(milliseconds_of(*stats.round_trip));
    if (const std::string path = to_path(stats); !path.empty()) viewer["path"] = path;
    if (const double received = kbps_of(stats, false); received > 0) viewer["receivedKbps"] = rounded(received);
    viewers.push_back(std::move(viewer));
  }
  return {{"seconds", figures.running.count()},
          {"viewers", std::move(viewers)},
          {"framesPerSecond", rounded(figures.frames_per_second)},
          {"frames", figures.frames},
          {"targetKbps", figures.target_kbps}};
}

json::object to_json(const MediaSink::Stats& stats) {
  json::object object{{"frames", stats.frames},   {"keyFrames", stats.key_frames},
                      {"bytes", stats.bytes},     {"dropped", stats.dropped},
                      {"freezes", stats.freezes}, {"longestGapMs", stats.longest_gap.count()}};
  if (stats.codec) object["codec"] = std::string(to_string(*stats.codec));
  if (stats.first_frame && stats.last_frame && *stats.last_frame > *stats.first_frame) {
    const std::chrono::duration<double> span = *stats.last_frame - *stats.first_frame;
    object["seconds"] = rounded(span.count());
    object["framesPerSecond"] = rounded(static_cast<double>(stats.frames - 1) / span.count());
  }
  return object;
}

}  // namespace heliograph::cli
