// Formats are ranked by how well we can make them, and written as caps.
#include "peer/codec_choice.hpp"

#include <algorithm>
#include <cctype>

namespace heliograph::peer {
namespace {

constexpr std::string_view kBaseline = "42e01f";
/// In our offers; any from 1 to 14.
constexpr int kOfferedExtension = 3;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return text;
}

/// The higher, the better; 0: cannot be used.
int fitness(const Format& format) {
  if (format.codec != Codec::kH264) return 1;
  const std::string mode = parameter(format, "packetization-mode");
  const std::string profile = lower(parameter(format, "profile-level-id"));
  int points = 1;
  if (mode == "1") points += 4;  // Without it every slice must fit into one packet.
  if (profile.starts_with("42e0")) points += 2;
  if (profile.starts_with("4200")) points += 1;
  return points;
}

/// Values come from the other side: only what names and numbers are made of goes into caps.
std::string harmless(std::string text) {
  std::erase_if(text, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
  return text;
}

}  // namespace

std::string parameter(const Format& format, std::string_view name) {
  std::string_view rest = format.parameters;
  while (!rest.empty()) {
    const auto end = rest.find(';');
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    while (one.starts_with(' ')) one.remove_prefix(1);
    const auto equals = one.find('=');
    if (equals != std::string_view::npos && one.substr(0, equals) == name) return std::string(one.substr(equals + 1));
  }
  return {};
}

std::optional<Format> choose_format(const Section& section, const std::vector<Codec>& ours) {
  for (const Codec codec : ours) {
    const Format* best = nullptr;
    for (const Format& format : section.formats)
      if (format.codec == codec && fitness(format) > (best == nullptr ? 0 : fitness(*best))) best = &format;
    if (best != nullptr) return *best;
  }
  return std::nullopt;
}

std::vector<Format> formats_to_offer(MediaKind kind, const std::vector<Codec>& ours) {
  std::vector<Format> formats;
  for (const Codec codec : ours) {
    if (kind_of(codec) != kind) continue;
    switch (codec) {
      case Codec::kH264:
        formats.push_back(
            {102, codec, "packetization-mode=1;profile-level-id=" + std::string(kBaseline), kOfferedExtension});
        break;
      case Codec::kVp8:
        formats.push_back({96, codec, {}, kOfferedExtension});
        break;
      case Codec::kOpus:
        formats.push_back({111, codec, {}});
        break;
    }
  }
  return formats;
}

std::string to_extension_text(const Format& format) {
  // Sound is a small part of what is sent, and follows no bitrate: it goes without.
  if (format.feedback_extension == 0 || kind_of(format.codec) == MediaKind::kAudio) return {};
  return "extmap-" + std::to_string(format.feedback_extension) + "=(string)" + std::string(kFeedbackExtension);
}

std::string to_caps_text(const Format& format) {
  std::string text = "application/x-rtp,media=" + std::string(to_string(kind_of(format.codec))) +
                     ",payload=" + std::to_string(format.payload_type);
  switch (format.codec) {
    case Codec::kH264: {
      text += ",encoding-name=H264,clock-rate=90000,rtcp-fb-nack-pli=true,rtcp-fb-ccm-fir=true,rtcp-fb-nack=true";
      const std::string mode = harmless(parameter(format, "packetization-mode"));
      const std::string profile = harmless(parameter(format, "profile-level-id"));
      if (!mode.empty()) text += ",packetization-mode=(string)" + mode;
      if (!profile.empty()) text += ",profile-level-id=(string)" + profile;
      text += ",level-asymmetry-allowed=(string)1";
      break;
    }
    case Codec::kVp8:
      text += ",encoding-name=VP8,clock-rate=90000,rtcp-fb-nack-pli=true,rtcp-fb-ccm-fir=true,rtcp-fb-nack=true";
      break;
    case Codec::kOpus:
      text += ",encoding-name=OPUS,clock-rate=48000,encoding-params=(string)2";
      break;
  }
  if (const std::string extension = to_extension_text(format); !extension.empty()) text += "," + extension;
  return text;
}

std::string to_caps_text(const std::vector<Format>& formats) {
  std::string text;
  for (const Format& format : formats) text += (text.empty() ? "" : ";") + to_caps_text(format);
  return text;
}

}  // namespace heliograph::peer
