// ChannelClient: every call of the KVS control plane and of a channel's HTTPS endpoint.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/channel.hpp"
#include "heliograph/credentials.hpp"
#include "heliograph/event_loop.hpp"
#include "heliograph/export.hpp"
#include "heliograph/result.hpp"

namespace heliograph {

namespace sdk {
class ChannelApi;
}

/// Calls the control plane: makes, finds and removes channels, and tells where they are joined and which relays to use.
///
/// Every call comes twice. With a handler: it returns at once, and the handler is called exactly once, where the loop
/// calls handlers. Without: it waits, for at most `total_timeout` and a little (send_alexa_offer() for 65 s, if that is
/// longer); on the loop's thread, where that would never end, it fails at once with kInvalidArgument.
/// A `channel` is a name or an ARN; where the service wants an ARN, that of a name is looked up and remembered.
///
/// Lifetime: shared. When the last owner lets go, calls under way end with kClosed.
/// Threads:  any method from any thread.
/// Errors:   what the service answers, by its AWS type (ResourceNotFoundException is kResourceNotFound), with a detail
///           like "404 ResourceNotFoundException: text (request id)"; kIo and kTimeout when it cannot be reached, after
///           the retries; kCorrupt for an answer that cannot be understood; kInvalidArgument for what never was sent;
///           kClosed; what the credential provider fails with.
/// Retries:  connections that fail, timeouts, 5xx, 429 and throttling, after a random time of up to `retry_base` · 2^n.
///           An answer may have been lost: create may then fail with kResourceInUse, update with kVersionMismatch,
///           although the first try did it. Delete counts kResourceNotFound at a retry as done.
/// Clock:    an answer whose Date is five minutes off corrects the clock for this and all later calls.
class HELIOGRAPH_API ChannelClient {
 public:
  /// Called once with the result of a call.
  template <class T>
  using Handler = std::function<void(Result<T>)>;

  /// What it works with; what is left out comes from the environment, as with the AWS SDKs. A time of max() is for
  /// ever.
  struct Options {
    std::shared_ptr<EventLoop> loop{};                  ///< Empty: one of its own.
    std::shared_ptr<CredentialProvider> credentials{};  ///< Who signs. Empty: default_credentials().
    std::string region{};                               ///< Empty: default_region().
    /// "https://host[:port][/prefix]", or http:// for development. Empty: AWS_ENDPOINT_URL_KINESIS_VIDEO,
    /// AWS_ENDPOINT_URL, the profile's (kinesis_video of its `services`, its `endpoint_url`); none of these with
    /// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS or the profile's ignore_configured_endpoint_urls; else AWS's of the region.
    std::string endpoint{};
    /// Instead of the HTTPS endpoint that the service names. Empty: AWS_ENDPOINT_URL_KINESIS_VIDEO_SIGNALING, or
    /// kinesis_video_signaling of the profile's `services`, if any.
    std::string signaling_endpoint{};
    /// Instead of the WEBRTC endpoint that the service names. Empty: AWS_ENDPOINT_URL_KINESIS_VIDEO_WEBRTC_STORAGE, or
    /// kinesis_video_webrtc_storage.
    std::string storage_endpoint{};
    /// None: AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT, else the profile's use_fips_endpoint and
    /// use_dualstack_endpoint. Neither goes with an `endpoint`. The profile is that of AWS_PROFILE, or "default".
    /// @{
    std::optional<bool> use_fips{};
    std::optional<bool> use_dualstack{};
    /// @}

    std::chrono::milliseconds connect_timeout{5000};  ///< Of one try.
    std::chrono::milliseconds call_timeout{10000};    ///< Of one try, from the call to the whole answer.
    std::chrono::milliseconds total_timeout{30000};   ///< Of all tries of one method together; see above.
    int max_attempts = 4;                             ///< Tries of one request; 1: no retries.
    std::chrono::milliseconds retry_base{100};        ///< The first retry comes after up to this, the next up to twice.
    std::chrono::milliseconds retry_cap{5000};        ///< No wait is longer.

    /// How long join() and names remember where a channel is. Zero: they do not.
    std::chrono::seconds endpoint_life{600};
    /// join() asks for relays anew this long before their credentials end.
    std::chrono::seconds ice_grace{30};
  };

  /// Fails with kInvalidArgument for options that contradict each other, have no region or no credentials; with kIo
  /// when a loop of its own cannot be had. Nothing is sent.
  [[nodiscard]] static Result<std::shared_ptr<ChannelClient>> create(Options options);
  ~ChannelClient();
  ChannelClient(const ChannelClient&) = delete;
  ChannelClient& operator=(const ChannelClient&) = delete;

