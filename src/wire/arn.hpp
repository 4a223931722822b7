// Arn: the names of channels and streams, `arn:{partition}:kinesisvideo:{region}:{account}:{kind}/{name}/{code}`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace heliograph::wire {

/// The part of an ARN that says whose it is and where: one per account and region.
struct ArnScope {
  std::string partition = "aws";
  std::string region = "us-east-1";
  std::string account = "000000000000";  ///< 12 digits (C SDK, ChannelInfo.c, demands exactly that).

  friend bool operator==(const ArnScope&, const ArnScope&) = default;
};

/// A parsed ARN. The views live as long as the text parsed.
struct Arn {
  std::string_view partition;
  std::string_view region;
  std::string_view account;
  std::string_view kind;  ///< "channel", "stream"
  std::string_view name;
  std::string_view code;  ///< Creation time in epoch milliseconds; 13 digits in this century.

  [[nodiscard]] bool is_in(const ArnScope& scope) const noexcept {
    return partition == scope.partition && region == scope.region && account == scope.account;
  }
};

/// Reads an ARN by the service model's pattern (ResourceARN):
/// `arn:[a-z\d-]+:kinesisvideo:[a-z0-9-]+:[0-9]+:[a-z]+/[a-zA-Z0-9_.-]+/[0-9]+`, 1 to 1024 characters.
[[nodiscard]] std::optional<Arn> parse_arn(std::string_view text) noexcept;

/// The name of the partition that a region belongs to: "aws", "aws-cn" (cn-…), "aws-us-gov" (us-gov-…) and so on; see
/// wire/partition.hpp. Unknown regions are in "aws".
[[nodiscard]] std::string_view partition_of(std::string_view region) noexcept;

/// Writes a channel's ARN.
[[nodiscard]] std::string to_channel_arn(const ArnScope& scope, std::string_view name, std::int64_t created_ms);
/// Writes a stream's ARN.
[[nodiscard]] std::string to_stream_arn(const ArnScope& scope, std::string_view name, std::int64_t created_ms);

}  // namespace heliograph::wire
