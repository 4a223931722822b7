// ChannelClient, PeerConnection and SignalingClient, each for a moment.
#include "cli/doctor/sdk_checks.hpp"

#include <openssl/rand.h>

#include <array>
#include <atomic>
#include <boost/json.hpp>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "cli/channel_commands.hpp"
#include "cli/doctor/advice.hpp"
#include "cli/doctor/turn_probe.hpp"
#include "heliograph/peer_connection.hpp"
#include "heliograph/signaling_client.hpp"
#include "wire/digest.hpp"

namespace heliograph::cli {
namespace {

using std::chrono::milliseconds;

/// "Amazon Kinesis Video Streams WebRTC quotas": messagePayload of SDP offers and answers, and of candidates.
constexpr std::size_t kAwsPayload = 10'000;
constexpr std::chrono::seconds kLongest{15};

/// Deleted when it goes.
class OwnChannel {
 public:
  OwnChannel(std::shared_ptr<ChannelClient> channels, Report& report)
      : channels_(std::move(channels)), report_(report) {}
  OwnChannel(const OwnChannel&) = delete;
  OwnChannel& operator=(const OwnChannel&) = delete;
  ~OwnChannel() {
    if (arn_.empty()) return;
    if (auto deleted = channels_->delete_channel(arn_); !deleted)
      report_.fail("channel", "cannot delete " + arn_ + ": " + deleted.error().detail);
  }

  [[nodiscard]] Result<std::string> make() {
    std::array<std::uint8_t, 6> bytes{};
    RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
    NewChannel wanted;
    wanted.name = "heliograph-doctor-" + wire::to_hex(bytes);
    wanted.wait_until_active = true;
    auto arn = channels_->create_channel(std::move(wanted));
    if (arn) arn_ = *arn;
    return arn;
  }

 private:
  std::shared_ptr<ChannelClient> channels_;
  Report& report_;
  std::string arn_;
};

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

void check_clock(Report& report, const ChannelClient& channels) {
  const auto offset = std::chrono::round<std::chrono::seconds>(channels.clock_offset());
  if (offset.count() == 0) return report.ok("clock", "the service takes what is signed by this machine's clock");
  report.fail("clock",
              "this machine's clock is " + std::to_string(std::abs(offset.count())) + " s " +
                  (offset.count() < 0 ? "ahead of" : "behind") + " the service's; the SDK corrects it, others do not",
              "run NTP (timedatectl set-ntp true)");
}

}  // namespace

std::string call_advice(const Error& error) {
  switch (error.code) {
    case Errc::kIo:
    case Errc::kTimeout:
      return reach_advice(error);
    case Errc::kMissingAuthenticationToken:
      return "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile (aws configure); of a heliographd: --data";
    case Errc::kUnrecognizedClient:
    case Errc::kInvalidClient:
      return "the service does not know this key: is it of another service, or revoked?";
    case Errc::kSignatureMismatch:
      return "the secret does not belong to the key, or the region is not the service's (--region)";
    case Errc::kSignatureExpired:
    case Errc::kSignatureNotYetCurrent:
      return "this machine's clock is off: run NTP (timedatectl set-ntp true)";
    case Errc::kExpiredToken:
      return "the temporary credentials have ended: get new ones";
    case Errc::kAccessDenied:
    case Errc::kNotAuthorized:
      return "the key may not do this: its policy has to allow the action that is named";
    default:
      return refusal_advice(error);
  }
}

std::size_t payload_size(const SessionDescription& description) {
  const boost::json::object object{{"type", "offer"}, {"sdp", description.sdp}};
  return (boost::json::serialize(object).size() + 2) / 3 * 4;
}

void check_servers(Report& report, const std::vector<IceServer>& servers, const Trust& trust) {
  bool is_any = false;
  for (const IceServer& server : servers) {
    const TurnCredentials credentials{server.username, std::string(server.password.reveal())};
    for (const std::string& uri : server.uris) {
      is_any = is_any || uri.starts_with("turn");
      const auto parsed = parse_turn_uri(uri);
      if (!parsed) {
        report.fail("relay", parsed.error().detail);
        continue;
      }
      const auto learnt = probe_turn(*parsed, credentials, trust);
      if (learnt)
        report.ok("relay", uri + " " + *learnt);
      else if (learnt.error().code == Errc::kUnsupportedData)
        report.note("relay", uri + " " + learnt.error().detail);
      else
        report.fail("relay", uri + ": " + learnt.error().detail,
                    "open the port in the firewall; where UDP is not let out, turns: over TCP is what remains");
    }
  }
  if (!is_any) report.note("relay", "there is none: calls work where peers reach each other directly");
}

bool check_calls(Report& report, const SdkService& service, const std::string& channel) {
  const auto begin = std::chrono::steady_clock::now();
  const auto listed = service.channels->list_channels_page({.name_prefix = {}, .page_size = 1, .next_token = {}});
  if (!listed) {
    report.fail("signed", service.said + ": " + listed.error().detail, call_advice(listed.error()));
    return false;
  }
  const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
  report.ok("signed", service.said + " answers ListSignalingChannels, in " + std::to_string(took.count()) + " ms");
  check_clock(report, *service.channels);

  OwnChannel own(service.channels, report);
  const auto found = channel.empty() ? own.make() : Result<std::string>(channel);
  if (!found) {
    report.fail("channel", found.error().detail, call_advice(found.error()));
    return true;
  }
  JoinQuery query;
  query.channel = *found;
  query.client_id = "heliograph-doctor";
  const auto info = service.channels->join(std::move(query));
  if (!info) {
    report.fail("channel", *found + ": " + info.error().detail, call_advice(info.error()));
    return true;
  }
  report.ok("channel",
            (channel.empty() ? "made " : "found ") + info->channel_arn + ", joined at " + info->wss_endpoint);
  if (info->ice_error) report.fail("relay", info->ice_error->detail, call_advice(*info->ice_error));
  check_servers(report, info->ice_servers, Trust{});
  return true;
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