  /// Gives the ARN. Fails with kResourceInUse when the name is taken.
  /// @{
  void create_channel(NewChannel channel, Handler<std::string> done);
  [[nodiscard]] Result<std::string> create_channel(NewChannel channel);
  /// @}
  /// Fails with kResourceNotFound when there is none.
  /// @{
  void describe_channel(std::string channel, Handler<ChannelInfo> done);
  [[nodiscard]] Result<ChannelInfo> describe_channel(std::string channel);
  /// @}
  /// One page.
  /// @{
  void list_channels_page(ChannelQuery query, Handler<ChannelPage> done);
  [[nodiscard]] Result<ChannelPage> list_channels_page(ChannelQuery query);
  /// @}
  /// All pages from the one that the query names.
  /// @{
  void list_channels(ChannelQuery query, Handler<std::vector<ChannelInfo>> done);
  [[nodiscard]] Result<std::vector<ChannelInfo>> list_channels(ChannelQuery query = {});
  /// @}
  /// Fails with kResourceNotFound, kVersionMismatch, and kResourceInUse while the channel is not ACTIVE.
  /// @{
  void update_channel(std::string channel, ChannelUpdate update, Handler<void> done);
  [[nodiscard]] Result<void> update_channel(std::string channel, ChannelUpdate update);
  /// @}
  /// @param version  only this one is deleted, else kVersionMismatch; empty: whatever there is.
  /// @{
  void delete_channel(std::string channel, std::string version, Handler<void> done);
  [[nodiscard]] Result<void> delete_channel(std::string channel, std::string version = {});
  /// @}

  /// Sets tags; those of other keys stay.
  /// @{
  void tag_channel(std::string channel, Tags tags, Handler<void> done);
  [[nodiscard]] Result<void> tag_channel(std::string channel, Tags tags);
  /// @}
  /// Removes tags; keys that are not there do no harm.
  /// @{
  void untag_channel(std::string channel, std::vector<std::string> keys, Handler<void> done);
  [[nodiscard]] Result<void> untag_channel(std::string channel, std::vector<std::string> keys);
  /// @}
  /// All of them.
  /// @{
  void list_tags(std::string channel, Handler<Tags> done);
  [[nodiscard]] Result<Tags> list_tags(std::string channel);
  /// @}

  /// Asks the service, whatever is remembered, and remembers the answer.
  /// @{
  void get_endpoints(EndpointQuery query, Handler<ChannelEndpoints> done);
  [[nodiscard]] Result<ChannelEndpoints> get_endpoints(EndpointQuery query);
  /// @}
  /// Likewise; only where to ask is taken from memory.
  /// @{
  void get_ice_servers(IceQuery query, Handler<std::vector<IceServer>> done);
  [[nodiscard]] Result<std::vector<IceServer>> get_ice_servers(IceQuery query);
  /// @}

  /// Whether the channel's media is stored; fails with kResourceNotFound.
  /// @{
  void describe_media_storage(std::string channel, Handler<MediaStorage> done);
  [[nodiscard]] Result<MediaStorage> describe_media_storage(std::string channel);
  /// @}
  /// Has the channel's media stored in a stream from now on, or no more. Fails with kResourceNotFound for the channel
  /// or the stream.
  /// @{
  void update_media_storage(std::string channel, MediaStorage storage, Handler<void> done);
  [[nodiscard]] Result<void> update_media_storage(std::string channel, MediaStorage storage);
  /// @}
  /// Has the service's storage peer send an offer to who has joined the channel already. Never made twice by a retry.
  /// @{
  void join_storage_session(StorageSession session, Handler<void> done);
  [[nodiscard]] Result<void> join_storage_session(StorageSession session);
  /// @}
  /// Gives the master's answer, base64. Lasts until it answers, up to a minute, and so up to 65 s whatever
  /// `call_timeout` and `total_timeout` are. Never made twice by a retry.
  /// @{
  void send_alexa_offer(AlexaOffer offer, Handler<std::string> done);
  [[nodiscard]] Result<std::string> send_alexa_offer(AlexaOffer offer);
  /// @}

  /// From a channel's name to all that is needed to join it: describe (for a name), endpoints, relays. What is
  /// remembered is not asked for again. A channel that is being created is waited for, when it goes by its name.
  /// Fails with kResourceNotFound also for one that is being deleted.
  /// @{
  void join(JoinQuery query, Handler<JoinInfo> done);
  [[nodiscard]] Result<JoinInfo> join(JoinQuery query);
  /// @}
  /// Forgets what join() remembers of a channel (name or ARN), in every role. For whoever found an endpoint that
  /// answers 403 or 404, or does not answer.
  void invalidate(std::string_view channel);

  /// What it signs for.
  [[nodiscard]] const std::string& region() const noexcept;
  /// The control plane's URL.
  [[nodiscard]] const std::string& endpoint() const noexcept;
  /// Those of the options, or the default ones that took their place.
  [[nodiscard]] const std::shared_ptr<CredentialProvider>& credentials() const noexcept;
  /// That of the options, or its own.
  [[nodiscard]] const std::shared_ptr<EventLoop>& loop() const noexcept;
  /// What to add to this machine's clock to have the service's; zero until an answer said otherwise.
  [[nodiscard]] std::chrono::milliseconds clock_offset() const noexcept;

  /// For the SDK's own parts.
  [[nodiscard]] const std::shared_ptr<sdk::ChannelApi>& parts() const noexcept;

 private:
  struct Impl;
  explicit ChannelClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace heliograph
