// What somebody else may write first: a master and a viewer meet in a channel. Ends with 0 when the offer arrived.
#include <chrono>
#include <cstdlib>
#include <future>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "heliograph/channel_client.hpp"
#include "heliograph/signaling_client.hpp"
#include "heliograph/version.hpp"

namespace {

using heliograph::ChannelClient;
using heliograph::SignalingClient;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

int fail(const char* what, const heliograph::Error& error) {
  std::cerr << what << ": " << error.detail << '\n';
  return 1;
}

int meet(const std::shared_ptr<ChannelClient>& channels, const std::string& arn) {
  std::promise<std::string> offered;
  SignalingClient::Handlers on_master;
  on_master.on_offer = [&offered](const heliograph::SessionDescription& offer, const std::string& from) {
    offered.set_value(from + " offers " + offer.sdp);
  };
  auto master =
      SignalingClient::create({.role = heliograph::Role::kMaster, .channel = arn, .channels = channels}, on_master);
  if (!master) return fail("master", master.error());
  auto viewer = SignalingClient::create({.client_id = "ann", .channel = arn, .channels = channels}, {});
  if (!viewer) return fail("viewer", viewer.error());
  (*master)->open();
  (*viewer)->open();
  if (auto sent = (*viewer)->send_offer({heliograph::SessionDescription::Type::kOffer, "v=0"}); !sent)
    return fail("offer", sent.error());
  auto arrived = offered.get_future();
  if (arrived.wait_for(std::chrono::seconds(30)) != std::future_status::ready) {
    std::cerr << "no offer arrived\n";
    return 1;
  }
  std::cout << arrived.get() << '\n';
  return 0;
}

}  // namespace

int main() {
  std::cout << "heliograph " << heliograph::version() << '\n';
  heliograph::Credentials key;
  key.access_key_id = variable("AWS_ACCESS_KEY_ID");
  key.secret_access_key = heliograph::Secret(variable("AWS_SECRET_ACCESS_KEY"));
  ChannelClient::Options options;
  options.credentials = heliograph::static_credentials(std::move(key));
  auto channels = ChannelClient::create(options);
  if (!channels) return fail("client", channels.error());
  auto arn = (*channels)->create_channel({.name = "consumer"});
  if (!arn) return fail("channel", arn.error());
  const int status = meet(*channels, *arn);
  if (auto gone = (*channels)->delete_channel(*arn); !gone) return fail("delete", gone.error());
  return status;
}
