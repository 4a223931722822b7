// What --source, --size and --codec say.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "heliograph/media.hpp"
#include "heliograph/media_source.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

/// "test", "camera", "camera:/dev/video2", "rtsp://user:password@host/path", "-" (standard input), or a file. Fails
/// with kInvalidArgument.
[[nodiscard]] Result<MediaSource::Input> parse_source(const std::string& text);

/// "1280x720". Fails with kInvalidArgument for what is no size, or an odd one: pictures are coded in pairs of pixels.
[[nodiscard]] Result<std::pair<int, int>> parse_size(const std::string& text);

/// "h264" or "vp8" first, the other behind it, and Opus. Fails with kInvalidArgument.
[[nodiscard]] Result<std::vector<Codec>> parse_codec(const std::string& text);

/// "viewer-3f9a0c12d4": for who gives no name.
[[nodiscard]] std::string random_client_id();

/// A viewer's name as a part of a file's.
[[nodiscard]] std::string file_name_of(const std::string& client_id);

}  // namespace heliograph::cli
