// Statistics as JSON.
#include "heliograph/peer_stats.hpp"

#include <charconv>
#include <string_view>

namespace heliograph {
namespace {

std::string quoted(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string written = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      written.append({'\\', c});
    else if (byte < 0x20 || byte >= 0x7F)
      written.append("\\u00").append({kDigits[byte >> 4U], kDigits[byte & 15U]});
    else
      written += c;
  }
  return written + '"';
}

/// With three decimals: enough for kbit/s and loss.
std::string decimal(double value) {
  std::string text(40, '\0');
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 3).ptr;
  text.resize(static_cast<std::size_t>(end - text.data()));
  return text;
}

/// Members of one JSON object, one by one.
class Members {
 public:
  Members& add(std::string_view name, std::string_view json) {
    text_.append(text_.empty() ? "" : ",").append(quoted(name)).append(":").append(json);
    return *this;
  }
  template <class Number>
  Members& number(std::string_view name, Number value) {
    return add(name, std::to_string(value));
  }
  [[nodiscard]] std::string object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string to_json(const CandidateStats& candidate) {
  return Members()
      .add("type", quoted(candidate.type))
      .add("address", quoted(candidate.address))
      .number("port", candidate.port)
      .add("protocol", quoted(candidate.protocol))
      .object();
}

std::string to_json(const TrackStats& track) {
  Members members;
  members.add("is_sent", track.is_sent ? "true" : "false")
      .add("kind", quoted(to_string(track.kind)))
      .add("codec", quoted(to_string(track.codec)))
      .number("packets", track.packets)
      .number("bytes", track.bytes)
      .number("frames", track.frames)
      .number("frames_dropped", track.frames_dropped)
      .number("packets_lost", track.packets_lost)
      .add("loss", decimal(track.loss))
      .number("jitter_us", track.jitter.count())
      .add("kbps", decimal(track.kbps))
      .number("picture_losses", track.picture_losses);
  if (track.target_kbps) members.number("target_kbps", *track.target_kbps);
  return members.object();
}

}  // namespace

std::string to_json(const PeerStats& stats) {
  Members members;
  if (stats.round_trip) members.number("round_trip_us", stats.round_trip->count());
  if (stats.local) members.add("local", to_json(*stats.local));
  if (stats.remote) members.add("remote", to_json(*stats.remote));
  std::string tracks;
  for (const TrackStats& track : stats.tracks) tracks += (tracks.empty() ? "" : ",") + to_json(track);
  return members.add("tracks", "[" + tracks + "]")
      .number("data_messages_sent", stats.data_messages_sent)
      .number("data_messages_received", stats.data_messages_received)
      .number("data_bytes_sent", stats.data_bytes_sent)
      .number("data_bytes_received", stats.data_bytes_received)
      .object();
}

}  // namespace heliograph
