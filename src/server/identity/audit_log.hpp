// AuditLog: who did what, one JSON object a line.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "server/audit.hpp"
#include "server/line_writer.hpp"
#include "server/log_gate.hpp"
#include "wire/arn.hpp"

namespace heliograph::server::identity {

/// Members of a line, those without a value left out: time, event, principal (ARN), accessKeyId, from, action,
/// resource, allowed, why, error, requestId. Written by a thread of its own; when the disk stalls so long that the
/// queue is full, or takes nothing because it is full itself, lines are lost, and one with the event "lost" and their
/// count stands in their place. That the file cannot be written is in the log, too.
///
/// Lifetime: clock and log must outlive it. Threads: any.
class AuditLog final : public AuditSink {
 public:
  /// @param target  a file, made with mode 0600 or appended to; "-" is standard output.
  /// Fails with kIo.
  [[nodiscard]] static Result<std::unique_ptr<AuditLog>> open(std::string target, wire::ArnScope scope,
                                                              const Clock& clock, LogSink& log);
  void write(const AuditEntry& entry) override;
  /// Goes on in a new file of the name, when the old one has been moved away. Fails with kIo, and then goes on in the
  /// old one.
  [[nodiscard]] Result<void> reopen();
  /// Lines lost since the start.
  [[nodiscard]] std::uint64_t lost_lines() const noexcept { return *lost_; }

 private:
  AuditLog(std::string target, wire::ArnScope scope, const Clock& clock, LogSink& log);
  [[nodiscard]] Result<std::unique_ptr<LineWriter>> make_writer() const;

  const std::string target_;
  const wire::ArnScope scope_;
  const Clock& clock_;
  LogSink& log_;
  /// Of all writers; with their threads, which may be left behind in a write.
  const std::shared_ptr<std::atomic<std::uint64_t>> lost_ = std::make_shared<std::atomic<std::uint64_t>>(0);
  const std::shared_ptr<LogGate> gate_ = std::make_shared<LogGate>();
  std::mutex mutex_;
  std::unique_ptr<LineWriter> writer_;  ///< Under mutex_.
};

}  // namespace heliograph::server::identity
