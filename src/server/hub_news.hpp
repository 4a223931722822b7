// HubNews: what operations do to open connections: the Hub hears of store changes, and masters are asked.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "server/control_plane.hpp"
#include "server/signaling.hpp"

namespace heliograph::server {

/// Threads: any. `signaling` must outlive it.
class HubNews final : public ChannelEvents, public MasterLine {
 public:
  explicit HubNews(Signaling& signaling) : signaling_(signaling) {}
  void on_deleted(const ChannelArn& channel) override { signaling_.on_channel_deleted(channel); }
  void on_ttl_changed(const ChannelArn& channel, std::chrono::seconds ttl) override {
    signaling_.on_ttl_changed(channel, ttl);
  }
  void ask(SteadyTime now, core::Ask ask, std::function<void(Result<std::string>)> reply) override {
    signaling_.ask(now, std::move(ask), std::move(reply));
  }

 private:
  Signaling& signaling_;
};

}  // namespace heliograph::server
