// How often and how fast a program that stays notices that its service is away, and that it is back.
#pragma once

#include "heliograph/signaling_client.hpp"

namespace heliograph::cli {

/// Shorter than the SDK's defaults, which suit thousands of clients: somebody looks at this one. A dead connection is
/// noticed after 5 s when something was sent, else after 10; a service that is back after 5 at most, and the time that
/// connecting takes. (What TCP itself would do takes minutes.)
inline void set_pace(SignalingClient::Options& options) {
  options.ping_interval = std::chrono::seconds(5);
  options.ping_timeout = std::chrono::seconds(5);
  options.reconnect.most = std::chrono::seconds(5);
}

}  // namespace heliograph::cli
