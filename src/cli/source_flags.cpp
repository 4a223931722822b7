// One wording for all commands.
#include "cli/source_flags.hpp"

#include <CLI/CLI.hpp>
#include <utility>

#include "cli/call/media_flags.hpp"

namespace heliograph::cli {

void add_source_flags(CLI::App& command, SourceOptions& options, const char* name, const char* about) {
  command.add_option(name, options.source, about);
  command.add_option("--microphone", options.microphone,
                     "ALSA device of a camera's sound, such as default or hw:1; without it a camera has none");
  command.add_option("--size", options.size, "Of the picture, where it is encoded here")->capture_default_str();
  command.add_option("--fps", options.frames_per_second, "Pictures a second, likewise")
      ->check(CLI::Range(1, 120))
      ->capture_default_str();
  command.add_option("--bitrate", options.kbps, "Most kbit/s of video, likewise; less where the way bears no more")
      ->check(CLI::Range(50, 100'000))
      ->capture_default_str();
  command.add_option("--codec", options.codec, "Which is liked better: h264 or vp8; a peer without it gets the other")
      ->check(CLI::IsMember({"h264", "vp8"}))
      ->capture_default_str();
  command.add_flag("--no-audio", options.is_silent, "Send no sound");
  command.add_flag("--once", options.is_once, "Play a file once, and end with it; else it begins anew");
}

Result<std::shared_ptr<MediaSource>> make_source(const SourceOptions& options, std::shared_ptr<EventLoop> loop,
                                                 MediaSource::Handlers handlers) {
  auto input = parse_source(options.source);
  if (!input) return input.error();
  const auto size = parse_size(options.size);
  if (!size) return size.error();
  if (auto* camera = std::get_if<MediaSource::Camera>(&*input)) camera->microphone = options.microphone;
  if (auto* file = std::get_if<MediaSource::File>(&*input)) file->loop = !options.is_once;
  MediaSource::Options source;
  source.input = *std::move(input);
  source.width = size->first;
  source.height = size->second;
  source.frames_per_second = options.frames_per_second;
  source.video_kbps = options.kbps;
  source.lowest_video_kbps = std::min(source.lowest_video_kbps, options.kbps);
  source.with_audio = !options.is_silent;
  source.loop = std::move(loop);
  return MediaSource::create(std::move(source), std::move(handlers));
}

}  // namespace heliograph::cli
