// Three calls, and a signer around a signer.
#include "cli/call/timed_lookup.hpp"

#include <utility>

#include "cli/channel_commands.hpp"

namespace heliograph::cli {
namespace {

using std::chrono::steady_clock;

class TimedSigner final : public RequestSigner {
 public:
  TimedSigner(const ChannelClient& channels, std::function<void(std::function<void()>)> executor,
              std::shared_ptr<Timeline> timeline)
      : signer_(channels.region(), channels.credentials()),
        executor_(std::move(executor)),
        timeline_(std::move(timeline)) {}

  void get_signed_url(SignRequest request, Handler done) override {
    const auto begin = steady_clock::now();
    signer_.get_signed_url(std::move(request), [executor = executor_, timeline = timeline_, begin,
                                                done = std::move(done)](Result<std::string> url) {
      executor([timeline, begin, end = steady_clock::now()]() {
        timeline->begin("sign-connect-as-viewer", begin);
        timeline->end("sign-connect-as-viewer", end);
      });
      done(std::move(url));
    });
  }
  void forget() override { signer_.forget(); }

 private:
  SigV4RequestSigner signer_;
  std::function<void(std::function<void()>)> executor_;
  std::shared_ptr<Timeline> timeline_;
};

}  // namespace

Result<std::string> look_up(ChannelClient& channels, const std::string& name, const std::string& client,
                            Timeline& timeline) {
  timeline.begin("signaling-viewer-describe-channel", steady_clock::now());
  const auto channel = find_channel(channels, name);
  if (!channel) return channel.error();
  timeline.end("signaling-viewer-describe-channel", steady_clock::now());
  timeline.begin("signaling-viewer-get-signaling-channel-endpoint", steady_clock::now());
  EndpointQuery where;
  where.channel = channel->arn;
  if (const auto found = channels.get_endpoints(std::move(where)); !found) return found.error();
  timeline.end("signaling-viewer-get-signaling-channel-endpoint", steady_clock::now());
  timeline.begin("signaling-viewer-get-ice-server-config", steady_clock::now());
  IceQuery relays;
  relays.channel = channel->arn;
  relays.client_id = client;
  // Without relays there may be a way all the same.
  if (channels.get_ice_servers(std::move(relays)))
    timeline.end("signaling-viewer-get-ice-server-config", steady_clock::now());
  return channel->arn;
}

std::shared_ptr<RequestSigner> timed_signer(const ChannelClient& channels,
                                            std::function<void(std::function<void()>)> executor,
                                            std::shared_ptr<Timeline> timeline) {
  return std::make_shared<TimedSigner>(channels, std::move(executor), std::move(timeline));
}

}  // namespace heliograph::cli
