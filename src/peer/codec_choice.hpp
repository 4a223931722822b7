// Which codec a media section is to have, and how webrtcbin is told.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "heliograph/media.hpp"
#include "peer/sdp_text.hpp"

namespace heliograph::peer {

/// The first of our codecs that the section has in a form that we can make: H.264 in packetization mode 1 or 0, the
/// constrained baseline profile before others. Empty: none.
[[nodiscard]] std::optional<Format> choose_format(const Section& section, const std::vector<Codec>& ours);

/// The payload types that our offers use.
[[nodiscard]] std::vector<Format> formats_to_offer(MediaKind kind, const std::vector<Codec>& ours);

/// RTP caps of one format, as gst_caps_from_string() reads them. Of the parameters only those that tell formats apart.
[[nodiscard]] std::string to_caps_text(const Format& format);
[[nodiscard]] std::string to_caps_text(const std::vector<Format>& formats);

/// The part of it that has packets numbered for transport-wide feedback; empty: they are not.
[[nodiscard]] std::string to_extension_text(const Format& format);

/// One of a format's parameters: "1" for "packetization-mode".
[[nodiscard]] std::string parameter(const Format& format, std::string_view name);

}  // namespace heliograph::peer
