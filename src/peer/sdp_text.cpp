#include "peer/sdp_text.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace heliograph::peer {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 10U;
constexpr std::size_t kMostSections = 64;
constexpr int kEveryType = -1;

/// Calls a function with each line, without its end.
template <class Function>
void for_each_line(std::string_view text, Function function) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) function(line);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

std::string_view take_word(std::string_view& text) {
  const auto end = text.find(' ');
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return word;
}

std::optional<int> to_number(std::string_view text) {
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

std::optional<Codec> codec_of(std::string_view encoding) {
  const std::string_view name = encoding.substr(0, encoding.find('/'));
  for (const Codec codec : {Codec::kH264, Codec::kVp8, Codec::kOpus})
    if (equal_ignoring_case(name, to_string(codec))) return codec;
  return std::nullopt;
}

/// Builds sections line by line.
class Reader {
 public:
  void take(std::string_view line) {
    if (line.starts_with("m=")) return open(line.substr(2));
    if (!line.starts_with("a=")) return;
    line.remove_prefix(2);
    const auto colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (sdp_.sections.empty()) return session_attribute(name, value);
    attribute(sdp_.sections.back(), name, value);
  }

  Result<Sdp> finish() {
    close();
    if (sdp_.sections.empty()) return refuse("it has no media sections");
    if (sdp_.sections.size() > kMostSections) return refuse("it has more than 64 media sections");
    for (std::size_t i = 0; i < sdp_.sections.size(); ++i) {
      Section& section = sdp_.sections[i];
      if (section.ufrag.empty()) section.ufrag = ufrag_;
      if (section.password.empty()) section.password = password_;
      if (section.mid.empty()) return refuse("a media section has no a=mid");
      if (section.kind == Section::Kind::kOther)
        return refuse("a media section is neither audio, video nor application");
      for (std::size_t other = 0; other < i; ++other)
        if (sdp_.sections[other].mid == section.mid) return refuse("two media sections have one mid");
      if (section.is_rejected) continue;
      if (section.ufrag.empty() || section.password.empty()) return refuse("it has no ICE credentials");
      if (!has_fingerprint_) return refuse("it has no DTLS fingerprint");
    }
    return std::move(sdp_);
  }

 private:
  static Error refuse(const char* why) {
    return Error{Errc::kInvalidArgument, std::string("this session description cannot be used: ") + why};
  }

  void open(std::string_view rest) {
    close();
    Section section;
    const std::string_view media = take_word(rest);
    section.kind = media == "video"         ? Section::Kind::kVideo
                   : media == "audio"       ? Section::Kind::kAudio
                   : media == "application" ? Section::Kind::kData
                                            : Section::Kind::kOther;
    section.is_rejected = take_word(rest) == "0";
    section.sends = sends_;
    section.receives = receives_;
    sdp_.sections.push_back(std::move(section));
  }

  /// Parameters may come before their formats: Firefox sorts attributes by name.
  void close() {
    for (const auto& [payload_type, parameters] : parameters_)
      for (Format& format : sdp_.sections.back().formats)
        if (format.payload_type == payload_type) format.parameters = parameters;
    parameters_.clear();
    if (feedback_extension_ != 0)
      for (Format& format : sdp_.sections.back().formats)
        if (fed_back_.contains(format.payload_type) || fed_back_.contains(kEveryType))
          format.feedback_extension = feedback_extension_;
    fed_back_.clear();
    feedback_extension_ = 0;
  }

  void session_attribute(std::string_view name, std::string_view value) {
    if (name == "ice-ufrag") ufrag_ = value;
    if (name == "ice-pwd") password_ = value;
    if (name == "fingerprint") has_fingerprint_ = true;
    if (name == "group" && take_word(value) == "BUNDLE")
      while (!value.empty()) sdp_.bundle.emplace_back(take_word(value));
    direction(name, sends_, receives_);
  }

  void attribute(Section& section, std::string_view name, std::string_view value) {
    if (name == "mid") section.mid = value;
    if (name == "setup") section.setup = value;
    if (name == "candidate")
      sdp_.candidates.push_back({.candidate = "candidate:" + std::string(value),
                                 .sdp_m_line_index = static_cast<std::uint16_t>(sdp_.sections.size() - 1)});
    if (name == "bundle-only") section.is_rejected = false;
    if (name == "ice-ufrag") section.ufrag = value;
    if (name == "ice-pwd") section.password = value;
    if (name == "fingerprint") has_fingerprint_ = true;
    direction(name, section.sends, section.receives);
    if (name == "extmap") return extension(value);
    if (name == "rtcp-fb") return feedback(value);
    if (name != "rtpmap" && name != "fmtp") return;
    const auto payload_type = to_number(take_word(value));
    if (!payload_type || *payload_type > 127) return;
    if (name == "rtpmap") {
      if (const auto codec = codec_of(value)) section.formats.push_back({*payload_type, *codec, {}});
      return;
    }
    parameters_.emplace_back(*payload_type, value);
  }

  /// "3 URI", "3/sendrecv URI ATTRIBUTES"
  void extension(std::string_view value) {
    const std::string_view id = take_word(value);
    // Identifiers above 14 have another form of header, in which GStreamer 1.22 writes no numbers.
    const auto number = to_number(id.substr(0, id.find('/')));
    if (number && *number >= 1 && *number <= 14 && take_word(value) == kFeedbackExtension)
      feedback_extension_ = *number;
  }

  void feedback(std::string_view value) {
    const std::string_view type = take_word(value);
    if (value != "transport-cc") return;
    const auto number = to_number(type);
    if (number || type == "*") fed_back_.insert(number.value_or(kEveryType));
  }

  static void direction(std::string_view name, bool& sends, bool& receives) {
    if (name != "sendrecv" && name != "sendonly" && name != "recvonly" && name != "inactive") return;
    sends = name.starts_with("send");
    receives = name == "sendrecv" || name == "recvonly";
  }

  Sdp sdp_;
  std::vector<std::pair<int, std::string>> parameters_;  ///< Of the last section's payload types.
  std::set<int> fed_back_;                               ///< Likewise: those with transport-wide feedback.
  int feedback_extension_ = 0;                           ///< Of the last section.
  std::string ufrag_;
  std::string password_;
  bool has_fingerprint_ = false;
  bool sends_ = true;
  bool receives_ = true;
};

bool is_candidate_line(std::string_view line) {
  return line.starts_with("a=candidate:") || line == "a=end-of-candidates";
}

void add_line(std::string& text, std::string_view line) { text.append(line).append("\r\n"); }

}  // namespace

