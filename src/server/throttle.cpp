// Two buckets per call: the account's and the channel's.
#include "server/throttle.hpp"

#include <algorithm>
#include <string>

namespace heliograph::server {
namespace {

/// Channels that may be busy within one second before the first of them is let off early; 1 MiB.
constexpr std::size_t kBusyChannels = 64 * 1024;

bool is_limited(const CallLimits& limits) {
  return limits.master_connects != 0 || limits.viewer_connects != 0 ||
         std::any_of(limits.operations.begin(), limits.operations.end(),
                     [](const CallRate& rate) { return rate.account != 0 || rate.channel != 0; });
}

bool has_channel_rates(const CallLimits& limits) {
  return limits.master_connects != 0 || limits.viewer_connects != 0 ||
         std::any_of(limits.operations.begin(), limits.operations.end(),
                     [](const CallRate& rate) { return rate.channel != 0; });
}

// Seen in public logs: "Limit exceeded on number of requests for ListStreams API", and with " for resource '…'".
Error too_often(std::string_view name, std::uint32_t rate, std::string_view channel) {
  std::string text = "Limit exceeded on number of requests for " + std::string(name) + " API";
  if (!channel.empty()) text += " for resource '" + std::string(channel) + "'";
  return {Errc::kClientLimitExceeded, text + ": " + std::to_string(rate) + " per second. Try again later."};
}

}  // namespace

Throttle::Throttle(const CallLimits& limits) { set_limits(limits); }

void Throttle::set_limits(const CallLimits& limits) {
  const std::lock_guard lock(mutex_);
  limits_ = limits;
  account_ = {};
  channels_.reset();
  if (has_channel_rates(limits_)) channels_.emplace(kBusyChannels);
  is_limited_.store(is_limited(limits_), std::memory_order_release);
}

Result<void> Throttle::on_call(SteadyTime now, Operation operation, std::string_view channel) {
  if (!is_limited_.load(std::memory_order_acquire)) return {};
  const std::lock_guard lock(mutex_);
  return check(now, {static_cast<std::size_t>(operation), limits_.of(operation), to_string(operation)}, channel);
}

Result<void> Throttle::on_connect(SteadyTime now, wire::Role role, std::string_view channel) {
  if (!is_limited_.load(std::memory_order_acquire)) return {};
  const std::lock_guard lock(mutex_);
  const bool is_master = role == wire::Role::kMaster;
  const CallRate rate{.account = 0, .channel = limits_.connects(role)};
  return check(now, {kOperationCount + (is_master ? 0U : 1U), rate, is_master ? "ConnectAsMaster" : "ConnectAsViewer"},
               channel);
}

Result<void> Throttle::check(SteadyTime now, const Count& what, std::string_view channel) {
  const std::uint32_t per_channel = channel.empty() ? 0 : what.rate.channel;
  if (what.rate.account == 0 && per_channel == 0) return {};

  core::TokenBucket& all = account_[what.kind];
  core::TokenBucket unlimited;
  core::TokenBucket& one =
      per_channel == 0 ? unlimited : channels_->bucket(static_cast<std::uint32_t>(what.kind), channel);
  if (!one.has_token(now, per_channel)) return too_often(what.name, per_channel, channel);
  if (!all.has_token(now, what.rate.account)) return too_often(what.name, what.rate.account, {});
  one.take(now, per_channel);
  all.take(now, what.rate.account);
  return {};
}

}  // namespace heliograph::server
