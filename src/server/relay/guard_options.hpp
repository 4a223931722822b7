// Settings that keep the relay from being abused.
#pragma once

namespace CLI {
class App;
}

namespace heliograph::server {
struct TurnConfig;
}

namespace heliograph::server::relay {

/// --turn-loopback-peers and the quotas. `turn` must outlive the parsing.
void add_guard_options(CLI::App& app, TurnConfig& turn);

}  // namespace heliograph::server::relay
