// SpdlogSink: the process's log, one line per record on standard output, as text or as JSON.
#pragma once

#include <memory>
#include <string>

#include "base/log.hpp"
#include "server/config.hpp"

namespace spdlog {
class logger;
}

namespace heliograph::server {

/// Threads: any. Text: `2026-01-31T12:00:00.000Z info listening on http://… key=value`; JSON: one object a line with
/// `time`, `level`, `event` and the fields. Control characters in values are escaped, so that no input can forge a
/// line.
class SpdlogSink final : public LogSink {
 public:
  SpdlogSink(LogFormat format, const std::string& level);
  ~SpdlogSink() override;
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override;

 private:
  LogFormat format_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace heliograph::server
