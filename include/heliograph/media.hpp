// What media is made of: kinds, codecs, and one encoded frame.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace heliograph {

/// Pictures or sound.
enum class MediaKind : std::uint8_t { kVideo, kAudio };

/// What the SDK sends and receives.
enum class Codec : std::uint8_t { kH264, kVp8, kOpus };

/// What a codec is for.
[[nodiscard]] constexpr MediaKind kind_of(Codec codec) noexcept {
  return codec == Codec::kOpus ? MediaKind::kAudio : MediaKind::kVideo;
}

/// As SDP spells it: "H264", "VP8", "opus".
[[nodiscard]] constexpr std::string_view to_string(Codec codec) noexcept {
  switch (codec) {
    case Codec::kH264:
      return "H264";
    case Codec::kVp8:
      return "VP8";
    case Codec::kOpus:
      return "opus";
  }
  return "";
}

/// "video" or "audio".
[[nodiscard]] constexpr std::string_view to_string(MediaKind kind) noexcept {
  return kind == MediaKind::kVideo ? "video" : "audio";
}

/// One encoded frame: H.264 is a whole access unit in Annex-B form (start codes, SPS and PPS before a key frame), VP8 a
/// frame, Opus a packet. The bytes live for the call they are handed in.
struct EncodedFrame {
  Codec codec{};                         ///< Says how `data` is laid out.
  std::span<const std::byte> data{};     ///< Not to be kept beyond the call.
  std::chrono::nanoseconds timestamp{};  ///< When it is shown, from any zero that all frames of a peer share.
  std::chrono::nanoseconds duration{};   ///< Zero: not known.
  bool is_key = false;                   ///< Whether decoding may begin here. Always so for audio.
};

}  // namespace heliograph
