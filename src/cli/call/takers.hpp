// Takers: what takes the media of a viewer's connections, one after the other: files, a window, or counters.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "heliograph/media_sink.hpp"

namespace heliograph::cli {

/// Threads: one at a time.
class Takers {
 public:
  /// @param record  a Matroska file for the first connection; empty: none. What is there already stays, unless
  ///                `is_overwriting`, but for this first, which is the caller's to look at.
  Takers(std::string record, bool is_overwriting) : record_(std::move(record)), is_overwriting_(is_overwriting) {}
  Takers(const Takers&) = delete;
  Takers& operator=(const Takers&) = delete;
  ~Takers() { end(); }

  /// Without a recording: who makes what shows the media of each connection.
  void show_in(std::function<Result<std::shared_ptr<MediaSink>>()> make_window) {
    make_window_ = std::move(make_window);
  }

  /// For the next connection. Fails as MediaSink::record() and window().
  [[nodiscard]] Result<std::shared_ptr<MediaSink>> add();
  /// The same, but the first time what was added already; where add() fails, `warn` is told and it is only counted.
  [[nodiscard]] std::shared_ptr<MediaSink> next(const std::function<void(const std::string&)>& warn);
  /// Completes the recordings, and removes those without anything in them. False, with a line for each, when one is not
  /// whole.
  [[nodiscard]] bool stop(const std::function<void(const std::string&)>& warn);

  /// Over all connections.
  [[nodiscard]] MediaSink::Stats total(MediaKind kind) const;
  /// Files that have something in them and, after stop(), are whole.
  [[nodiscard]] std::vector<std::string> recordings() const;

 private:
  void end();

  struct Taker {
    std::string path{};  ///< Of a recording.
    std::shared_ptr<MediaSink> sink{};
    bool is_whole = true;
  };

  const std::string record_;
  const bool is_overwriting_;
  std::function<Result<std::shared_ptr<MediaSink>>()> make_window_;
  std::vector<Taker> takers_;
  int last_recording_ = 0;
  bool is_first_out_ = false;
};

/// Of the file of a sink that has been stopped: where nothing came it would stand in the way of the next recording.
void remove_if_empty(const std::string& recording);

/// "a.mkv" for the first connection, "a-2.mkv" for the second.
[[nodiscard]] std::string recording_path(const std::string& path, int connection);

}  // namespace heliograph::cli
