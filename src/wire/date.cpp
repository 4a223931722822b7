// Dates: formatting and parsing by hand, since the library's formats follow the process's locale.
#include "wire/date.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

namespace heliograph::wire {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::hh_mm_ss;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::month;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

constexpr sys_seconds kFirst{sys_days{year_month_day{year{0}, month{1}, day{1}}}};
constexpr sys_seconds kLast{sys_days{year_month_day{year{9999}, month{12}, day{31}}} + hours{24} - seconds{1}};

void append_digits(std::string& out, unsigned value, std::size_t count) {
  out.append(count, '0');
  for (std::size_t i = out.size(); count > 0; --count, value /= 10) out[--i] = static_cast<char>('0' + value % 10);
}

template <class Duration>
unsigned count_of(Duration duration) {
  return static_cast<unsigned>(duration.count());
}

/// Reads exactly `count` digits at the front of `rest`.
std::optional<unsigned> take_digits(std::string_view& rest, std::size_t count) noexcept {
  if (rest.size() < count) return std::nullopt;
  unsigned value = 0;
  for (const char c : rest.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  rest.remove_prefix(count);
  return value;
}

bool take(std::string_view& rest, std::string_view literal) noexcept {
  if (!rest.starts_with(literal)) return false;
  rest.remove_prefix(literal.size());
  return true;
}

struct Fields {
  std::optional<unsigned> year, month, day, hour, minute, second;
};

std::optional<WallTime> to_time(const Fields& f) noexcept {
  if (!f.year || !f.month || !f.day || !f.hour || !f.minute || !f.second) return std::nullopt;
  const year_month_day date{year{static_cast<int>(*f.year)}, month{*f.month}, day{*f.day}};
  if (!date.ok() || *f.hour > 23 || *f.minute > 59 || *f.second > 59) return std::nullopt;
  return WallTime{sys_days{date} + hours{*f.hour} + minutes{*f.minute} + seconds{*f.second}};
}

}  // namespace

std::string to_amz_date(WallTime time) {
  const sys_seconds second = std::clamp(floor<seconds>(time), kFirst, kLast);
  const sys_days midnight = floor<days>(second);
  const year_month_day date{midnight};
  const hh_mm_ss clock{second - midnight};
  std::string out;
  out.reserve(16);
  append_digits(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  append_digits(out, static_cast<unsigned>(date.month()), 2);
  append_digits(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append_digits(out, count_of(clock.hours()), 2);
  append_digits(out, count_of(clock.minutes()), 2);
  append_digits(out, count_of(clock.seconds()), 2);
  out += 'Z';
  return out;
}

std::optional<WallTime> parse_amz_date(std::string_view text) noexcept {
  Fields fields;
  fields.year = take_digits(text, 4);
  fields.month = take_digits(text, 2);
  fields.day = take_digits(text, 2);
  if (!take(text, "T")) return std::nullopt;
  fields.hour = take_digits(text, 2);
  fields.minute = take_digits(text, 2);
  fields.second = take_digits(text, 2);
  if (text != "Z") return std::nullopt;
  return to_time(fields);
}

std::string to_http_date(WallTime time) {
  const sys_seconds second = std::clamp(floor<seconds>(time), kFirst, kLast);
  const sys_days midnight = floor<days>(second);
  const year_month_day date{midnight};
  const hh_mm_ss clock{second - midnight};
  std::string out;
  out.reserve(29);
  out += kDays[weekday{midnight}.c_encoding()];
  out += ", ";
  append_digits(out, static_cast<unsigned>(date.day()), 2);
  out += ' ';
  out += kMonths[static_cast<unsigned>(date.month()) - 1];
  out += ' ';
  append_digits(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  out += ' ';
  append_digits(out, count_of(clock.hours()), 2);
  out += ':';
  append_digits(out, count_of(clock.minutes()), 2);
  out += ':';
  append_digits(out, count_of(clock.seconds()), 2);
  out += " GMT";
  return out;
}

std::optional<WallTime> parse_http_date(std::string_view text) noexcept {
  const auto* const day_name = std::find(kDays.begin(), kDays.end(), text.substr(0, 3));
  if (day_name == kDays.end()) return std::nullopt;
  text.remove_prefix(3);
  Fields fields;
  if (!take(text, ", ")) return std::nullopt;
  fields.day = take_digits(text, 2);
  if (!take(text, " ")) return std::nullopt;
  const auto* const month_name = std::find(kMonths.begin(), kMonths.end(), text.substr(0, 3));
  if (month_name == kMonths.end()) return std::nullopt;
  fields.month = static_cast<unsigned>(month_name - kMonths.begin()) + 1;
  text.remove_prefix(3);
  if (!take(text, " ")) return std::nullopt;
  fields.year = take_digits(text, 4);
  if (!take(text, " ")) return std::nullopt;
  fields.hour = take_digits(text, 2);
  if (!take(text, ":")) return std::nullopt;
  fields.minute = take_digits(text, 2);
  if (!take(text, ":")) return std::nullopt;
  fields.second = take_digits(text, 2);
  if (text != " GMT") return std::nullopt;
  const auto time = to_time(fields);
  if (!time) return std::nullopt;
  const weekday actual{floor<days>(*time)};
  if (actual.c_encoding() != static_cast<unsigned>(day_name - kDays.begin())) return std::nullopt;
  return time;
}

std::string to_iso_date(WallTime time, bool milliseconds) {
  const std::string basic = to_amz_date(time);
  std::string text = basic.substr(0, 4) + '-' + basic.substr(4, 2) + '-' + basic.substr(6, 5) + ':' +
                     basic.substr(11, 2) + ':' + basic.substr(13, 2);
  if (milliseconds) {
    const auto part = (time - std::chrono::floor<std::chrono::seconds>(time)).count();
    text += '.' + std::to_string(1000 + part).substr(1);
  }
  return text + 'Z';
}

namespace {

/// The milliseconds of a fraction at the front of `rest` (".5", ".123456"); zero when none is there.
std::optional<std::chrono::milliseconds> take_fraction(std::string_view& rest) noexcept {
  if (!take(rest, ".")) return std::chrono::milliseconds(0);
  unsigned value = 0;
  std::size_t count = 0;
  for (; count < rest.size() && rest[count] >= '0' && rest[count] <= '9'; ++count)
    if (count < 3) value = value * 10 + static_cast<unsigned>(rest[count] - '0');
  if (count == 0) return std::nullopt;
  for (std::size_t i = count; i < 3; ++i) value *= 10;
  rest.remove_prefix(count);
  return std::chrono::milliseconds(value);
}

/// How far the zone that is all of `text` is ahead of UTC.
std::optional<minutes> read_zone(std::string_view text) noexcept {
  if (text == "Z" || text == "z") return minutes(0);
  const bool behind = text.starts_with('-');
  if (!behind && !text.starts_with('+')) return std::nullopt;
  text.remove_prefix(1);
  const auto hour = take_digits(text, 2);
  take(text, ":");
  const auto minute = take_digits(text, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59 || !text.empty()) return std::nullopt;
  const minutes ahead = hours(*hour) + minutes(*minute);
  return behind ? -ahead : ahead;
}

}  // namespace

std::optional<WallTime> parse_iso_date(std::string_view text) noexcept {
  Fields fields;
  fields.year = take_digits(text, 4);
  if (!take(text, "-")) return std::nullopt;
  fields.month = take_digits(text, 2);
  if (!take(text, "-")) return std::nullopt;
  fields.day = take_digits(text, 2);
  if (!take(text, "T")) return std::nullopt;
  fields.hour = take_digits(text, 2);
  if (!take(text, ":")) return std::nullopt;
  fields.minute = take_digits(text, 2);
  if (!take(text, ":")) return std::nullopt;
  fields.second = take_digits(text, 2);
  const auto fraction = take_fraction(text);
  const auto zone = read_zone(text);
  const auto time = to_time(fields);
  if (!time || !fraction || !zone) return std::nullopt;
  return *time + *fraction - *zone;
}

}  // namespace heliograph::wire
