// Names: what the service model allows in its short strings. One predicate per shape.
#pragma once

#include <string_view>

namespace heliograph::wire {

// Source of all lengths and patterns unless another is named: service models of kinesisvideo and
// kinesis-video-signaling.

/// ChannelName, StreamName: 1–256 of `[a-zA-Z0-9_.-]`.
[[nodiscard]] bool is_resource_name(std::string_view text) noexcept;
/// Viewer's id: 1–256 of `[a-zA-Z0-9_.-]`, not starting with AWS_ in any letter case (ConnectAsViewer, X-Amz-ClientId).
[[nodiscard]] bool is_client_id(std::string_view text) noexcept;
/// correlationId of a message: 1–256 of `[a-zA-Z0-9_.-]` (SendSdpOffer).
[[nodiscard]] bool is_correlation_id(std::string_view text) noexcept;
/// Version, CurrentVersion: 1–64 of `[a-zA-Z0-9]`.
[[nodiscard]] bool is_version(std::string_view text) noexcept;
/// NextToken: 0–512 of `[a-zA-Z0-9+/=]`.
[[nodiscard]] bool is_next_token(std::string_view text) noexcept;
/// TagKey: 1–128 characters, letters, separators, digits and `_.:/=+-@`. Beyond ASCII every character that is not a
/// control, private or unassigned-by-design code point is taken: the pattern's `\p{L}\p{Z}\p{N}`, and a little more.
[[nodiscard]] bool is_tag_key(std::string_view text) noexcept;
/// TagValue: 0–256 characters of the same set.
[[nodiscard]] bool is_tag_value(std::string_view text) noexcept;

}  // namespace heliograph::wire
