// Log records as lines.
#include "server/log_sink.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <boost/json.hpp>

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

bool is_plain(std::string_view value) {
  for (const char c : value)
    if (c == ' ' || c == '"' || c == '=' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  return !value.empty();
}

std::string to_text(std::string_view event, std::initializer_list<LogField> fields) {
  std::string line(event);
  for (const LogField& field : fields) {
    line.append(" ").append(field.key).append("=");
    if (is_plain(field.value)) {
      line.append(field.value);
    } else {
      line.append(boost::json::serialize(boost::json::string_view(field.value.data(), field.value.size())));
    }
  }
  return line;
}

std::string to_json(std::string_view event, std::initializer_list<LogField> fields) {
  const auto text = [](std::string_view value) {
    return boost::json::serialize(boost::json::string_view(value.data(), value.size()));
  };
  std::string line = "\"event\":" + text(event);
  for (const LogField& field : fields) line.append(",").append(text(field.key)).append(":").append(text(field.value));
  return line;
}

}  // namespace

SpdlogSink::SpdlogSink(LogFormat format, const std::string& level) : format_(format) {
  logger_ = std::make_shared<spdlog::logger>("heliographd", std::make_shared<spdlog::sinks::stdout_sink_mt>());
  const char* pattern = format == LogFormat::kJson ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                                                   : "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
  logger_->set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
  logger_->set_level(spdlog::level::from_str(level));
  // Lines are rare (connections, not messages), and a reader waits for the first: none may sit in a buffer.
  logger_->flush_on(spdlog::level::debug);
}

SpdlogSink::~SpdlogSink() = default;

void SpdlogSink::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  const auto severity = to_spdlog(level);
  if (!logger_->should_log(severity)) return;
  const std::string line = format_ == LogFormat::kJson ? to_json(event, fields) : to_text(event, fields);
  logger_->log(severity, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace heliograph::server
