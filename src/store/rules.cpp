// Rules that both stores keep: error texts, versions, creation times, ARNs.
#include "store/rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace heliograph::store {

std::optional<ChannelKey> to_channel_key(const wire::ArnScope& scope, const ChannelArn& arn) noexcept {
  const auto parsed = wire::parse_arn(arn.view());
  if (!parsed || parsed->kind != "channel" || !parsed->is_in(scope)) return std::nullopt;
  ChannelKey key{parsed->name, 0};
  const char* end = parsed->code.data() + parsed->code.size();
  const auto [rest, problem] = std::from_chars(parsed->code.data(), end, key.created_ms);
  // A leading zero would be a second spelling of the same channel.
  if (problem != std::errc{} || rest != end || parsed->code.front() == '0') return std::nullopt;
  return key;
}

std::string make_version(Rng& rng) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr std::size_t kLength = 20;
  std::array<std::byte, 2 * kLength> bytes{};
  rng.fill(bytes);
  std::string version;
  version.reserve(kLength);
  for (std::size_t i = 0; i < kLength; ++i) {
    const auto value = std::to_integer<unsigned>(bytes[2 * i]) << 8U | std::to_integer<unsigned>(bytes[2 * i + 1]);
    version += kAlphabet[value % kAlphabet.size()];
  }
  return version;
}

std::int64_t to_created_ms(WallTime now, std::int64_t newest_deleted_ms) noexcept {
  // The C SDK rejects an ARN whose code has not 13 digits (ChannelInfo.c), which a machine without a clock would make.
  constexpr std::int64_t kFirst13Digits = 1'000'000'000'000;
  return std::max({static_cast<std::int64_t>(now.time_since_epoch().count()), newest_deleted_ms + 1, kFirst13Digits});
}

std::optional<std::string> prefix_end(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  if (end.empty()) return std::nullopt;
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

Error not_found(std::string_view name_or_arn) {
  // The first sentence is the service's own text, as the C SDK's tests reproduce it.
  return {Errc::kResourceNotFound,
          "The requested channel is not found or not active. Asked for: " + std::string(name_or_arn)};
}

Error name_taken(std::string_view name) {
  return {Errc::kResourceInUse, "A channel named " + std::string(name) +
                                    " exists already; choose another name, or describe that channel and use it"};
}

Error stale_version(std::string_view given) {
  return {Errc::kVersionMismatch,
          "CurrentVersion " + std::string(given) +
              " is not the channel's version any more; describe the channel and repeat the call with its Version"};
}

Error too_many_tags(std::size_t count) {
  return {Errc::kTagsPerResourceExceededLimit, "A channel can carry " + std::to_string(kMaxTags) +
                                                   " tags; this call would leave it with " + std::to_string(count)};
}

}  // namespace heliograph::store
