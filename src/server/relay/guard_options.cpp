// Flags of the relay's quotas.
#include "server/relay/guard_options.hpp"

#include <CLI/CLI.hpp>

#include "server/config.hpp"

namespace heliograph::server::relay {

void add_guard_options(CLI::App& app, TurnConfig& turn) {
  app.add_option("--turn-loopback-peers", turn.loopback_peers,
                 "Whether the relay of a service that listens on loopback only may reach loopback: true or false")
      ->capture_default_str();
  const auto add = [&app](const char* name, std::uint32_t& value, const char* what) {
    app.add_option(name, value, what)->check(CLI::Range(0U, 100'000'000U))->capture_default_str();
  };
  add("--turn-user-quota", turn.quotas.allocations_per_user,
      "Allocations at a time of one relay credential; more are refused with 486; 0: any");
  add("--turn-total-quota", turn.quotas.allocations,
      "Allocations at a time in all; more are refused with 486; 0: as many as there are relay ports");
  add("--turn-allocation-kbps", turn.quotas.allocation_kbps,
      "Kilobits per second of one allocation, each way; more is dropped; 0: any");
  add("--turn-total-kbps", turn.quotas.total_kbps,
      "Kilobits per second, each way, that may be promised to all allocations together; what does not fit is refused "
      "with 486; 0: any");
}

void hold_to_documented_quotas(const CLI::App& app, RelayQuotas& quotas) {
  const auto is_given = [&app](const char* name) { return app.get_option(name)->count() > 0; };
  if (!is_given("--turn-user-quota")) quotas.allocations_per_user = 50;
  if (!is_given("--turn-allocation-kbps")) quotas.allocation_kbps = 5'000;
}

}  // namespace heliograph::server::relay
