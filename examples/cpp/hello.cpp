#include <heliograph/channel_client.hpp>
#include <heliograph/credential_sources.hpp>
#include <heliograph/signaling_client.hpp>

#include <iostream>

int main() {
  using namespace heliograph;
  const auto channels = ChannelClient::create({.credentials = default_credentials()});
  if (!channels) return std::cerr << channels.error().detail << '\n', 1;

  SignalingClient::Handlers on;
  on.on_open = [](const auto& ice_servers) {
    std::cout << "joined, " << ice_servers.size() << " ICE servers" << std::endl;
  };
  on.on_offer = [](const auto& offer, const auto& viewer) {
    std::cout << viewer << " offers:\n" << offer.sdp << std::endl;
  };
  on.on_closed = [](const Error& why) { std::cout << why.detail << '\n'; };
  const auto master = SignalingClient::create({.role = Role::kMaster, .channel = "robot-7", .channels = *channels}, on);
  if (!master) return std::cerr << master.error().detail << '\n', 1;

  (*master)->open();  // From now on it comes back by itself, whatever happens to the connection.
  std::cin.get();
}
