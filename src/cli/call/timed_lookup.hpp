// What a viewer finds out before it joins, with the time that each step takes.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cli/call/timeline.hpp"
#include "heliograph/channel_client.hpp"
#include "heliograph/request_signer.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

/// The channel's ARN; endpoints and relays are asked for one by one, as the AWS page does: SignalingClient then finds
/// all of it in memory. Waits. Fails as find_channel() and get_endpoints().
[[nodiscard]] Result<std::string> look_up(ChannelClient& channels, const std::string& name, const std::string& client,
                                          Timeline& timeline);

/// Signs by the credentials of the SDK, and notes how long that took.
/// @param executor  has functions called where the timeline lives.
[[nodiscard]] std::shared_ptr<RequestSigner> timed_signer(const ChannelClient& channels,
                                                          std::function<void(std::function<void()>)> executor,
                                                          std::shared_ptr<Timeline> timeline);

}  // namespace heliograph::cli
