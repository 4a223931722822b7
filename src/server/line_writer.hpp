// LineWriter: lines to a descriptor whose reader may stall, from a thread of its own.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace heliograph::server {

/// Keeps what waits for the reader in a bounded queue. When it is full, the newest lines are dropped; so is every line
/// that cannot be written, on a full disk. One line in their place tells, as soon as that can be written, how many they
/// were. Threads: write from any; it never waits for the reader.
class LineWriter {
 public:
  struct Options {
    std::size_t max_queued_bytes = std::size_t{4} << 20U;  ///< Beside what is being written.
    /// How long destruction waits for a reader that takes nothing. A reader that takes something is waited for anew.
    std::chrono::milliseconds patience{1000};
    /// Told of the first line that cannot be written (errno), and again when others could in between. Called on the
    /// writer's thread.
    std::function<void(int code)> on_failure{};
    /// Where lost lines are counted, when several writers share a count; null: each has its own.
    std::shared_ptr<std::atomic<std::uint64_t>> lost_count{};
  };
  /// Makes the line, with its line feed, that stands for `lost` lines. Called on the writer's thread.
  using ToNotice = std::function<std::string(std::uint64_t lost)>;

  /// @param descriptor  duplicated, so that it may be closed at any time.
  LineWriter(int descriptor, ToNotice to_notice, Options options);
  LineWriter(int descriptor, ToNotice to_notice) : LineWriter(descriptor, std::move(to_notice), Options{}) {}
  /// Everything taken has been written afterwards, unless the reader stalls or is gone.
  ~LineWriter();
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  /// Takes a line with its line feed.
  void write(std::string line);
  /// Lines dropped since the start.
  [[nodiscard]] std::uint64_t lost() const;

 private:
  struct State;
  class Run;

  std::shared_ptr<State> state_;  ///< The thread's too: it may be left behind in a write that nothing ends.
  std::chrono::milliseconds patience_;
};

}  // namespace heliograph::server
