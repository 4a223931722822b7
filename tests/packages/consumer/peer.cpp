// Makes a peer connection with a data channel, and an offer. Ends with 0 when the offer is there.
#include <chrono>
#include <future>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "heliograph/peer_connection.hpp"
#include "heliograph/version.hpp"

int main() {
  std::cout << "heliograph " << heliograph::version() << std::endl;
  std::promise<std::string> offered;
  heliograph::PeerConnection::Handlers handlers;
  handlers.on_local_description = [&offered](const heliograph::SessionDescription& offer) {
    offered.set_value(offer.sdp);
  };
  auto peer = heliograph::PeerConnection::create({}, std::move(handlers));
  if (!peer) {
    std::cerr << "peer: " << peer.error().detail << '\n';
    return 1;
  }
  auto channel = (*peer)->create_data_channel("chat", {}, {});
  if (!channel) {
    std::cerr << "channel: " << channel.error().detail << '\n';
    return 1;
  }
  if (auto started = (*peer)->create_offer(); !started) {
    std::cerr << "offer: " << started.error().detail << '\n';
    return 1;
  }
  auto offer = offered.get_future();
  if (offer.wait_for(std::chrono::seconds(60)) != std::future_status::ready) {
    std::cerr << "no offer came\n";
    return 1;
  }
  std::cout << (offer.get().find("webrtc-datachannel") == std::string::npos ? "no data channel\n"
                                                                            : "offers a data channel\n");
  return 0;
}
