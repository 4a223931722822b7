// Three maps with an end for each entry.
#include "sdk/channel/channel_memory.hpp"

#include <algorithm>

namespace heliograph::sdk {

template <class Map>
void ChannelMemory::make_room(Map& map, SteadyTime now) {
  if (map.size() < kMost) return;
  std::erase_if(map, [now](const auto& entry) { return entry.second.until <= now; });
  if (map.size() >= kMost) map.clear();
}

template <class Map, class Key>
auto ChannelMemory::find(const Map& map, SteadyTime now, const Key& key) -> const typename Map::mapped_type* {
  const auto at = map.find(key);
  return at == map.end() || at->second.until <= now ? nullptr : &at->second;
}

void ChannelMemory::put_arn(SteadyTime now, const std::string& name, const std::string& arn) {
  if (endpoint_life_.count() == 0) return;
  make_room(arns_, now);
  arns_.insert_or_assign(name, Known<std::string>{arn, now, now + endpoint_life_});
}

void ChannelMemory::put_endpoints(SteadyTime now, const std::string& arn, Role role,
                                  const ChannelEndpoints& endpoints) {
  if (endpoint_life_.count() == 0) return;
  const EndpointKey key{arn, role};
  Known<ChannelEndpoints> all{endpoints, now, now + endpoint_life_, ++serial_};
  if (const auto* known = find(endpoints_, now, key)) {
    for (const auto part : {&ChannelEndpoints::wss, &ChannelEndpoints::https, &ChannelEndpoints::webrtc}) {
      if (!(endpoints.*part).empty() || (known->value.*part).empty()) continue;
      all.value.*part = known->value.*part;
      all.until = known->until;  // What is not new is no younger for what is.
    }
  }
  make_room(endpoints_, now);
  endpoints_.insert_or_assign(key, std::move(all));
}

void ChannelMemory::put_ice(SteadyTime asked, const IceQuery& of_arn, const std::vector<IceServer>& servers) {
  // Without relays, or without their end: there may be others the next time.
  auto life = std::chrono::seconds::max();
  for (const IceServer& server : servers)
    if (server.ttl.count() > 0) life = std::min(life, server.ttl);
  if (life == std::chrono::seconds::max() || life <= ice_grace_) return;
  make_room(ice_, asked);
  ice_.insert_or_assign(key_of(of_arn), Known<std::vector<IceServer>>{servers, asked, asked + life - ice_grace_});
}

std::optional<std::string> ChannelMemory::arn(SteadyTime now, const std::string& name) const {
  const auto* known = find(arns_, now, name);
  return known == nullptr ? std::nullopt : std::optional(known->value);
}

std::optional<ChannelEndpoints> ChannelMemory::endpoints(SteadyTime now, const std::string& arn, Role role) const {
  const auto* known = find(endpoints_, now, EndpointKey{arn, role});
  return known == nullptr ? std::nullopt : std::optional(known->value);
}

bool ChannelMemory::is_older(const std::string& arn, Role role, std::uint64_t serial) const {
  const auto at = endpoints_.find(EndpointKey{arn, role});
  return at != endpoints_.end() && at->second.serial <= serial;
}

std::optional<std::vector<IceServer>> ChannelMemory::ice(SteadyTime now, const IceQuery& of_arn) const {
  const auto* known = find(ice_, now, key_of(of_arn));
  if (known == nullptr) return std::nullopt;
  auto servers = known->value;
  const auto age = std::chrono::ceil<std::chrono::seconds>(now - known->from);
  for (IceServer& server : servers)
    if (server.ttl.count() > 0) server.ttl = std::max(server.ttl - age, std::chrono::seconds(1));
  return servers;
}

void ChannelMemory::forget(std::string_view channel) {
  std::string arn(channel);
  if (const auto at = arns_.find(arn); at != arns_.end()) arn = at->second.value;
  std::erase_if(arns_, [&](const auto& entry) { return entry.second.value == arn; });
  std::erase_if(endpoints_, [&](const auto& entry) { return entry.first.first == arn; });
  std::erase_if(ice_, [&](const auto& entry) { return entry.first.arn == arn; });
}

}  // namespace heliograph::sdk
