// A reader that goes line by line, and small changes to texts that are ours.
#include "peer/sdp_text.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "peer/sdp_lines.hpp"

namespace heliograph::peer {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 10U;
constexpr std::size_t kMostSections = 64;
constexpr int kEveryType = -1;

/// Builds sections line by line.
class Reader {
 public:
  void take(std::string_view line) {
    if (line.starts_with("m=")) return open(line.substr(2));
    if (!line.starts_with("a=") || !is_plain(line)) return;
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
    if (is_contradictory_) return refuse("it has two directions, or two bundles, in one place");
    for (std::size_t i = 0; i < sdp_.sections.size(); ++i) {
      const Section& section = sdp_.sections[i];
      if (!is_token(section.mid)) return refuse("a media section has no a=mid");
      if (section.kind == Section::Kind::kOther)
        return refuse("a media section is neither audio, video nor application");
      for (std::size_t other = 0; other < i; ++other)
        if (sdp_.sections[other].mid == section.mid) return refuse("two media sections have one mid");
    }
    if (const char* const wrong = settle_bundle()) return refuse(wrong);
    for (std::size_t i = 0; i < sdp_.sections.size(); ++i)
      if (const char* const wrong = settle_transport(i)) return refuse(wrong);
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
    section.is_rejected = to_number(take_word(rest)) == 0;
    section.sends = sends_;
    section.receives = receives_;
    take_word(rest);  // The protocol.
    payload_types_.clear();
    mapped_.clear();
    while (!rest.empty())
      if (const auto type = to_number(take_word(rest))) payload_types_.insert(*type);
    has_direction_ = is_bundle_only_ = false;
    sdp_.sections.push_back(std::move(section));
  }

  /// Sections share a transport together or not at all: webrtcbin knows no other way.
  const char* settle_bundle() {
    if (sdp_.bundle.empty()) return nullptr;
    const std::set<std::string> bundled(sdp_.bundle.begin(), sdp_.bundle.end());
    if (bundled.size() != sdp_.bundle.size()) return "a media section is in its bundle twice";
    std::erase_if(sdp_.bundle, [&](const std::string& mid) {
      const auto section = sdp_.find(mid);
      return !section || sdp_.sections[*section].is_rejected;
    });
    const auto used = static_cast<std::size_t>(std::count_if(
        sdp_.sections.begin(), sdp_.sections.end(), [](const Section& section) { return !section.is_rejected; }));
    if (sdp_.bundle.size() != used) return "some of its media sections are in its bundle, and some are not";
    return nullptr;
  }

  /// What a section does not say of its transport is said by the bundle's first, or for all (RFC 8843, 9.1).
  const char* settle_transport(std::size_t index) {
    Section& section = sdp_.sections[index];
    if (section.ufrag.empty()) section.ufrag = ufrag_;
    if (section.password.empty()) section.password = password_;
    if (section.setup.empty()) section.setup = setup_;
    if (section.fingerprints.empty()) section.fingerprints = fingerprints_;
    if (section.is_rejected || !sdp_.has_transport(index)) return nullptr;
    if (!is_token(section.ufrag) || !is_token(section.password)) return "it has no ICE credentials";
    if (section.fingerprints.empty()) return "it has no DTLS fingerprint of SHA-256, SHA-384 or SHA-512";
    if (!sdp_.fingerprints.empty() && sdp_.fingerprints != section.fingerprints)
      return "its media sections have different DTLS fingerprints";
    sdp_.fingerprints = section.fingerprints;
    return nullptr;
  }

  /// Of what names are made of.
  static bool is_token(std::string_view text) {
    return !text.empty() && text.size() <= 256 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
  }

