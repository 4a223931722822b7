// RelayQuotas: how much of the relay its users may take.
#pragma once

#include <cstdint>

namespace heliograph::server::relay {

/// 0: no limit. What goes over a number of allocations, or does not fit into the total bandwidth, is refused with 486.
struct RelayQuotas {
  std::uint32_t allocations_per_user = 500;  ///< Of one user name, which a client gets for five minutes.
  std::uint32_t allocations = 0;             ///< Of all; without a limit, as many as there are relay ports.
  std::uint32_t allocation_kbps = 50'000;    ///< Kilobits per second of one allocation, each way; more is dropped.
  std::uint32_t total_kbps = 0;              ///< That all together may be promised, each way.
};

}  // namespace heliograph::server::relay
