// AuthMeter: refused signatures by reason.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "heliograph/error.hpp"

namespace heliograph::server::metrics {

/// Threads: any.
class AuthMeter {
 public:
  struct Reason {
    Errc code;
    std::string_view name;
  };
  static constexpr std::array kReasons = {
      Reason{Errc::kMissingAuthenticationToken, "not_signed"},
      Reason{Errc::kIncompleteSignature, "incomplete_signature"},
      Reason{Errc::kUnrecognizedClient, "unknown_key"},
      Reason{Errc::kSignatureMismatch, "signature_mismatch"},
      Reason{Errc::kSignatureExpired, "expired"},
      Reason{Errc::kSignatureNotYetCurrent, "not_yet_current"},
      Reason{Errc::kExpiredToken, "expired_token"},
      Reason{Errc::kAccessDenied, "other"},  ///< And whatever is not above.
  };

  void count(Errc why) noexcept {
    std::size_t i = 0;
    while (i + 1 < kReasons.size() && kReasons[i].code != why) ++i;
    counts_[i].fetch_add(1, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t get(std::size_t reason) const noexcept {
    return counts_[reason].load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<std::uint64_t>, kReasons.size()> counts_{};
};

}  // namespace heliograph::server::metrics