  /// Parameters may come before their formats: Firefox sorts attributes by name.
  void close() {
    if (is_bundle_only_) {
      // Its port says nothing, if it is in the bundle (RFC 8843, 6).
      Section& section = sdp_.sections.back();
      const bool is_bundled = std::find(sdp_.bundle.begin(), sdp_.bundle.end(), section.mid) != sdp_.bundle.end();
      section.is_rejected = section.is_rejected && !is_bundled;
    }
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
    if (name == "setup") setup_ = value;
    if (name == "fingerprint") add_fingerprint(fingerprints_, value);
    if (name == "group" && take_word(value) == "BUNDLE") {
      is_contradictory_ = is_contradictory_ || !sdp_.bundle.empty();
      while (!value.empty()) sdp_.bundle.emplace_back(take_word(value));
    }
    direction(name, sends_, receives_);
  }

  void attribute(Section& section, std::string_view name, std::string_view value) {
    if (name == "mid") section.mid = value;
    if (name == "setup") section.setup = value;
    if (name == "candidate")
      sdp_.candidates.push_back({.candidate = "candidate:" + std::string(value),
                                 .sdp_m_line_index = static_cast<std::uint16_t>(sdp_.sections.size() - 1)});
    if (name == "bundle-only") is_bundle_only_ = true;
    if (name == "ice-ufrag") section.ufrag = value;
    if (name == "ice-pwd") section.password = value;
    if (name == "fingerprint") add_fingerprint(section.fingerprints, value);
    direction(name, section.sends, section.receives);
    if (name == "extmap") return extension(value);
    if (name == "rtcp-fb") return feedback(value);
    if (name != "rtpmap" && name != "fmtp") return;
    const auto payload_type = to_number(take_word(value));
    if (!payload_type || *payload_type > 127) return;
    if (name == "rtpmap") return map(section, *payload_type, value);
    if (!value.empty()) parameters_.try_emplace(*payload_type, value);
  }

  /// The first encoding of a type counts, whether we know it or not.
  void map(Section& section, int payload_type, std::string_view encoding) {
    if (!is_encoding(encoding)) return;
    const auto codec = codec_of(encoding);
    if (codec && !fits(section, payload_type, *codec)) return;
    if (mapped_.insert(payload_type).second && codec) section.formats.push_back({payload_type, *codec, {}});
  }

  /// Whether the section has such a type, and is of its kind.
  [[nodiscard]] bool fits(const Section& section, int payload_type, Codec codec) const {
    const auto kind = kind_of(codec) == MediaKind::kVideo ? Section::Kind::kVideo : Section::Kind::kAudio;
    return section.kind == kind && payload_types_.contains(payload_type);
  }

  static void add_fingerprint(std::vector<Fingerprint>& all, std::string_view value) {
    if (auto one = parse_fingerprint(value)) all.push_back(*std::move(one));
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

  void direction(std::string_view name, bool& sends, bool& receives) {
    if (name != "sendrecv" && name != "sendonly" && name != "recvonly" && name != "inactive") return;
    is_contradictory_ = std::exchange(has_direction_, true) || is_contradictory_;
    sends = name.starts_with("send");
    receives = name == "sendrecv" || name == "recvonly";
  }

  Sdp sdp_;
  std::map<int, std::string> parameters_;  ///< Of the last section's payload types, the first of each.
  std::set<int> fed_back_;                 ///< Likewise: those with transport-wide feedback.
  int feedback_extension_ = 0;             ///< Of the last section.
  std::set<int> payload_types_;            ///< Likewise: all.
  std::set<int> mapped_;                   ///< Likewise: those that have an encoding.
  bool has_direction_ = false;             ///< Of the last section, or the session before the first.
  bool is_bundle_only_ = false;            ///< The last section.
  bool is_contradictory_ = false;
  std::string ufrag_;
  std::string password_;
  std::string setup_;
  std::vector<Fingerprint> fingerprints_;
  bool sends_ = true;
  bool receives_ = true;
};

bool is_candidate_line(std::string_view line) {
  return line.starts_with("a=candidate:") || line == "a=end-of-candidates";
}

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
  const bool is_same_side =
      before.fingerprints.empty() || next.fingerprints.empty() || before.fingerprints == next.fingerprints;
  if (!is_same_side)
    return Error{Errc::kInvalidArgument,
                 "this session description is of another connection: its DTLS fingerprint is not that of before"};
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
