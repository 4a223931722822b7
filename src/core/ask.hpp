// Ask: an offer that comes from outside of any connection and waits for the master's answer.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace heliograph::core {

/// One ask of a Hub. The caller chooses the numbers; none comes twice.
using AskId = std::uint64_t;

/// What SendAlexaOfferToMaster says.
struct Ask {
  AskId id = 0;
  ChannelArn channel;
  ClientId sender;      ///< SenderClientId: under which the master sees it, and answers it.
  std::string payload;  ///< MessagePayload.
  std::chrono::seconds patience{60};
};

/// An Ask whose answer has not come.
struct PendingAsk {
  AskId id = 0;
  std::string sender;
  std::string payload;
  SteadyTime expires;

  static constexpr std::size_t kOverhead = 128;
  [[nodiscard]] std::size_t bytes() const noexcept { return payload.size() + sender.size() + kOverhead; }
};

}  // namespace heliograph::core
