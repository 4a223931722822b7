// The flags that say what is sent, of `master` and `viewer`.
#pragma once

#include <string>

#include "heliograph/media_source.hpp"
#include "heliograph/result.hpp"

namespace CLI {
class App;
}

namespace heliograph::cli {

struct SourceOptions {
  std::string source = "test";
  std::string microphone{};
  std::string size = "1280x720";
  int frames_per_second = 30;
  int kbps = 1500;
  std::string codec = "h264";
  bool is_silent = false;
  bool is_once = false;
};

/// @param name  "--source", or "--send".
void add_source_flags(CLI::App& command, SourceOptions& options, const char* name, const char* about);

/// What to give to MediaSource::create(), but for the loop. Fails with kInvalidArgument for flags that cannot be, and
/// for files and devices that are not there or cannot be what is asked for: rather now than with the first viewer.
[[nodiscard]] Result<MediaSource::Options> read_source(const SourceOptions& options);

/// Whether a source that has failed may yet come back: somebody plugs the camera in.
[[nodiscard]] bool comes_back(const MediaSource::Input& input) noexcept;

}  // namespace heliograph::cli
