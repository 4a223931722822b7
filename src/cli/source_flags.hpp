// The flags that say what is sent, of `master` and `viewer`.
#pragma once

#include <memory>
#include <string>

#include "heliograph/event_loop.hpp"
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

/// Fails with kInvalidArgument for flags that cannot be, and as MediaSource::create().
[[nodiscard]] Result<std::shared_ptr<MediaSource>> make_source(const SourceOptions& options,
                                                               std::shared_ptr<EventLoop> loop,
                                                               MediaSource::Handlers handlers);

}  // namespace heliograph::cli
