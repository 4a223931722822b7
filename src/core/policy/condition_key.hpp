// ConditionKey: the names under which conditions and variables ask for a request's circumstances.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/policy/access_request.hpp"
#include "heliograph/result.hpp"

namespace heliograph::core {

enum class KeyName : std::uint8_t {
  kSourceIp,
  kSecureTransport,
  kCurrentTime,
  kEpochTime,
  kUserName,
  kUserId,
  kPrincipalArn,
  kPrincipalTag,
  kUserAgent,
  kRequestTag,
  kResourceTag,
  kTagKeys,
  kThingName,
  kExternalId,
  kRoleSessionName,
  kWebIdentity,
};

/// Which documents a key may stand in.
enum class KeyScope : std::uint8_t {
  kRequest,  ///< Policies of principals and sessions.
  kTrust,    ///< Trust policies of roles: also sts:ExternalId, sts:RoleSessionName and `ISSUER:claim`.
};

/// A key; for the three tag keys which tag, for kWebIdentity `ISSUER:claim`.
struct ConditionKey {
  KeyName name{};
  std::string tag;
};

/// Reads "aws:SourceIp", "aws:ResourceTag/Site". Names of keys and of tags are compared without case, as IAM does.
/// Fails with kInvalidArgument and the list of keys there are, so that no condition is ever silently without effect.
[[nodiscard]] Result<ConditionKey> parse_condition_key(std::string_view text, KeyScope scope = KeyScope::kRequest);

/// aws:CurrentTime and aws:EpochTime, whose values are times and not text.
[[nodiscard]] bool is_time(KeyName name) noexcept;

/// One value of a key. Only times have a `time`, and no text.
struct KeyValue {
  std::string_view text;
  std::optional<WallTime> time;
};

/// The values a request has for a key: none, one, or for aws:TagKeys any number.
struct KeyValues {
  std::optional<KeyValue> one;
  std::span<const std::string_view> many;

  [[nodiscard]] std::size_t size() const noexcept { return many.size() + (one ? 1 : 0); }
  [[nodiscard]] KeyValue operator[](std::size_t i) const noexcept { return one ? *one : KeyValue{many[i], {}}; }
};
[[nodiscard]] KeyValues find_values(const AccessContext& context, const ConditionKey& key) noexcept;

/// ASCII letters count as the same in either case; nothing else does.
[[nodiscard]] constexpr char fold_case(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

}  // namespace heliograph::core
