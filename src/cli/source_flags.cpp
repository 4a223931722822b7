// One wording for all commands.
#include "cli/source_flags.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "cli/call/media_flags.hpp"
#include "wire/redact.hpp"

namespace heliograph::cli {
namespace {

Error bad_source(std::string text) { return {Errc::kInvalidArgument, std::move(text)}; }

/// What is not there may be the URL of a camera, mistyped, and have its password in it.
Result<void> look_at(const MediaSource::File& file) {
  std::error_code problem;
  const auto facts = std::filesystem::status(file.path, problem);
  if (!std::filesystem::exists(facts))
    return bad_source("there is no file " + wire::redact_url(file.path) +
                      (problem ? " (" + problem.message() + ")" : "") +
                      "; sources are test, camera[:DEVICE], rtsp://…, a file, and - for standard input");
  if (!std::filesystem::is_regular_file(facts)) return bad_source(file.path + " is no file that can be played");
  if (::access(file.path.c_str(), R_OK) != 0) return bad_source(file.path + " cannot be read: " + std::strerror(errno));
  return {};
}

Result<void> look_at(const MediaSource::Camera& camera) {
  std::error_code ignored;
  const auto facts = std::filesystem::status(camera.device, ignored);
  if (!std::filesystem::exists(facts))
    return bad_source(wire::redact_url(camera.device) +
                      " is no camera that is there: is it plugged in? ls /dev/video* shows what is");
  if (!std::filesystem::is_character_file(facts)) return bad_source(camera.device + " is no camera");
  return {};
}

/// What is of this machine: whether it is there.
Result<void> look_at(const MediaSource::Input& input) {
  if (const auto* file = std::get_if<MediaSource::File>(&input)) return look_at(*file);
  if (const auto* camera = std::get_if<MediaSource::Camera>(&input)) return look_at(*camera);
  return {};
}

}  // namespace

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

Result<MediaSource::Options> read_source(const SourceOptions& options) {
  auto input = parse_source(options.source);
  if (!input) return input.error();
  if (auto found = look_at(*input); !found) return found.error();
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
  return source;
}

bool comes_back(const MediaSource::Input& input) noexcept {
  return std::holds_alternative<MediaSource::Rtsp>(input) || std::holds_alternative<MediaSource::Camera>(input);
}

}  // namespace heliograph::cli
