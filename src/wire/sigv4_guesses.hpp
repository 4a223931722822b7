// What a signer may have signed in place of what arrived, one part of the request at a time. Private to src/wire.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "wire/sigv4_verify.hpp"

namespace heliograph::wire {

/// One reading of one part. The first of each list is what arrived, and has no cause.
struct Guess {
  std::string value;   ///< As it stands in the canonical request.
  std::string part{};  ///< "host"
  std::string received{};
  std::string signed_over{};
  std::string cause{};
  bool is_wanted = false;  ///< As in SignedDifference.
};

enum GuessedPart : std::size_t { kGuessHost, kGuessPath, kGuessQuery, kGuessBody, kGuessMethod, kGuessType, kGuessKey };
inline constexpr std::size_t kGuessedParts = 7;

/// By GuessedPart. Lists are short, so that all pairs can be tried.
struct Guesses {
  std::vector<Guess> of[kGuessedParts];
};

[[nodiscard]] Guesses guess_what_was_signed(const RequestView& request, const AuthClaim& claim,
                                            std::span<const std::string> own_hosts);

/// The first header of that name, or nothing.
[[nodiscard]] std::string_view header_value(const RequestView& request, std::string_view name);

}  // namespace heliograph::wire
