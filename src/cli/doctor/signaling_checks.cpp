// A channel's life, in short: made, found, joined, talked in, deleted.
#include <openssl/rand.h>

#include <array>
#include <boost/json.hpp>

#include "cli/client/presign.hpp"
#include "cli/client/socket.hpp"
#include "cli/doctor/advice.hpp"
#include "cli/doctor/checks.hpp"
#include "wire/digest.hpp"

namespace heliograph::cli {
namespace {

namespace json = boost::json;
constexpr std::string_view kOffer = "aGVsaW9ncmFwaA==";

std::string random_name() {
  std::array<std::uint8_t, 6> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  return "heliograph-doctor-" + wire::to_hex(bytes);
}

void tell_refusal(Report& report, const std::string& scheme, const std::string& endpoint, const Error& error) {
  if (error.detail.find("TlsRequiredException") != std::string::npos)
    return report.ok(scheme, endpoint + " is refused in plain text, as it is off loopback");
  report.fail(scheme, endpoint + ": " + error.detail, refusal_advice(error));
}

/// As a viewer who says nothing.
void try_join(Report& report, const Service& service, const std::string& scheme, const std::string& endpoint,
              const std::string& arn) {
  const auto url = presign(service, endpoint, {.arn = arn, .client = "heliograph-doctor"});
  if (!url) return report.fail(scheme, url.error().detail);
  auto socket = Socket::open(*url, service.trust);
  if (!socket) return tell_refusal(report, scheme, endpoint, socket.error());
  socket->close();
  report.ok(scheme, endpoint + " joined as a viewer");
}

/// A master and a viewer, and an offer from one to the other.
void try_talk(Report& report, const Service& service, const std::string& scheme, const std::string& endpoint,
              const std::string& arn) {
  const auto as_master = presign(service, endpoint, {.arn = arn, .client = {}});
  const auto as_viewer = presign(service, endpoint, {.arn = arn, .client = "heliograph-doctor"});
  if (!as_master) return report.fail(scheme, as_master.error().detail);
  if (!as_viewer) return report.fail(scheme, as_viewer.error().detail);
  auto master = Socket::open(*as_master, service.trust);
  if (!master) return tell_refusal(report, scheme, endpoint, master.error());
  auto viewer = Socket::open(*as_viewer, service.trust);
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

Result<std::string> find_or_make(const Service& service, const std::string& endpoint, const std::string& name,
                                 bool is_own) {
  const auto answer = call(service, endpoint, is_own ? "/createSignalingChannel" : "/describeSignalingChannel",
                           {{"ChannelName", name}});
  if (!answer) return answer.error();
  if (is_own) return text_of(*answer, "ChannelARN");
  const auto* info = answer->if_contains("ChannelInfo");
  return info == nullptr || !info->is_object() ? std::string{} : text_of(info->get_object(), "ChannelARN");
}

}  // namespace

void check_signaling(Report& report, const Service& service, const std::string& channel) {
  if (!service.key)
    return report.note("signed", "there is no key: neither in " + (service.data_dir / "credentials").string() +
                                     " nor in AWS_ACCESS_KEY_ID; signed calls and WebSockets were not tried");
  const std::string& endpoint = service.any();
  const auto listed = call(service, endpoint, "/listSignalingChannels", {{"MaxResults", 1}});
  if (!listed) return report.fail("signed", endpoint + ": " + listed.error().detail, refusal_advice(listed.error()));
  report.ok("signed", "ListSignalingChannels is answered for key " + service.key->access_key_id);

  const bool is_own = channel.empty();
  const std::string name = is_own ? random_name() : channel;
  const auto arn = find_or_make(service, endpoint, name, is_own);
  if (!arn) return report.fail("channel", name + ": " + arn.error().detail, refusal_advice(arn.error()));
  report.ok("channel", (is_own ? "made " : "found ") + *arn);
  const auto join = is_own ? try_talk : try_join;
  if (!service.http.empty()) join(report, service, "ws", "ws" + service.http.substr(4), *arn);
  if (!service.https.empty()) join(report, service, "wss", "wss" + service.https.substr(5), *arn);
  check_relay(report, service, endpoint, *arn);
  if (!is_own) return;
  if (auto deleted = call(service, endpoint, "/deleteSignalingChannel", {{"ChannelARN", *arn}}); !deleted)
    report.fail("channel", "cannot delete " + *arn + ": " + deleted.error().detail);
}

}  // namespace heliograph::cli
