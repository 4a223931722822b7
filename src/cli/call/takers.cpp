// A list of sinks.
#include "cli/call/takers.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace heliograph::cli {
namespace {

std::uint64_t frames_of(const MediaSink& sink) {
  return sink.stats(MediaKind::kVideo).frames + sink.stats(MediaKind::kAudio).frames;
}

bool is_there(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace

Result<std::shared_ptr<MediaSink>> Takers::add() {
  Result<std::shared_ptr<MediaSink>> sink = MediaSink::headless();
  std::string path;
  if (!record_.empty()) {
    do path = recording_path(record_, ++last_recording_);
    while (last_recording_ > 1 && !is_overwriting_ && is_there(path));
    sink = MediaSink::record({.path = path});
  } else if (make_window_) {
    sink = make_window_();
  }
  if (sink) takers_.push_back({.path = path, .sink = *sink});
  return sink;
}

std::shared_ptr<MediaSink> Takers::next(const std::function<void(const std::string&)>& warn) {
  if (!std::exchange(is_first_out_, true) && !takers_.empty()) return takers_.front().sink;
  const auto sink = add();
  if (sink) return *sink;
  warn("what comes now is counted only: " + sink.error().detail);
  return takers_.emplace_back(Taker{.sink = MediaSink::headless()}).sink;
}

bool Takers::stop(const std::function<void(const std::string&)>& warn) {
  for (Taker& taker : takers_) {
    const auto done = taker.sink->stop();
    if (done || taker.path.empty() || frames_of(*taker.sink) == 0) continue;
    taker.is_whole = false;
    warn(taker.path + ": " + done.error().detail);
  }
  end();
  return std::all_of(takers_.begin(), takers_.end(), [](const Taker& taker) { return taker.is_whole; });
}

void Takers::end() {
  for (const Taker& taker : takers_) {
    static_cast<void>(taker.sink->stop());
    remove_if_empty(taker.path);
  }
}

MediaSink::Stats Takers::total(MediaKind kind) const {
  MediaSink::Stats sum;
  for (const Taker& taker : takers_) {
    const auto one = taker.sink->stats(kind);
    if (one.codec) sum.codec = one.codec;
    sum.frames += one.frames;
    sum.key_frames += one.key_frames;
    sum.bytes += one.bytes;
    sum.dropped += one.dropped;
    sum.freezes += one.freezes;
    sum.longest_gap = std::max(sum.longest_gap, one.longest_gap);
    if (!sum.first_frame) sum.first_frame = one.first_frame;
    if (one.last_frame) sum.last_frame = one.last_frame;
  }
  return sum;
}

std::vector<std::string> Takers::recordings() const {
  std::vector<std::string> paths;
  for (const Taker& taker : takers_)
    if (!taker.path.empty() && taker.is_whole && frames_of(*taker.sink) > 0) paths.push_back(taker.path);
  return paths;
}

void remove_if_empty(const std::string& recording) {
  std::error_code ignored;
  // Nothing but what record() makes: --record may name a device.
  if (std::filesystem::is_regular_file(recording, ignored) && std::filesystem::file_size(recording, ignored) == 0)
    std::filesystem::remove(recording, ignored);
}

std::string recording_path(const std::string& path, int connection) {
  if (connection <= 1) return path;
  std::filesystem::path file(path);
  const std::string extension = file.extension().string();
  file.replace_extension();
  return file.string() + "-" + std::to_string(connection) + extension;
}

}  // namespace heliograph::cli
