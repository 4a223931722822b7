// Channels as the service's JSON shows them.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "store/channel.hpp"

namespace heliograph::server::api {

/// Appends a ChannelInfo object. SingleMasterConfiguration begins with MessageTtlSeconds, which the FreeRTOS library
/// counts on.
void append_channel_info(std::string& out, const store::Channel& channel);

/// Appends the answer of ListTagsFor…: a map.
void append_tags(std::string& out, const store::Tags& tags);

/// Appends a time as a JSON number: epoch seconds with three decimals, "1712136149.494".
void append_epoch_seconds(std::string& out, WallTime time);

}  // namespace heliograph::server::api
