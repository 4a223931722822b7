// ChannelClient, PeerConnection and SignalingClient, each for a moment.
#include "cli/doctor/sdk_checks.hpp"

#include <atomic>
#include <boost/json.hpp>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "cli/doctor/advice.hpp"
#include "cli/doctor/own_channel.hpp"
#include "heliograph/peer_connection.hpp"
#include "heliograph/signaling_client.hpp"

namespace heliograph::cli {
namespace {

using std::chrono::milliseconds;

/// "Amazon Kinesis Video Streams WebRTC quotas": messagePayload of SDP offers and answers, and of candidates.
constexpr std::size_t kAwsPayload = 10'000;
constexpr std::chrono::seconds kLongest{15};

/// Sets a promise at most once: handlers may come again.
template <class T>
class Once {
 public:
  void set(T value) {
    if (!is_set_->exchange(true)) promise_->set_value(std::move(value));
  }
  /// Nothing after `patience`.
  [[nodiscard]] std::optional<T> get(milliseconds patience) {
    if (future_.wait_for(patience) != std::future_status::ready) return std::nullopt;
    return future_.get();
  }

 private:
  std::shared_ptr<std::promise<T>> promise_ = std::make_shared<std::promise<T>>();
  std::shared_ptr<std::atomic<bool>> is_set_ = std::make_shared<std::atomic<bool>>(false);
  std::future<T> future_ = promise_->get_future();
};

/// Of a viewer that wants everything, with all candidates in it, as clients without trickle send it.
Result<SessionDescription> make_offer(const SdkService& service, const std::vector<IceServer>& servers) {
  const auto made = std::make_shared<Once<Result<SessionDescription>>>();
  PeerConnection::Config config;
  config.loop = service.loop;
  config.ice_servers = servers;
  config.trickle = false;
  config.receive_video = config.receive_audio = true;
  PeerConnection::Handlers handlers;
  handlers.on_local_description = [made](const SessionDescription& offer) { made->set(offer); };
  handlers.on_error = [made](const Error& error) { made->set(error); };
  auto peer = PeerConnection::create(std::move(config), std::move(handlers));
  if (!peer) return peer.error();
  auto channel = (*peer)->create_data_channel("kvsDataChannel", {}, {});
  if (!channel) return channel.error();
  if (auto offered = (*peer)->create_offer(); !offered) return offered.error();
  auto offer = made->get(kLongest);
  if (!offer) return Error{Errc::kTimeout, "no offer came about"};
  return *std::move(offer);
}

/// A viewer sends it to a master; whether it arrived as it was.
Result<void> pass_offer(const SdkService& service, const std::string& arn, const SessionDescription& offer) {
  const auto arrived = std::make_shared<Once<Result<std::string>>>();
  const auto joined = std::make_shared<Once<Result<void>>>();
  SignalingClient::Options options;
  options.channel = arn;
  options.channels = service.channels;
  options.role = Role::kMaster;
  auto master = SignalingClient::create(
      options, {.on_open = [joined](const auto&) { joined->set({}); },
                .on_offer = [arrived](const SessionDescription& it, const std::string&) { arrived->set(it.sdp); },
                .on_closed = [joined](const Error& why) { joined->set(why); }});
  if (!master) return master.error();
  (*master)->open();
  const auto is_joined = joined->get(kLongest);
  if (!is_joined) return Error{Errc::kTimeout, "the channel could not be joined as a master"};
  if (!*is_joined) return is_joined->error();
  options.role = Role::kViewer;
  options.client_id = "heliograph-doctor";
  auto viewer = SignalingClient::create(options, {.on_closed = [arrived](const Error& why) { arrived->set(why); }});
  if (!viewer) return viewer.error();
  (*viewer)->open();
  if (auto queued = (*viewer)->send_offer(offer, {},
                                          [arrived](const Result<void>& sent) {
                                            if (!sent) arrived->set(sent.error());
                                          });
      !queued)
    return queued;
  const auto text = arrived->get(kLongest);
  if (!text) return Error{Errc::kTimeout, "it was sent and did not arrive"};
  if (!*text) return text->error();
  if (**text != offer.sdp) return Error{Errc::kCorrupt, "something else arrived than was sent"};
  return {};
}

}  // namespace

std::size_t payload_size(const SessionDescription& description) {
  const boost::json::object object{{"type", "offer"}, {"sdp", description.sdp}};
  return (boost::json::serialize(object).size() + 2) / 3 * 4;
}

void check_sdp(Report& report, const SdkService& service, bool is_own) {
  OwnChannel own(service.channels, report);
  std::vector<IceServer> servers;
  std::string arn;
  if (is_own) {
    auto made = own.make();
    if (!made) return report.fail("sdp", made.error().detail, call_advice(made.error()));
    arn = *std::move(made);
    IceQuery query;
    query.channel = arn;
    if (auto found = service.channels->get_ice_servers(std::move(query))) servers = *std::move(found);
  }
  const auto offer = make_offer(service, servers);
  // Who only signs and calls needs no GStreamer, and has installed none.
  if (!offer && offer.error().code == Errc::kServiceUnavailable) return report.note("sdp", offer.error().detail);
  if (!offer) return report.fail("sdp", offer.error().detail);
  const std::size_t size = payload_size(*offer);
  const std::string text = "an offer of audio, video and data with every candidate takes " + std::to_string(size) +
                           " characters; Amazon's service takes " + std::to_string(kAwsPayload);
  if (size > kAwsPayload)
    report.note("sdp", text + ": trickle candidates, or fewer codecs, where it has to pass there");
  else
    report.ok("sdp", text);
  if (!is_own) return;
  const auto passed = pass_offer(service, arn, *offer);
  if (passed)
    report.ok("offer", "this service passes it from a viewer to a master as it is");
  else
    report.fail("offer", "this service does not pass it: " + passed.error().detail, call_advice(passed.error()));
}

}  // namespace heliograph::cli
