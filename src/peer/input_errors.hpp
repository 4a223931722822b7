// What GStreamer says of an input that fails, in words that name the device and say what to do about it.
#pragma once

#include <gst/gst.h>

#include <string>
#include <string_view>

#include "heliograph/media_source.hpp"

namespace heliograph::peer {

/// @param element  what failed, such as "rtspsrc".
/// @param error    what it is without better words.
[[nodiscard]] Error explain(const MediaSource::Input& input, const GError& reason, std::string_view element,
                            Error error);

/// "rtsp://host:port": paths and queries of cameras hold passwords, too.
[[nodiscard]] std::string host_of(const std::string& url);

/// For what only a network camera does.
[[nodiscard]] Error no_pictures(const MediaSource::Rtsp& camera);
[[nodiscard]] Error no_media(const MediaSource::Rtsp& camera);
[[nodiscard]] Error no_media(const MediaSource::File& file);
[[nodiscard]] Error hung_up(const MediaSource::Rtsp& camera);
[[nodiscard]] Error fell_silent(const MediaSource::Rtsp& camera);

}  // namespace heliograph::peer