std::optional<std::size_t> Sdp::find(std::string_view mid) const {
  for (std::size_t i = 0; i < sections.size(); ++i)
    if (sections[i].mid == mid) return i;
  return std::nullopt;
}

bool Sdp::has_transport(std::size_t section) const {
  if (section >= sections.size()) return false;
  const bool is_bundled = std::find(bundle.begin(), bundle.end(), sections[section].mid) != bundle.end();
  return !is_bundled || bundle.front() == sections[section].mid;
}

Result<Sdp> read_sdp(std::string_view text) {
  if (text.size() > kMostBytes || text.find('\0') != std::string_view::npos)
    return Error{Errc::kInvalidArgument, "this session description cannot be used: it is too long, or no text"};
  Reader reader;
  for_each_line(text, [&](std::string_view line) { reader.take(line); });
  return reader.finish();
}

Result<void> check_successor(const Sdp& before, const Sdp& next) {
  const bool same = next.sections.size() >= before.sections.size() &&
                    std::equal(before.sections.begin(), before.sections.end(), next.sections.begin(),
                               [](const Section& a, const Section& b) { return a.mid == b.mid && a.kind == b.kind; });
  if (same) return {};
  return Error{Errc::kInvalidArgument,
               "this session description is of another connection: its media sections are not those agreed on before"};
}

std::string with_credentials(std::string_view text, const IceCredentials& credentials) {
  std::string changed;
  for_each_line(text, [&](std::string_view line) {
    if (line.starts_with("a=ice-ufrag:")) return add_line(changed, "a=ice-ufrag:" + credentials.ufrag);
    if (line.starts_with("a=ice-pwd:")) return add_line(changed, "a=ice-pwd:" + credentials.password);
    add_line(changed, line);
  });
  return changed;
}

std::string with_setup(std::string_view text, std::string_view setup) {
  std::string changed;
  for_each_line(text, [&](std::string_view line) {
    add_line(changed, line.starts_with("a=setup:") ? "a=setup:" + std::string(setup) : std::string(line));
  });
  return changed;
}

std::string without_candidates(std::string_view text) {
  std::string changed;
  for_each_line(text, [&](std::string_view line) {
    if (!is_candidate_line(line)) add_line(changed, line);
  });
  return changed;
}

std::string with_candidates(std::string_view text, const std::vector<IceCandidate>& candidates) {
  std::string changed;
  int section = -1;
  const auto end_section = [&]() {
    if (section < 0) return;
    for (const IceCandidate& candidate : candidates)
      if (candidate.sdp_m_line_index == section) add_line(changed, "a=" + candidate.candidate);
    add_line(changed, "a=end-of-candidates");
  };
  for_each_line(text, [&](std::string_view line) {
    if (is_candidate_line(line)) return;
    if (line.starts_with("m=")) {
      end_section();
      ++section;
    }
    add_line(changed, line);
  });
  end_section();
  return changed;
}

}  // namespace heliograph::peer
