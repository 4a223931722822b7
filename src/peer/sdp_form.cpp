// The other side's lines, sorted into sections and written anew.
#include "peer/sdp_form.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "peer/sdp_lines.hpp"

namespace heliograph::peer {
namespace {

/// Attributes of media that are handed on as they are, the first of each name.
constexpr std::array<std::string_view, 6> kFlags = {"rtcp-mux",    "rtcp-mux-only", "rtcp-rsize",
                                                    "bundle-only", "msid",          "max-message-size"};

std::string_view kind_name(Section::Kind kind) {
  return kind == Section::Kind::kVideo ? "video" : kind == Section::Kind::kAudio ? "audio" : "application";
}

std::string_view direction_name(const Section& section) {
  if (section.sends) return section.receives ? "sendrecv" : "sendonly";
  return section.receives ? "recvonly" : "inactive";
}

/// It says nothing: ICE finds ports.
constexpr int kAnyPort = 9;

class Writer {
 public:
  explicit Writer(const Sdp& sdp) : sdp_(sdp) {}

  void take(std::string_view line) {
    if (line.starts_with("m=")) return open(line.substr(2));
    if (next_ == 0) return session_line(line);
    if (!line.starts_with("a=") || !is_plain(line)) return;
    line.remove_prefix(2);
    const auto colon = line.find(':');
    attribute(line.substr(0, colon), colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1));
  }

  std::string finish() {
    close();
    return std::move(head_) + body_;
  }

 private:
  void session_line(std::string_view line) {
    if (!line.starts_with("o=") || !is_plain(line) || std::count(line.begin(), line.end(), ' ') != 5) return;
    if (origin_.empty()) origin_ = line;
  }

  void write_session() {
    add_line(head_, "v=0");
    add_line(head_, origin_.empty() ? "o=- 0 0 IN IP4 0.0.0.0" : origin_);
    add_line(head_, "s=-");
    add_line(head_, "t=0 0");
    add_line(head_, "a=ice-options:trickle");
    if (sdp_.bundle.empty()) return;
    std::string group = "a=group:BUNDLE";
    for (const std::string& mid : sdp_.bundle) group += " " + mid;
    add_line(head_, group);
  }

  [[nodiscard]] const Section& section() const { return sdp_.sections[next_ - 1]; }

  void open(std::string_view rest) {
    if (next_ == 0) write_session();
    close();
    ++next_;
    take_word(rest);
    port_ = to_number(take_word(rest)).value_or(kAnyPort);
    protocol_ = take_word(rest);
    types_.clear();
    while (!rest.empty()) add_type(take_word(rest));
  }

  /// Once, and numbers in one spelling: webrtcbin compares them as texts.
  void add_type(std::string_view word) {
    const bool is_data = section().kind == Section::Kind::kData;
    const auto number = to_number(word);
    if (is_data ? word.empty() || !is_plain(word) : !number) return;
    std::string type = is_data ? std::string(word) : std::to_string(*number);
    if (std::find(types_.begin(), types_.end(), type) == types_.end()) types_.push_back(std::move(type));
  }

  void attribute(std::string_view name, std::string_view value) {
    if (section().kind == Section::Kind::kData) {
      if (name == "sctp-port" && is_number(value, 1, 65535)) add_once(name, value);
      if (name == "max-message-size" && is_number(value, 0, 1 << 30)) add_once(name, value);
      if (name == "bundle-only") add_once(name, {});
      return;
    }
    if (name == "max-message-size") return;
    if (std::find(kFlags.begin(), kFlags.end(), name) != kFlags.end()) return add_once(name, value);
    if (name == "ssrc") return source(value);
    if (name == "ssrc-group") return add(name, value);
    if (name == "extmap") return extension(value);
    if (name == "rtpmap" || name == "fmtp" || name == "rtcp-fb") format(name, value);
  }

  void add(std::string_view name, std::string_view value) {
    std::string line = "a=" + std::string(name);
    if (!value.empty()) line.append(":").append(value);
    lines_.push_back(std::move(line));
  }

  void add_once(std::string_view name, std::string_view value) {
    if (given_.insert(std::string(name)).second) add(name, value);
  }

  /// "SSRC cname:…". One of a section that was before would be looked for there.
  void source(std::string_view value) {
    std::string_view rest = value;
    const std::string_view word = take_word(rest);
    std::uint32_t number = 0;
    const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (failure != std::errc() || end != word.data() + word.size() || rest.empty()) return;
    if (sources_.try_emplace(number, next_).first->second == next_)
      add("ssrc", std::to_string(number) + " " + std::string(rest));
  }

  void extension(std::string_view value) {
    std::string_view rest = value;
    const std::string_view id = take_word(rest);
    if (is_number(id.substr(0, id.find('/')), 1, 255) && !rest.empty()) add("extmap", value);
  }

