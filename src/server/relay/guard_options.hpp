// Settings that keep the relay from being abused.
#pragma once

#include "server/relay/relay_quotas.hpp"

namespace CLI {
class App;
}

namespace heliograph::server {
struct TurnConfig;
}

namespace heliograph::server::relay {

/// --turn-loopback-peers and the quotas. `turn` must outlive the parsing.
void add_guard_options(CLI::App& app, TurnConfig& turn);

/// With --limits aws: 5 Mbit/s and 50 allocations, as documented, unless the flags above (or their variables or keys)
/// say otherwise.
void hold_to_documented_quotas(const CLI::App& app, RelayQuotas& quotas);

}  // namespace heliograph::server::relay
