// A channel's life, in short: made, found, joined, talked in, deleted.
#include <chrono>
#include <cstdlib>

#include "cli/client/presign.hpp"
#include "cli/client/socket.hpp"
#include "cli/doctor/advice.hpp"
#include "cli/doctor/checks.hpp"
#include "cli/doctor/own_channel.hpp"

namespace heliograph::cli {
namespace {

constexpr const char* kClient = "heliograph-doctor";
constexpr std::string_view kOffer = "aGVsaW9ncmFwaA==";

/// A channel, and who visits it.
struct Visit {
  const SdkService& service;
  const Credentials& key;
  const std::string& arn;

  [[nodiscard]] Result<Socket> open(const std::string& endpoint, const std::string& client) const {
    const auto url = presign(service, key, endpoint, {.arn = arn, .client = client});
    if (!url) return url.error();
    return Socket::open(*url, service.trust);
  }
};

void tell_refusal(Report& report, const std::string& scheme, const std::string& endpoint, const Error& error) {
  if (error.detail.find("TlsRequiredException") != std::string::npos)
    return report.ok(scheme, endpoint + " is refused in plain text, as it is off loopback");
  report.fail(scheme, endpoint + ": " + error.detail, refusal_advice(error));
}

/// As a viewer who says nothing.
void try_join(Report& report, const Visit& visit, const std::string& scheme, const std::string& endpoint) {
  auto socket = visit.open(endpoint, kClient);
  if (!socket) return tell_refusal(report, scheme, endpoint, socket.error());
  socket->close();
  report.ok(scheme, endpoint + " joined as a viewer");
}

/// A master and a viewer, and an offer from one to the other.
void try_talk(Report& report, const Visit& visit, const std::string& scheme, const std::string& endpoint) {
  auto master = visit.open(endpoint, {});
  if (!master) return tell_refusal(report, scheme, endpoint, master.error());
  auto viewer = visit.open(endpoint, kClient);
  if (!viewer) return tell_refusal(report, scheme, endpoint, viewer.error());
  const auto begin = std::chrono::steady_clock::now();
  if (auto sent = viewer->send_text(R"({"action":"SDP_OFFER","messagePayload":")" + std::string(kOffer) + "\"}"); !sent)
    return report.fail(scheme, endpoint + ": " + sent.error().detail);
  const auto offer = master->read_text();
  if (!offer) return report.fail(scheme, endpoint + ": an offer was sent and did not arrive: " + offer.error().detail);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
  viewer->close();
  master->close();
  if (offer->find(kOffer) == std::string::npos)
    return report.fail(scheme, endpoint + ": something else than the offer arrived");
  report.ok(scheme, endpoint + " passes an offer from viewer to master in " + std::to_string(took.count()) + " µs");
}

/// Over each of http and https that it has.
void check_sockets(Report& report, const Visit& visit, const Service& daemon, bool is_own) {
  const auto join = is_own ? try_talk : try_join;
  if (!daemon.http.empty()) join(report, visit, "ws", "ws" + daemon.http.substr(4));
  if (!daemon.https.empty()) join(report, visit, "wss", "wss" + daemon.https.substr(5));
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

CallsVerdict check_calls(Report& report, const SdkService& service, const std::string& channel, bool is_heliographd) {
  const auto advice = [is_heliographd](const Error& error) {
    const std::string by_id = is_heliographd ? refusal_advice(error) : std::string();  // It remembers why.
    return by_id.empty() ? call_advice(error) : by_id;
  };
  const auto key = credentials_of(service);
  if (!key && key.error().code == Errc::kMissingAuthenticationToken && is_heliographd) {
    report.note("signed", "there is no key: neither in " + (service.daemon->data_dir / "credentials").string() +
                              " nor where the AWS SDKs look; signed calls and WebSockets were not tried");
    return CallsVerdict::kNoKey;
  }
  const auto begin = std::chrono::steady_clock::now();
  ChannelQuery one;
  one.page_size = 1;
  const auto listed = key ? service.channels->list_channels_page(std::move(one)) : Result<ChannelPage>(key.error());
  if (!listed) {
    report.fail("signed", service.said + ": " + listed.error().detail, advice(listed.error()));
    return CallsVerdict::kNone;
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  report.ok("signed", service.said + " answers ListSignalingChannels for key " + key->access_key_id + ", in " +
                          std::to_string(took.count()) + " ms");
  if (!is_heliographd) check_clock(report, *service.channels);

  const bool is_own = channel.empty();
  OwnChannel own(service.channels, report);
  const auto found = is_own ? own.make() : Result<std::string>(channel);
  const auto fail = [&](const std::string& text, const Error& error) {
    report.fail("channel", text + error.detail, advice(error));
    return CallsVerdict::kMade;
  };
  if (!found) return fail({}, found.error());
  JoinQuery query;
  query.channel = *found;
  query.client_id = kClient;
  const auto info = service.channels->join(std::move(query));
  if (!info) return fail(*found + ": ", info.error());
  report.ok("channel", (is_own ? "made " : "found ") + info->channel_arn + ", joined at " + info->wss_endpoint);
  if (is_heliographd) check_sockets(report, {service, *key, info->channel_arn}, *service.daemon, is_own);
  if (info->ice_error) report.fail("relay", info->ice_error->detail, advice(*info->ice_error));
  check_relays(report, info->ice_servers, service.trust);
  return CallsVerdict::kMade;
}

}  // namespace heliograph::cli
