// Rules that both stores keep: error texts, versions, creation times, ARNs.
#include "store/rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace heliograph::store {

namespace {

std::optional<ChannelKey> to_key(const wire::ArnScope& scope, std::string_view kind, std::string_view arn) noexcept {
  const auto parsed = wire::parse_arn(arn);
  if (!parsed || parsed->kind != kind || !parsed->is_in(scope)) return std::nullopt;
  ChannelKey key{parsed->name, 0};
  const char* end = parsed->code.data() + parsed->code.size();
  const auto [rest, problem] = std::from_chars(parsed->code.data(), end, key.created_ms);
  // A leading zero would be a second spelling of the same resource.
  if (problem != std::errc{} || rest != end || parsed->code.front() == '0') return std::nullopt;
  return key;
}

// Above every name that can be stored: no UTF-8 text begins with this byte.
constexpr std::string_view kAboveAll = "\xFF";

}  // namespace

std::optional<ChannelKey> to_channel_key(const wire::ArnScope& scope, const ChannelArn& arn) noexcept {
  return to_key(scope, kChannel, arn.view());
}

std::optional<ChannelKey> to_stream_key(const wire::ArnScope& scope, const StreamArn& arn) noexcept {
  return to_key(scope, kStream, arn.view());
}

Stream to_stream(const wire::ArnScope& scope, const NewStream& wanted, std::string_view version,
                 std::int64_t created_ms) {
  return {.name = wanted.name,
          .arn = StreamArn(wire::to_stream_arn(scope, wanted.name, created_ms)),
          .device_name = wanted.device_name,
          .media_type = wanted.media_type,
          .kms_key_id = wanted.kms_key_id,
          .retention_hours = wanted.retention_hours,
          .created = WallTime(std::chrono::milliseconds(created_ms)),
          .version = std::string(version),
          .tags = wanted.tags};
}

NameRange to_name_range(const ChannelQuery& query) {
  // The least text greater than `after`: nothing sorts between a text and itself with the lowest character appended.
  const std::string behind = query.after.empty() ? std::string() : query.after + '\x01';
  return {behind < query.name_prefix ? query.name_prefix : behind,
          prefix_end(query.name_prefix).value_or(std::string(kAboveAll))};
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

std::string to_tag_text(const Tags& tags) {
  std::string text;
  for (const auto& [key, value] : tags) text.append(key).append("\n").append(value).append("\n");
  return text;
}

Tags parse_tag_text(std::string_view text) {
  Tags tags;
  const auto line = [&text] {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string taken(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return taken;
  };
  while (!text.empty()) {
    std::string key = line();
    tags.insert_or_assign(std::move(key), line());
  }
  return tags;
}

Error not_found(std::string_view name_or_arn, std::string_view kind) {
  if (kind == kUser || kind == kRole)
    return {Errc::kResourceNotFound, "There is no " + std::string(kind) + " named " + std::string(name_or_arn)};
  // The first sentence is the service's own text for channels, as the C SDK's tests reproduce it.
  return {Errc::kResourceNotFound,
          "The requested " + std::string(kind) + " is not found or not active. Asked for: " + std::string(name_or_arn)};
}

Error name_taken(std::string_view name, std::string_view kind) {
  const std::string what(kind);
  return {Errc::kResourceInUse, "A " + what + " named " + std::string(name) +
                                    " exists already; choose another name, or describe that " + what + " and use it"};
}

Error stale_version(std::string_view given, std::string_view kind) {
  const std::string what(kind);
  return {Errc::kVersionMismatch, "CurrentVersion " + std::string(given) + " is not the " + what +
                                      "'s version any more; describe the " + what +
                                      " and repeat the call with its Version"};
}

Error key_taken(std::string_view id) {
  return {Errc::kResourceInUse, "The access key id " + std::string(id) + " belongs to another user"};
}

Error too_many_tags(std::size_t count, std::string_view kind) {
  return {Errc::kTagsPerResourceExceededLimit, "A " + std::string(kind) + " can carry " + std::to_string(kMaxTags) +
                                                   " tags; this call would leave it with " + std::to_string(count)};
}

}  // namespace heliograph::store
