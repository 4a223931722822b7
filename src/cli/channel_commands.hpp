// `heliograph channel create|list|describe|update|delete|tag|untag`, through the SDK: of a heliographd, or of Amazon's.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "cli/client/sdk_service.hpp"
#include "cli/connection_commands.hpp"
#include "cli/failure.hpp"
#include "heliograph/channel.hpp"

namespace heliograph::cli {

/// Adds `channel` and its subcommands. What they were given is kept in the functions.
[[nodiscard]] std::vector<Command> add_channel_commands(CLI::App& app);

/// "k=v" each; the value may be empty or have more of "=". Fails with kInvalidArgument.
[[nodiscard]] Result<Tags> parse_tags(const std::vector<std::string>& texts);

/// As one of DescribeSignalingChannel's, with names as in the AWS answers.
/// @param attendance  adds Masters and Viewers, which only a heliographd tells; may be null.
[[nodiscard]] boost::json::object to_json(const ChannelInfo& channel, const Attendance* attendance = nullptr);

/// The channel by its name or ARN. One that is not there fails with what to do about it, or is made.
/// @param is_created  make it when it is not there; by its name only.
[[nodiscard]] Result<ChannelInfo> find_channel(ChannelClient& channels, const std::string& channel,
                                               bool is_created = false);

}  // namespace heliograph::cli
