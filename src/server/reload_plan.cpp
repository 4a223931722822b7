// The live settings, by name.
#include "server/reload_plan.hpp"

#include <algorithm>
#include <string_view>

namespace heliograph::server {
namespace {

constexpr std::string_view kLive[] = {"tls-cert",  "tls-key",  "limits",           "limit",        "log-format",
                                      "log-level", "turn-uri", "turn-secret-file", "drain-notice", "drain-window"};

bool is_external(const Config& running, const Config& wanted) {
  return running.turn.mode == TurnMode::kExternal && wanted.turn.mode == TurnMode::kExternal;
}

bool is_live(std::string_view name, const Config& running, const Config& wanted) {
  if (std::find(std::begin(kLive), std::end(kLive), name) == std::end(kLive)) return false;
  return !name.starts_with("turn-") || is_external(running, wanted);
}

}  // namespace

ReloadReport compare_settings(const Config& running, const Config& wanted) {
  ReloadReport report;
  for (const auto& [name, value] : wanted.settings) {
    const auto before = running.settings.find(name);
    if (before != running.settings.end() && before->second == value) continue;
    (is_live(name, running, wanted) ? report.applied : report.needs_restart).push_back(name);
  }
  return report;
}

Config with_live_settings(const Config& running, const Config& wanted) {
  Config next = running;
  next.tls = wanted.tls;
  next.limits = wanted.limits;
  next.limits_name = wanted.limits_name;
  next.call_limits = wanted.call_limits;
  next.log_format = wanted.log_format;
  next.log_level = wanted.log_level;
  next.drain = wanted.drain;
  if (is_external(running, wanted)) {
    next.turn.uris = wanted.turn.uris;
    next.turn.secret_file = wanted.turn.secret_file;
  }
  for (const std::string& name : compare_settings(running, wanted).applied)
    next.settings[name] = wanted.settings.at(name);
  return next;
}

}  // namespace heliograph::server
