// Reading addresses, dates and numbers, without a locale.
#include "core/policy/values.hpp"

#include <arpa/inet.h>  // inet_pton only: text to bytes, no socket.

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include "core/policy/condition_key.hpp"

namespace heliograph::core {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

template <class Number>
std::optional<Number> parse_whole(std::string_view text) noexcept {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Takes `count` digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) noexcept {
  if (text.size() < count || !std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(count),
                                          [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  const auto number = parse_whole<int>(text.substr(0, count));
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char c) noexcept {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

/// `.5` → 500 ms; more digits than three are cut.
std::optional<std::chrono::milliseconds> take_fraction(std::string_view& text) noexcept {
  if (!take(text, '.')) return std::chrono::milliseconds(0);
  int value = 0;
  std::size_t digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; ++digits, text.remove_prefix(1))
    if (digits < 3) value = value * 10 + (text.front() - '0');
  if (digits == 0) return std::nullopt;
  for (; digits < 3; ++digits) value *= 10;
  return std::chrono::milliseconds(value);
}

/// `Z`, `+02:00`, `-0430`: how far local time is ahead.
std::optional<std::chrono::minutes> take_zone(std::string_view& text) noexcept {
  if (take(text, 'Z')) return std::chrono::minutes(0);
  const bool ahead = take(text, '+');
  if (!ahead && !take(text, '-')) return std::nullopt;
  const auto hours = take_digits(text, 2);
  static_cast<void>(take(text, ':'));
  const auto minutes = take_digits(text, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const auto offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return ahead ? offset : -offset;
}

/// hh:mm[:ss[.sss]]zone
std::optional<std::chrono::milliseconds> take_time(std::string_view& text) noexcept {
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  std::optional<int> second = 0;
  std::optional<std::chrono::milliseconds> fraction{0};
  if (take(text, ':')) {
    second = take_digits(text, 2);
    fraction = take_fraction(text);
  }
  const auto zone = take_zone(text);
  if (!minute || !second || !fraction || !zone || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second) + *fraction - *zone;
}

std::optional<WallTime> parse_iso_date(std::string_view text) noexcept {
  const auto year = take_digits(text, 4);
  std::optional<int> month = 1;
  std::optional<int> day = 1;
  bool is_whole = false;  // Only a whole date takes a time.
  if (take(text, '-')) {
    month = take_digits(text, 2);
    if (take(text, '-')) {
      day = take_digits(text, 2);
      is_whole = true;
    }
  }
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  std::chrono::milliseconds time(0);
  if (is_whole && take(text, 'T')) {
    const auto taken = take_time(text);
    if (!taken) return std::nullopt;
    time = *taken;
  }
  if (!text.empty()) return std::nullopt;
  return WallTime(std::chrono::sys_days(date)) + time;
}

}  // namespace

bool IpRange::contains(const IpRange& address) const noexcept {
  if (size != address.size) return false;
  const std::size_t whole = bits / 8U;
  if (!std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(whole), address.bytes.begin()))
    return false;
  const unsigned rest = bits % 8U;
  if (rest == 0) return true;
  const unsigned mask = 0xFFU << (8U - rest);
  return ((bytes[whole] ^ address.bytes[whole]) & mask & 0xFFU) == 0;
}

std::optional<IpRange> parse_ip_address(std::string_view text) noexcept {
  text = text.substr(0, text.find('%'));
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (text.size() >= buffer.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::copy(text.begin(), text.end(), buffer.begin());
  IpRange address;
  if (::inet_pton(AF_INET, buffer.data(), address.bytes.data()) == 1) {
    address.size = 4;
    address.bits = 32;
    return address;
  }
  if (::inet_pton(AF_INET6, buffer.data(), address.bytes.data()) != 1) return std::nullopt;
  address.size = 16;
  address.bits = 128;
  if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes.begin())) {
    std::copy(address.bytes.begin() + 12, address.bytes.end(), address.bytes.begin());
    std::fill(address.bytes.begin() + 4, address.bytes.end(), std::uint8_t{0});
    address.size = 4;
    address.bits = 32;
  }
  return address;
}

std::optional<IpRange> parse_ip_range(std::string_view text) noexcept {
  if (text.find('%') != std::string_view::npos) return std::nullopt;
  const auto slash = text.find('/');
  auto range = parse_ip_address(text.substr(0, slash));
  if (!range || slash == std::string_view::npos) return range;
  std::string_view digits = text.substr(slash + 1);
  if (digits.empty() || digits.size() > 3) return std::nullopt;
  const auto bits = take_digits(digits, digits.size());
  // Of an IPv4 range that is written as IPv6 the mask counts from there, too.
  const bool is_mapped = range->size == 4 && text.find(':') != std::string_view::npos;
  const int most = is_mapped ? 128 : range->size * 8;
  const int least = is_mapped ? 96 : 0;
  if (!bits || *bits < least || *bits > most) return std::nullopt;
  range->bits = static_cast<std::uint8_t>(*bits - least);
  return range;
}

std::optional<WallTime> parse_policy_date(std::string_view text) noexcept {
  if (const auto date = parse_iso_date(text)) return date;
  // A year is four digits; anything else of digits is seconds. 10^11 s are in the year 5138.
  const auto seconds = parse_whole<std::int64_t>(text);
  if (!seconds || *seconds < 0 || *seconds > 100'000'000'000) return std::nullopt;
  return WallTime(std::chrono::seconds(*seconds));
}

std::optional<double> parse_policy_number(std::string_view text) noexcept {
  const auto number = parse_whole<double>(text);
  if (!number || !std::isfinite(*number)) return std::nullopt;
  return number;
}

std::optional<bool> parse_policy_bool(std::string_view text) noexcept {
  if (equals_ignoring_case(text, "true")) return true;
  if (equals_ignoring_case(text, "false")) return false;
  return std::nullopt;
}

}  // namespace heliograph::core
