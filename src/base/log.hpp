// LogSink: how a layer reports what an operator should know, as an event name with fields, without knowing the logger.
#pragma once

#include <initializer_list>
#include <string_view>

#include "heliograph/log.hpp"

namespace heliograph {

/// One named value of a record. The views need to live only for the call.
struct LogField {
  std::string_view key;
  std::string_view value;
};

/// Receives records. Threads: any. Must not throw, and must not be given a secret.
class LogSink {
 public:
  LogSink() = default;
  LogSink(const LogSink&) = delete;
  LogSink& operator=(const LogSink&) = delete;
  virtual ~LogSink() = default;
  /// @param event  what happened, in a few fixed words ("connection closed"); values belong in `fields`.
  virtual void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) = 0;
  /// Whether records of this level are kept, for those who would write many that are not.
  [[nodiscard]] virtual bool is_wanted(LogLevel /*level*/) const noexcept { return true; }
};

}  // namespace heliograph
