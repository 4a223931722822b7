// HubNews: what the control plane changes and open connections must hear of.
#pragma once

#include "server/control_plane.hpp"
#include "server/signaling.hpp"

namespace heliograph::server {

/// Threads: any. `signaling` must outlive it.
class HubNews final : public ChannelEvents {
 public:
  explicit HubNews(Signaling& signaling) : signaling_(signaling) {}
  void on_deleted(const ChannelArn& channel) override { signaling_.on_channel_deleted(channel); }
  void on_ttl_changed(const ChannelArn& channel, std::chrono::seconds ttl) override {
    signaling_.on_ttl_changed(channel, ttl);
  }

 private:
  Signaling& signaling_;
};

}  // namespace heliograph::server
