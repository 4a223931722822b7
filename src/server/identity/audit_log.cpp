// Entries as lines.
#include "server/identity/audit_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "wire/date.hpp"
#include "wire/json_text.hpp"

namespace heliograph::server::identity {
namespace {

/// What a caller chooses is cut: a line stays a line that tools read.
constexpr std::size_t kMaxValue = 2048;

void append_member(std::string& line, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  line.append(",\"").append(name).append("\":");
  wire::append_json_string(line, value.substr(0, kMaxValue));
}

std::string begin_line(WallTime now, std::string_view event) {
  std::string line = "{\"time\":\"" + wire::to_iso_date(now) + "\"";
  append_member(line, "event", event);
  return line;
}

}  // namespace

AuditLog::AuditLog(std::string target, wire::ArnScope scope, const Clock& clock, LogSink& log)
    : target_(std::move(target)), scope_(std::move(scope)), clock_(clock), log_(log) {}

Result<std::unique_ptr<LineWriter>> AuditLog::make_writer() const {
  const bool is_output = target_ == "-";
  const int file =
      is_output ? STDOUT_FILENO : ::open(target_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0)
    return Error{Errc::kIo, "cannot write the audit log " + target_ + ": " + std::strerror(errno) +
                                "; its directory must exist, and this user may write there"};
  LineWriter::Options options;
  options.lost_count = lost_;
  options.on_failure = [&clock = clock_, &log = log_, gate = gate_, target = target_](int code) {
    if (const auto held_back = gate->try_pass(clock.steady_now()))
      log.write(LogLevel::kError, "audit log cannot be written",
                {{"file", target}, {"why", std::strerror(code)}, {"held_back", std::to_string(*held_back)}});
  };
  const auto to_notice = [&clock = clock_](std::uint64_t lost) {
    return begin_line(clock.wall_now(), "lost") + ",\"count\":" + std::to_string(lost) + "}\n";
  };
  auto writer = std::make_unique<LineWriter>(file, to_notice, std::move(options));
  if (!is_output) ::close(file);
  return writer;
}

Result<std::unique_ptr<AuditLog>> AuditLog::open(std::string target, wire::ArnScope scope, const Clock& clock,
                                                 LogSink& log) {
  std::unique_ptr<AuditLog> audit(new AuditLog(std::move(target), std::move(scope), clock, log));
  auto writer = audit->make_writer();
  if (!writer) return writer.error();
  audit->writer_ = *std::move(writer);
  return audit;
}

Result<void> AuditLog::reopen() {
  if (target_ == "-") return {};
  auto writer = make_writer();
  if (!writer) return writer.error();
  std::unique_ptr<LineWriter> before = *std::move(writer);
  const std::lock_guard lock(mutex_);
  writer_.swap(before);
  return {};  // The old one ends when it has written what it has, and without the lock.
}

void AuditLog::write(const AuditEntry& entry) {
  std::string line = begin_line(clock_.wall_now(), entry.event);
  if (entry.principal != nullptr) {
    append_member(line, "principal", arn_of(*entry.principal, scope_));
    append_member(line, "accessKeyId", entry.principal->id.view());
  } else {
    append_member(line, "accessKeyId", entry.key_id);
  }
  append_member(line, "from", entry.from);
  append_member(line, "action", entry.action);
  append_member(line, "resource", entry.resource);
  line.append(",\"allowed\":").append(entry.allowed ? "true" : "false");
  append_member(line, "why", entry.why);
  append_member(line, "error", entry.error);
  append_member(line, "requestId", entry.request_id);
  line += "}\n";
  // Under the lock, so that an old writer, whose end waits for its disk, never ends on a caller's thread.
  const std::lock_guard lock(mutex_);
  writer_->write(std::move(line));
}

}  // namespace heliograph::server::identity
