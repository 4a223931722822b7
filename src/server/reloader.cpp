// Read all, check all, then change.
#include "server/reloader.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "server/runtime_file.hpp"

namespace heliograph::server {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text.append(text.empty() ? "" : ",").append(name);
  return text;
}

/// What a command line would print, as one line.
std::string one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

Error wrong(std::string why) { return {Errc::kInvalidArgument, std::move(why)}; }

}  // namespace

Reloader::Reloader(Parts parts) : parts_(std::move(parts)), next_check_(parts_.clock.steady_now() + kCheckInterval) {}

Result<ReloadReport> Reloader::reload(std::string_view by) {
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now().time_since_epoch());  // CLOCK_MONOTONIC
  tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.count()));
  auto report = try_reload();
  tell("READY=1");
  if (!report) {
    parts_.log.write(LogLevel::kError, "reload failed, nothing was changed",
                     {{"by", by}, {"why", report.error().detail}});
    return report;
  }
  parts_.log.write(LogLevel::kInfo, "reloaded", {{"by", by}, {"applied", joined(report->applied)}});
  if (!report->needs_restart.empty())
    parts_.log.write(LogLevel::kWarning, "changed settings that need a restart",
                     {{"settings", joined(report->needs_restart)}});
  return report;
}

void Reloader::tell(std::string_view assignments) const {
  if (parts_.hooks.notify) parts_.hooks.notify(assignments);
}

Result<ReloadReport> Reloader::try_reload() {
  if (!parts_.hooks.reread) return wrong("this service was started without a configuration that can be read again");
  const auto parsed = parts_.hooks.reread();
  if (const auto* refused = std::get_if<ExitRequest>(&parsed)) return wrong(one_line(refused->text));
  const Config& wanted = std::get<Config>(parsed);
  const Config& running = parts_.config.get();
  ReloadReport report = compare_settings(running, wanted);

  Config next = with_live_settings(running, wanted);
  auto certificate = parts_.certificates.locate(wanted.tls);
  if (!certificate) return wrong(certificate.error().detail);
  const auto change_relays = parts_.relays.prepare_reload(next.turn);
  if (!change_relays) return wrong(change_relays.error().detail);
  if (auto loaded = parts_.network.reload_tls(certificate->files); !loaded) return wrong(loaded.error().detail);
  // From here on nothing fails.
  (*change_relays)();
  if (!parts_.relays.reload_certificate(certificate->files)) report.needs_restart.emplace_back("tls-cert of the relay");
  parts_.certificates.serve(*std::move(certificate));
  apply(std::move(next));
  return report;
}

void Reloader::apply(Config next) {
  parts_.config.set(std::move(next));
  const Config& config = parts_.config.get();
  parts_.network.set_limits(config.limits);
  parts_.signaling.set_limits(config.limits);
  parts_.control_plane.set_limits(config.call_limits);
  parts_.throttle.set_limits(config.call_limits);
  if (parts_.hooks.set_log) parts_.hooks.set_log(config.log_format, config.log_level);
  const auto written = write_runtime_file(parts_.runtime_file, parts_.network.bound().front(), config,
                                          parts_.certificates.served().ca_file);
  if (!written) parts_.log.write(LogLevel::kWarning, "runtime.json was not written", {{"why", written.error().detail}});
}

void Reloader::on_tick() {
  const SteadyTime now = parts_.clock.steady_now();
  if (now < next_check_) return;
  next_check_ = now + kCheckInterval;
  if (const auto renewed = parts_.certificates.renew(); !renewed)
    parts_.log.write(LogLevel::kError, "the development certificate cannot be renewed",
                     {{"why", renewed.error().detail}});
  if (!parts_.certificates.take_change()) return;
  const net::TlsFiles& files = parts_.certificates.served().files;
  if (const auto loaded = parts_.network.reload_tls(files); !loaded)
    return parts_.log.write(LogLevel::kError, "the changed certificate cannot be used; the one before stays",
                            {{"why", loaded.error().detail}});
  static_cast<void>(parts_.relays.reload_certificate(files));
  parts_.log.write(LogLevel::kInfo, "certificate read again", {{"file", files.certificate_chain_file}});
}

}  // namespace heliograph::server
