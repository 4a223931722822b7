// The two templates of ChannelApi that its sources share.
#pragma once

#include <utility>

#include "sdk/channel/channel_api.hpp"
#include "wire/arn.hpp"
#include "wire/names.hpp"

namespace heliograph::sdk {

/// "arn:…", and not a name: no name has a colon.
[[nodiscard]] inline bool is_arn(std::string_view channel) noexcept { return channel.starts_with("arn:"); }

/// Nothing, or what is wrong with what should be a channel's name or ARN.
[[nodiscard]] inline std::optional<Error> find_fault(const std::string& channel) {
  if (is_arn(channel)) {
    const auto arn = wire::parse_arn(channel);
    if (arn && arn->kind == "channel") return std::nullopt;
    return Error{Errc::kInvalidArgument, "'" + channel.substr(0, 300) + "' is no channel's ARN"};
  }
  if (wire::is_resource_name(channel)) return std::nullopt;
  return Error{Errc::kInvalidArgument,
               "'" + channel.substr(0, 300) + "' is no channel's name: 1 to 256 of A-Z a-z 0-9 _ . - (nor an ARN)"};
}

template <class T>
void ChannelApi::refuse(Error error, Handler<T> done) {
  world_.post([error = std::move(error), done = std::move(done)]() { done(error); });
}

template <class T>
void ChannelApi::with_arn(std::string channel, SteadyTime deadline, std::function<void(std::string, Handler<T>)> what,
                          Handler<T> done) {
  if (auto fault = find_fault(channel)) return refuse<T>(*std::move(fault), std::move(done));
  if (is_arn(channel)) return what(std::move(channel), std::move(done));
  const auto look_up = [self = shared_from_this(), channel, deadline, what](Handler<T> then) {
    self->describe(channel, deadline, on_value<ChannelInfo>(std::move(then), [what](ChannelInfo info, Handler<T> next) {
                     what(std::move(info.arn), std::move(next));
                   }));
  };
  auto remembered = memory_.arn(now(), channel);
  if (!remembered) return look_up(std::move(done));
  what(*std::move(remembered), [self = shared_from_this(), channel, look_up, done = std::move(done)](Result<T> result) {
    if (result || result.error().code != Errc::kResourceNotFound) return done(std::move(result));
    // Deleted meanwhile, and perhaps made anew: under another ARN.
    self->memory_.forget(channel);
    look_up(done);
  });
}

}  // namespace heliograph::sdk
