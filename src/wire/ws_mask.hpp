// Masking of client frames (RFC 6455, 5.3): payload byte i is combined with byte i modulo 4 of the key.
#pragma once

#include <array>
#include <span>

namespace heliograph::wire {

/// The four bytes of the key in the order they have on the wire.
using WsMaskKey = std::array<char, 4>;

/// Masks or, which is the same, unmasks a whole payload in place.
void apply_ws_mask(std::span<char> payload, WsMaskKey key) noexcept;

}  // namespace heliograph::wire
