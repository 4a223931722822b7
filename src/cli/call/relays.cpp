// By their time to live: STUN servers have none.
#include "cli/call/relays.hpp"

#include <algorithm>
#include <iterator>

namespace heliograph::cli {

using std::chrono::seconds;

std::optional<seconds> refresh_after(const std::vector<IceServer>& servers) {
  std::optional<seconds> least;
  for (const IceServer& server : servers)
    if (server.ttl > seconds(0) && (!least || server.ttl < *least)) least = server.ttl;
  // A fifth of their life, so that also a viewer's whole set-up fits in what is left.
  return least ? std::optional(std::max(*least * 4 / 5, seconds(1))) : std::nullopt;
}

void renew_relays(std::vector<IceServer>& known, std::vector<IceServer> fresh) {
  std::erase_if(known, [](const IceServer& server) { return server.ttl > seconds(0); });
  std::move(fresh.begin(), fresh.end(), std::back_inserter(known));
}

}  // namespace heliograph::cli
