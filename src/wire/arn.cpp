// Arn: reading and writing.
#include "wire/arn.hpp"

#include <algorithm>

#include "wire/partition.hpp"

namespace heliograph::wire {
namespace {

constexpr std::size_t kMaxArn = 1024;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_place(char c) { return is_lower(c) || is_digit(c) || c == '-'; }
constexpr bool is_name(char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '_' || c == '.' || c == '-'; }

// Cuts everything before `separator` off the front of `rest`; nothing if there is no separator.
std::optional<std::string_view> cut(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return part;
}

template <class Predicate>
bool is_all(std::string_view text, Predicate predicate) {
  return !text.empty() && std::all_of(text.begin(), text.end(), predicate);
}

}  // namespace

std::optional<Arn> parse_arn(std::string_view text) noexcept {
  if (text.size() > kMaxArn) return std::nullopt;
  std::string_view rest = text;
  if (cut(rest, ':') != "arn") return std::nullopt;
  const auto partition = cut(rest, ':');
  if (cut(rest, ':') != "kinesisvideo") return std::nullopt;
  const auto region = cut(rest, ':');
  const auto account = cut(rest, ':');
  const auto kind = cut(rest, '/');
  const auto name = cut(rest, '/');
  if (!partition || !region || !account || !kind || !name) return std::nullopt;
  if (!is_all(*partition, is_place) || !is_all(*region, is_place) || !is_all(*account, is_digit) ||
      !is_all(*kind, is_lower) || !is_all(*name, is_name) || !is_all(rest, is_digit)) {
    return std::nullopt;
  }
  return Arn{*partition, *region, *account, *kind, *name, rest};
}

std::string_view partition_of(std::string_view region) noexcept { return find_partition(region).name; }

namespace {

std::string to_arn(const ArnScope& scope, std::string_view kind, std::string_view name, std::int64_t created_ms) {
  std::string out;
  out.reserve(96 + name.size());
  out += "arn:";
  out += scope.partition;
  out += ":kinesisvideo:";
  out += scope.region;
  out += ':';
  out += scope.account;
  out += ':';
  out += kind;
  out += '/';
  out += name;
  out += '/';
  out += std::to_string(created_ms);
  return out;
}

}  // namespace

std::string to_channel_arn(const ArnScope& scope, std::string_view name, std::int64_t created_ms) {
  return to_arn(scope, "channel", name, created_ms);
}

std::string to_stream_arn(const ArnScope& scope, std::string_view name, std::int64_t created_ms) {
  return to_arn(scope, "stream", name, created_ms);
}

}  // namespace heliograph::wire
