// Log records as lines.
#include "server/log_sink.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/sink.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "server/line_writer.hpp"
#include "wire/utf8.hpp"

namespace heliograph::server {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

/// What may stand in a line as it is. The C1 controls steer terminals as escape sequences do, and U+0085, U+2028 and
/// U+2029 are ends of lines to some readers.
bool is_harmless(char32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0);
  return !is_control && c != 0x2028 && c != 0x2029;
}

/// Appends a JSON string, which a text log quotes too.
void append_quoted(std::string& line, std::string_view value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  line += '"';
  for (std::size_t i = 0; i < value.size();) {
    const wire::Utf8Char c = wire::decode_utf8(value, i);
    if (c.length == 0) {
      line += "\\ufffd";
    } else if (is_harmless(c.code)) {
      if (c.code == '"' || c.code == '\\') line += '\\';
      line += value.substr(i, c.length);
    } else {
      line += "\\u";
      for (const unsigned shift : {12U, 8U, 4U, 0U}) line += kHex[(c.code >> shift) & 15U];
    }
    i += std::max<std::size_t>(c.length, 1);
  }
  line += '"';
}

bool needs_no_quotes(std::string_view value) {
  for (std::size_t i = 0; i < value.size();) {
    const wire::Utf8Char c = wire::decode_utf8(value, i);
    if (c.length == 0 || !is_harmless(c.code) || c.code == ' ' || c.code == '"' || c.code == '=') return false;
    i += c.length;
  }
  return !value.empty();
}

std::string to_text(std::string_view event, std::initializer_list<LogField> fields) {
  std::string line(event);
  for (const LogField& field : fields) {
    line.append(" ").append(field.key).append("=");
    if (needs_no_quotes(field.value)) {
      line.append(field.value);
    } else {
      append_quoted(line, field.value);
    }
  }
  return line;
}

std::string to_json(std::string_view event, std::initializer_list<LogField> fields) {
  std::string line = "\"event\":";
  append_quoted(line, event);
  for (const LogField& field : fields) {
    line += ',';
    append_quoted(line, field.key);
    line += ':';
    append_quoted(line, field.value);
  }
  return line;
}

std::string to_line(LogFormat format, std::string_view event, std::initializer_list<LogField> fields) {
  return format == LogFormat::kJson ? to_json(event, fields) : to_text(event, fields);
}

std::unique_ptr<spdlog::formatter> make_formatter(LogFormat format) {
  const char* pattern = format == LogFormat::kJson ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                                                   : "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
  return std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc);
}

LineWriter::ToNotice make_notice(std::shared_ptr<const std::atomic<LogFormat>> current) {
  return [current = std::move(current)](std::uint64_t lost) {
    const LogFormat format = current->load();
    const std::string text = to_line(format, "log lines lost", {{"count", std::to_string(lost)}});
    spdlog::memory_buf_t line;
    make_formatter(format)->format({"heliographd", spdlog::level::warn, text}, line);
    return fmt::to_string(line);
  };
}

/// Formats on the calling thread, one at a time, and hands over.
class QueueSink final : public spdlog::sinks::sink {
 public:
  QueueSink(LogFormat format, std::shared_ptr<LineWriter> writer)
      : formatter_(make_formatter(format)), writer_(std::move(writer)) {}

  void log(const spdlog::details::log_msg& record) override {
    spdlog::memory_buf_t line;
    {
      const std::lock_guard lock(mutex_);
      formatter_->format(record, line);
    }
    writer_->write(fmt::to_string(line));
  }
  void flush() override {}
  void set_pattern(const std::string& pattern) override {
    set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern));
  }
  void set_formatter(std::unique_ptr<spdlog::formatter> formatter) override {
    const std::lock_guard lock(mutex_);
    formatter_ = std::move(formatter);
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<spdlog::formatter> formatter_;  ///< Under mutex_.
  std::shared_ptr<LineWriter> writer_;
};

}  // namespace

SpdlogSink::SpdlogSink(LogFormat format, const std::string& level, int descriptor)
    : format_(std::make_shared<std::atomic<LogFormat>>(format)),
      writer_(std::make_shared<LineWriter>(descriptor, make_notice(format_))) {
  for (const LogFormat each : {LogFormat::kText, LogFormat::kJson})
    loggers_[static_cast<std::size_t>(each)] =
        std::make_shared<spdlog::logger>("heliographd", std::make_shared<QueueSink>(each, writer_));
  configure(format, level);
}

SpdlogSink::~SpdlogSink() = default;

std::uint64_t SpdlogSink::lost_lines() const { return writer_->lost(); }

void SpdlogSink::configure(LogFormat format, const std::string& level) {
  for (const auto& each : loggers_) each->set_level(spdlog::level::from_str(level));
  format_->store(format);
}

bool SpdlogSink::is_wanted(LogLevel level) const noexcept {
  return logger(format_->load(std::memory_order_relaxed)).should_log(to_spdlog(level));
}

void SpdlogSink::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  const auto severity = to_spdlog(level);
  const LogFormat format = format_->load(std::memory_order_relaxed);
  if (!logger(format).should_log(severity)) return;
  const std::string line = to_line(format, event, fields);
  logger(format).log(severity, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace heliograph::server
