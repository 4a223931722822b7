// Rules that both stores keep: error texts, versions, creation times, ARNs. Private to src/store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "heliograph/error.hpp"
#include "store/channel.hpp"
#include "store/stream.hpp"
#include "wire/arn.hpp"

namespace heliograph::store {

/// A channel's place in a scope: its name and creation time, taken from an ARN.
struct ChannelKey {
  std::string_view name;
  std::int64_t created_ms = 0;
};

/// Reads the ARN of a channel of this scope; nothing for any other. The view lives as long as `arn`.
[[nodiscard]] std::optional<ChannelKey> to_channel_key(const wire::ArnScope& scope, const ChannelArn& arn) noexcept;

/// The same for streams.
[[nodiscard]] std::optional<ChannelKey> to_stream_key(const wire::ArnScope& scope, const StreamArn& arn) noexcept;

/// The stream that a store makes of what was wanted.
[[nodiscard]] Stream to_stream(const wire::ArnScope& scope, const NewStream& wanted, std::string_view version,
                               std::int64_t created_ms);

/// 20 random alphanumeric characters, as the service's versions look.
[[nodiscard]] std::string make_version(Rng& rng);

/// The creation time of a channel made at `now`, given that of the newest channel ever deleted.
[[nodiscard]] std::int64_t to_created_ms(WallTime now, std::int64_t newest_deleted_ms) noexcept;

/// The least string that is greater than every string with this prefix; nothing if there is none.
[[nodiscard]] std::optional<std::string> prefix_end(std::string_view prefix);

/// The names of a page: not before `from`, and before `to`.
struct NameRange {
  std::string from;
  std::string to;
};
[[nodiscard]] NameRange to_name_range(const ChannelQuery& query);

/// Tags as one column: "key\nvalue\n…". Neither may hold a line feed (service model, TagKey and TagValue).
[[nodiscard]] std::string to_tag_text(const Tags& tags);
[[nodiscard]] Tags parse_tag_text(std::string_view text);

/// What an error is about.
inline constexpr std::string_view kChannel = "channel";
inline constexpr std::string_view kStream = "stream";
inline constexpr std::string_view kUser = "user";
inline constexpr std::string_view kRole = "role";

// Errors, with texts that are shown to the developer who made the call.
[[nodiscard]] Error not_found(std::string_view name_or_arn, std::string_view kind = kChannel);
[[nodiscard]] Error name_taken(std::string_view name, std::string_view kind = kChannel);
[[nodiscard]] Error stale_version(std::string_view given, std::string_view kind = kChannel);
[[nodiscard]] Error key_taken(std::string_view id);
[[nodiscard]] Error too_many_tags(std::size_t count, std::string_view kind = kChannel);

}  // namespace heliograph::store
