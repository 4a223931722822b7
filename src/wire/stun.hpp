// STUN messages (RFC 8489) and as much of TURN (RFC 8656) as it takes to try a relay: bytes ⇄ structs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heliograph::wire {

enum class StunMethod : std::uint16_t {
  kBinding = 0x001,
  kAllocate = 0x003,
  kRefresh = 0x004,
  kSend = 0x006,
  kData = 0x007,
  kCreatePermission = 0x008,
};
enum class StunClass : std::uint16_t { kRequest = 0x000, kIndication = 0x010, kSuccess = 0x100, kFailure = 0x110 };

enum StunAttribute : std::uint16_t {
  kStunUsername = 0x0006,
  kStunMessageIntegrity = 0x0008,
  kStunErrorCode = 0x0009,
  kStunLifetime = 0x000d,
  kStunPeerAddress = 0x0012,
  kStunData = 0x0013,
  kStunRealm = 0x0014,
  kStunNonce = 0x0015,
  kStunRelayedAddress = 0x0016,
  kStunRequestedTransport = 0x0019,
  kStunMappedAddress = 0x0020,  ///< XOR-MAPPED-ADDRESS
};

using StunTransaction = std::array<char, 12>;

/// An IPv4 address and port, as text: "192.0.2.1".
struct StunAddress {
  std::string ip;
  std::uint16_t port = 0;
};

struct StunMessage {
  StunMethod method{};
  StunClass kind{};
  StunTransaction transaction{};
  std::vector<std::pair<std::uint16_t, std::string>> attributes;  ///< As they came.

  /// The first of that type; empty when there is none.
  [[nodiscard]] std::string_view find(std::uint16_t type) const noexcept;
  /// 401, 486; 0 when it says none.
  [[nodiscard]] int error_code() const noexcept;
  /// Of an XOR-…-ADDRESS; nothing when it is missing or not IPv4.
  [[nodiscard]] std::optional<StunAddress> address(std::uint16_t type) const;
};

/// Nothing unless it is one whole message.
[[nodiscard]] std::optional<StunMessage> parse_stun(std::string_view bytes);
/// How long the message is that begins with these bytes; nothing while fewer than 4 are there.
[[nodiscard]] std::optional<std::size_t> stun_length(std::string_view bytes) noexcept;

/// @param key  of MESSAGE-INTEGRITY, which is added; empty: it is not.
[[nodiscard]] std::string to_stun(const StunMessage& message, std::string_view key = {});

/// The value of an XOR-PEER-ADDRESS; empty for what is no IPv4 address.
[[nodiscard]] std::string to_xor_address(const StunAddress& address);
/// MD5(user ":" realm ":" password): the key of long-term credentials.
[[nodiscard]] std::string stun_long_term_key(std::string_view user, std::string_view realm, std::string_view password);

}  // namespace heliograph::wire
