// ChannelMemory: what is known of channels, for as long as it may be true.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "heliograph/channel.hpp"

namespace heliograph::sdk {

/// ARNs of names, endpoints, relays. Holds at most kMost of each: who asks under ever new client ids pays with asking
/// again, not with memory. Threads: one.
class ChannelMemory {
 public:
  static constexpr std::size_t kMost = 1024;

  /// As in ChannelClient::Options.
  ChannelMemory(std::chrono::seconds endpoint_life, std::chrono::seconds ice_grace)
      : endpoint_life_(endpoint_life), ice_grace_(ice_grace) {}

  void put_arn(SteadyTime now, const std::string& name, const std::string& arn);
  /// Endpoints that are empty change nothing.
  void put_endpoints(SteadyTime now, const std::string& arn, Role role, const ChannelEndpoints& endpoints);
  /// @param asked  when they were asked for: their lifetimes began no earlier.
  void put_ice(SteadyTime asked, const IceQuery& of_arn, const std::vector<IceServer>& servers);

  [[nodiscard]] std::optional<std::string> arn(SteadyTime now, const std::string& name) const;
  [[nodiscard]] std::optional<ChannelEndpoints> endpoints(SteadyTime now, const std::string& arn, Role role) const;
  /// `ttl` is what is left of it.
  [[nodiscard]] std::optional<std::vector<IceServer>> ice(SteadyTime now, const IceQuery& of_arn) const;

  /// Counts what was learnt.
  [[nodiscard]] std::uint64_t serial() const noexcept { return serial_; }
  /// Whether its endpoints are known from before the count was `serial`.
  [[nodiscard]] bool is_older(const std::string& arn, Role role, std::uint64_t serial) const;

  /// Everything about a channel, by its name or its ARN.
  void forget(std::string_view channel);

 private:
  template <class T>
  struct Known {
    T value;
    SteadyTime from;
    SteadyTime until;
    std::uint64_t serial = 0;
  };
  using EndpointKey = std::pair<std::string, Role>;
  struct IceKey {
    std::string arn;
    Role role{};
    std::string client_id;
    std::string username;
    friend auto operator<=>(const IceKey&, const IceKey&) = default;
  };
  static IceKey key_of(const IceQuery& query) { return {query.channel, query.role, query.client_id, query.username}; }
  /// Makes room by what has run out, else by everything.
  template <class Map>
  static void make_room(Map& map, SteadyTime now);
  template <class Map, class Key>
  static auto find(const Map& map, SteadyTime now, const Key& key) -> const typename Map::mapped_type*;

  std::chrono::seconds endpoint_life_;
  std::chrono::seconds ice_grace_;
  std::uint64_t serial_ = 0;
  std::map<std::string, Known<std::string>> arns_;
  std::map<EndpointKey, Known<ChannelEndpoints>> endpoints_;
  std::map<IceKey, Known<std::vector<IceServer>>> ice_;
};

}  // namespace heliograph::sdk
