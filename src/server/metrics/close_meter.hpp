// CloseMeter: how WebSocket connections ended, by close code.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "net/counter.hpp"
#include "net/service.hpp"
#include "wire/error_table.hpp"

namespace heliograph::server::metrics {

/// Close codes that are told apart; 0 stands for all others. 1005: a close frame without a code; 1006: none at all.
inline constexpr std::array<std::uint16_t, 17> kCloseCodes = {1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009,
                                                              1011, 1013, 4001, 4002, 4003, 4004, 4005, 0};

/// Ends, by who said so first and by the index of the code in kCloseCodes.
struct CloseCounts {
  std::array<std::uint64_t, kCloseCodes.size()> by_service{};
  std::array<std::uint64_t, kCloseCodes.size()> by_peer{};
};

/// Threads: count() from one, add_to() from any.
class CloseMeter {
 public:
  void count(const net::CloseInfo& info) noexcept {
    const bool is_ours = info.why != Errc::kClosed;
    const std::uint16_t code = is_ours ? wire::error_row(info.why).close_code : info.peer_code;
    const auto known = std::find(kCloseCodes.begin(), kCloseCodes.end() - 1, code);
    (is_ours ? by_service_ : by_peer_)[static_cast<std::size_t>(known - kCloseCodes.begin())].add(1);
  }
  void add_to(CloseCounts& sum) const noexcept {
    for (std::size_t i = 0; i < kCloseCodes.size(); ++i) {
      sum.by_service[i] += by_service_[i].get();
      sum.by_peer[i] += by_peer_[i].get();
    }
  }

 private:
  std::array<net::Counter, kCloseCodes.size()> by_service_;
  std::array<net::Counter, kCloseCodes.size()> by_peer_;
};

}  // namespace heliograph::server::metrics
