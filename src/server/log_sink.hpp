// SpdlogSink: the process's log, one line per record on standard output, as text or as JSON.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "server/config.hpp"

namespace spdlog {
class logger;
}

namespace heliograph::server {

class LineWriter;

/// Threads: any; none waits for the log's reader. A reader that stalls loses the newest lines: a line "log lines lost"
/// tells later how many. Destruction writes what is left, and waits a second at most for a reader that takes nothing.
///
/// Text: `2026-01-31T12:00:00.000Z info listening on http://… key=value`; JSON: one object a line with `time`, `level`,
/// `event` and the fields. Whatever the values hold, a record is one line, and UTF-8: control characters and line
/// separators are escaped, bytes that are not UTF-8 become U+FFFD.
class SpdlogSink final : public LogSink {
 public:
  /// @param descriptor  where the lines go; duplicated.
  SpdlogSink(LogFormat format, const std::string& level, int descriptor = 1);
  ~SpdlogSink() override;
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override;
  [[nodiscard]] bool is_wanted(LogLevel level) const noexcept override;
  /// For lines from now on.
  void configure(LogFormat format, const std::string& level);

  /// Lines dropped since the start because the reader stalled or is gone.
  [[nodiscard]] std::uint64_t lost_lines() const;

 private:
  [[nodiscard]] spdlog::logger& logger(LogFormat format) const noexcept {
    return *loggers_[static_cast<std::size_t>(format)];
  }

  std::shared_ptr<std::atomic<LogFormat>> format_;  ///< Shared with the writer's thread.
  std::shared_ptr<LineWriter> writer_;
  std::array<std::shared_ptr<spdlog::logger>, 2> loggers_;  ///< By LogFormat; `writer_` is behind both.
};

}  // namespace heliograph::server