  void format(std::string_view name, std::string_view value) {
    std::string_view rest = value;
    const std::string_view word = take_word(rest);
    const auto number = to_number(word);
    const bool is_any = word == "*" && name == "rtcp-fb";
    if (rest.empty() || (!is_any && (!number || *number > 127))) return;
    const std::string type = is_any ? "*" : std::to_string(*number);
    if (name == "rtpmap" && !was_taken(*number, rest)) return;
    if (name != "rtcp-fb" && !given_.insert(std::string(name) + type).second) return;
    if (name == "rtpmap") mapped_.insert(type);
    of_type_.emplace_back(type, "a=" + std::string(name) + ":" + type + " " + std::string(rest));
  }

  /// Whether it is an encoding; one of a codec that we know only as the reader took it.
  [[nodiscard]] bool was_taken(int type, std::string_view encoding) const {
    const auto codec = codec_of(encoding);
    return is_encoding(encoding) &&
           (!codec || std::any_of(section().formats.begin(), section().formats.end(), [&](const Format& format) {
             return format.payload_type == type && format.codec == *codec;
           }));
  }

  void close() {
    if (next_ == 0) return;
    const Section& now = section();
    const bool is_data = now.kind == Section::Kind::kData;
    // Payload types below 35 have a meaning of their own (RFC 3551, 6).
    if (!is_data)
      std::erase_if(types_,
                    [&](const std::string& type) { return !mapped_.contains(type) && !is_number(type, 0, 34); });
    std::string line = "m=" + std::string(kind_name(now.kind)) + " " +
                       std::to_string(port_ <= 65535 ? port_ : kAnyPort) + " " +
                       (is_plain(protocol_) && !protocol_.empty() ? protocol_ : "UDP/TLS/RTP/SAVPF");
    if (types_.empty()) line += " 0";
    for (const std::string& type : types_) line += " " + type;
    add_line(body_, line);
    add_line(body_, "c=IN IP4 0.0.0.0");
    write_transport(now);
    if (!is_data) add_line(body_, "a=" + std::string(direction_name(now)));
    for (const std::string& other : lines_) add_line(body_, other);
    for (const auto& [type, text] : of_type_)
      if (type == "*" || std::find(types_.begin(), types_.end(), type) != types_.end()) add_line(body_, text);
    lines_.clear();
    of_type_.clear();
    given_.clear();
    mapped_.clear();
  }

  void write_transport(const Section& now) {
    // The first of the bundle speaks for all; a section that is refused needs the words, but not their meaning.
    const auto tag = sdp_.bundle.empty() ? std::nullopt : sdp_.find(sdp_.bundle.front());
    const Section& said = tag ? sdp_.sections[*tag] : now;
    add_line(body_, "a=mid:" + now.mid);
    if (!said.ufrag.empty()) add_line(body_, "a=ice-ufrag:" + said.ufrag);
    if (!said.password.empty()) add_line(body_, "a=ice-pwd:" + said.password);
    if (!said.setup.empty()) add_line(body_, "a=setup:" + said.setup);
    if (!said.fingerprints.empty())
      add_line(body_, "a=fingerprint:" + said.fingerprints.front().function + " " + said.fingerprints.front().bytes);
  }

  const Sdp& sdp_;
  std::string head_;
  std::string body_;
  std::string origin_;
  std::size_t next_ = 0;                          ///< The section after that which is being read.
  std::map<std::uint32_t, std::size_t> sources_;  ///< SSRCs, and the section of each.
  // Of the section that is being read.
  int port_ = kAnyPort;
  std::string protocol_;
  std::vector<std::string> types_;
  std::vector<std::string> lines_;
  std::vector<std::pair<std::string, std::string>> of_type_;  ///< Lines by payload type.
  std::set<std::string> given_;
  std::set<std::string> mapped_;
};

}  // namespace

std::string to_webrtcbin_form(std::string_view text, const Sdp& sdp) {
  Writer writer(sdp);
  for_each_line(text, [&](std::string_view line) { writer.take(line); });
  return writer.finish();
}

Result<void> check_answer(const Sdp& offer, std::string_view answer) {
  const auto sdp = read_sdp(answer);
  if (!sdp) return sdp.error();
  for (std::size_t i = 0; i < offer.sections.size(); ++i) {
    const bool is_there = i < sdp->sections.size() && sdp->sections[i].mid == offer.sections[i].mid &&
                          (!sdp->sections[i].is_rejected || offer.sections[i].is_rejected);
    if (!is_there)
      return Error{Errc::kInvalidArgument,
                   "webrtcbin understands nothing of the media section \"" + offer.sections[i].mid + "\""};
  }
  return {};
}

}  // namespace heliograph::peer
