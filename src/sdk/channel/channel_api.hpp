// ChannelApi: the inside of ChannelClient, on a World.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/channel_client.hpp"
#include "sdk/channel/caller.hpp"
#include "sdk/channel/channel_memory.hpp"
#include "sdk/channel/settings.hpp"
#include "sdk/world.hpp"

namespace heliograph::sdk {

/// The calls of ChannelClient, under the same names and with the same results.
/// Lifetime: shared; calls under way keep it. Threads: the loop's, but the three accessors are for any. Handlers are
/// called on the loop's thread, once each, and not before the call that they were given to returns.
class ChannelApi : public std::enable_shared_from_this<ChannelApi> {
 public:
  template <class T>
  using Handler = ChannelClient::Handler<T>;

  /// @param settings  its credentials are the caller's to keep: without them calls end with kClosed.
  /// @param keep      whatever the world needs to live.
  [[nodiscard]] static std::shared_ptr<ChannelApi> make(World world, ChannelSettings settings,
                                                        std::shared_ptr<void> keep = {});

  void create_channel(NewChannel channel, Handler<std::string> done);
  void describe_channel(std::string channel, Handler<ChannelInfo> done);
  void list_channels_page(ChannelQuery query, Handler<ChannelPage> done);
  void list_channels(ChannelQuery query, Handler<std::vector<ChannelInfo>> done);
  void update_channel(std::string channel, ChannelUpdate update, Handler<void> done);
  void delete_channel(std::string channel, std::string version, Handler<void> done);
  void tag_channel(std::string channel, Tags tags, Handler<void> done);
  void untag_channel(std::string channel, std::vector<std::string> keys, Handler<void> done);
  void list_tags(std::string channel, Handler<Tags> done);
  void get_endpoints(EndpointQuery query, Handler<ChannelEndpoints> done);
  void get_ice_servers(IceQuery query, Handler<std::vector<IceServer>> done);
  void describe_media_storage(std::string channel, Handler<MediaStorage> done);
  void update_media_storage(std::string channel, MediaStorage storage, Handler<void> done);
  void join_storage_session(StorageSession session, Handler<void> done);
  void send_alexa_offer(AlexaOffer offer, Handler<std::string> done);
  /// @param attempts  of each call that finds the channel, for who tries again by itself; zero: the usual. Relays are
  ///                  asked for as usual, since nobody tries again to get them.
  void join(JoinQuery query, Handler<JoinInfo> done, int attempts = 0);
  void invalidate(std::string_view channel) { memory_.forget(channel); }
  /// Calls under way and to come end with kClosed.
  void close() { caller_->close(); }

  [[nodiscard]] std::chrono::milliseconds clock_offset() const noexcept { return caller_->clock_offset(); }
  [[nodiscard]] const ChannelSettings& settings() const noexcept { return settings_; }
  [[nodiscard]] const std::string& region() const noexcept { return settings_.options.region; }

 private:
  friend class Joining;
  using Object = boost::json::object;

  ChannelApi(World world, ChannelSettings settings, std::shared_ptr<void> keep);

  [[nodiscard]] SteadyTime now() const { return world_.clock->steady_now(); }
  [[nodiscard]] SteadyTime deadline() const { return now() + settings_.options.total_timeout; }
  /// A call of the control plane.
  void ask(const char* name, const char* path, Object body, SteadyTime deadline, Caller::Done done, int attempts = 0);
  /// Fails soon, without a call.
  template <class T>
  void refuse(Error error, Handler<T> done);
  /// Does something with a channel's ARN. That of a name is looked up, and once more if the one remembered has gone.
  template <class T>
  void with_arn(std::string channel, SteadyTime deadline, std::function<void(std::string, Handler<T>)> what,
                Handler<T> done);

  void describe(const std::string& channel, SteadyTime deadline, Handler<ChannelInfo> done, int attempts = 0);
  /// Describes until the channel is neither CREATING nor UPDATING.
  void describe_settled(const std::string& channel, SteadyTime deadline, Handler<ChannelInfo> done, int attempts = 0);
  void list_rest(ChannelQuery query, SteadyTime deadline, std::vector<ChannelInfo> found,
                 Handler<std::vector<ChannelInfo>> done);
  void list_rest_of_tags(const std::string& arn, const std::string& next_token, SteadyTime deadline, Tags found,
                         Handler<Tags> done);
  void endpoints_of(const std::string& arn, Role role, const std::vector<ChannelProtocol>& protocols,
                    SteadyTime deadline, Handler<ChannelEndpoints> done, int attempts = 0);
  /// Where a channel's own calls go: what the options say, what is remembered, what the service says.
  void data_endpoint(const std::string& arn, Role role, ChannelProtocol protocol, SteadyTime deadline,
                     Handler<net::HttpUrl> done);
  /// When a method began: what was known of endpoints by then may be out of date, what was learnt since is not.
  struct Begun {
    SteadyTime deadline;
    std::uint64_t serial;
  };
  [[nodiscard]] Begun begin() const { return {deadline(), memory_.serial()}; }
  /// Makes a call of a channel's own; one to an endpoint that is out of date is made at a new one.
  void ask_channel(ServiceCall call, const Begun& begun, const std::string& arn, Role role, ChannelProtocol protocol,
                   const char* path, Caller::Done done);
  void ice_of(const IceQuery& of_arn, const Begun& begun, Handler<std::vector<IceServer>> done);

  World world_;
  ChannelSettings settings_;
  std::shared_ptr<Caller> caller_;  ///< Also keeps what the world needs.
  ChannelMemory memory_;
};

/// What to do with a value; an error goes on to `done`.
template <class T, class U, class Next>
std::function<void(Result<T>)> on_value(std::function<void(Result<U>)> done, Next next) {
  return [done = std::move(done), next = std::move(next)](Result<T> result) mutable {
    if (!result) return done(std::move(result).error());
    if constexpr (std::is_void_v<T>)
      next(std::move(done));
    else
      next(*std::move(result), std::move(done));
  };
}

}  // namespace heliograph::sdk
