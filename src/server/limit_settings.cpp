// The table of limits, and reading a value by its unit.
#include "server/limit_settings.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "server/setting_texts.hpp"

namespace heliograph::server {
namespace {

enum class Unit : std::uint8_t { kCount, kBytes, kDuration, kRate };

/// Where the value lies.
using Field = std::variant<std::size_t*, std::uint32_t*, std::chrono::seconds*>;

/// One limit of one AllLimits. Values are whole numbers of the unit: bytes, seconds, events per second.
struct Setting {
  std::string name;
  Field field;
  Unit unit{};
  std::uint64_t min = 0;
  std::string_view about;
};

/// The table: every limit there is.
std::vector<Setting> settings_of(AllLimits& limits) {
  core::Limits& core = limits.core;
  CallLimits& calls = limits.calls;
  std::vector<Setting> all{
      {"max-payload", &core.max_payload, Unit::kBytes, 1, "messagePayload, base64 characters"},
      {"max-message", &core.max_frame, Unit::kBytes, 1, "one whole WebSocket message"},
      {"max-viewers", &core.max_viewers, Unit::kCount, 1, "connected viewers of a channel"},
      {"max-waiting-messages", &core.max_retained_messages, Unit::kCount, 0, "undelivered, per sender and recipient"},
      {"max-waiting-bytes", &core.max_retained_bytes, Unit::kBytes, 0, "undelivered bytes of a channel"},
      {"max-outbox", &core.max_outbox, Unit::kBytes, 1, "queued to a peer before it counts as not reading"},
      {"max-channels", &calls.max_channels, Unit::kCount, 0, "channels of the account; 0: no limit"},
      {"full-mesh", &calls.full_mesh, Unit::kCount, 0, "1: FULL_MESH channels can be made; 0: they are refused"},
      {"ping-interval", &core.ping_interval, Unit::kDuration, 0, "silence before a peer is pinged; 0: never"},
      {"ping-timeout", &core.ping_timeout, Unit::kDuration, 0, "silence after a ping before it is closed; 0: never"},
      {"idle-timeout", &core.idle_timeout, Unit::kDuration, 0, "without a message or ping of the peer; 0: never"},
      {"max-duration", &core.max_duration, Unit::kDuration, 0, "longest life of a connection; 0: no limit"},
      {"go-away-grace", &core.go_away_grace, Unit::kDuration, 0, "from GO_AWAY to the close; 0: at once"},
      {"close-timeout", &core.close_timeout, Unit::kDuration, 0, "from the close to hanging up; 0: at once"},
      {"rate-offers", &core.rates.offers, Unit::kRate, 0, "SDP_OFFER of a connection"},
      {"rate-answers", &core.rates.answers, Unit::kRate, 0, "SDP_ANSWER of a connection"},
      {"rate-candidates", &core.rates.candidates, Unit::kRate, 0, "ICE_CANDIDATE of a connection"},
      {"rate-ConnectAsMaster-per-channel", &calls.master_connects, Unit::kRate, 0, "masters connecting"},
      {"rate-ConnectAsViewer-per-channel", &calls.viewer_connects, Unit::kRate, 0, "viewers connecting"},
  };
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    const std::string name = "rate-" + std::string(to_string(operation));
    all.push_back({name, &calls.of(operation).account, Unit::kRate, 0, "calls of the account"});
    all.push_back({name + "-per-channel", &calls.of(operation).channel, Unit::kRate, 0, "calls about one channel"});
  }
  return all;
}

std::uint64_t value_of(const Field& field) {
  if (const auto* const* size = std::get_if<std::size_t*>(&field)) return **size;
  if (const auto* const* rate = std::get_if<std::uint32_t*>(&field)) return **rate;
  return static_cast<std::uint64_t>(std::get<std::chrono::seconds*>(field)->count());
}

void set_value(const Field& field, std::uint64_t value) {
  if (auto* const* size = std::get_if<std::size_t*>(&field)) {
    **size = value;
  } else if (auto* const* rate = std::get_if<std::uint32_t*>(&field)) {
    **rate = static_cast<std::uint32_t>(value);
  } else {
    *std::get<std::chrono::seconds*>(field) = std::chrono::seconds(value);
  }
}

/// The largest value that makes sense of a unit.
std::uint64_t max_of(Unit unit) {
  switch (unit) {
    case Unit::kCount:
      return 1'000'000'000;
    case Unit::kBytes:
      return 1ULL << 30U;
    case Unit::kDuration:
      return 366ULL * 24 * 3600;
    case Unit::kRate:
      return 1'000'000;
  }
  return 0;
}

bool equals_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

struct Suffix {
  std::string_view text;
  std::uint64_t factor;
};
constexpr std::array kByteSuffixes{Suffix{"", 1}, Suffix{"K", 1024}, Suffix{"M", 1024 * 1024}};
constexpr std::array kTimeSuffixes{Suffix{"s", 1}, Suffix{"m", 60}, Suffix{"h", 3600}};
constexpr std::array kNoSuffix{Suffix{"", 1}};
// So that no suffix can overflow.
constexpr std::uint64_t kLargestNumber = 1ULL << 40U;

std::string_view unit_rule(Unit unit) {
  switch (unit) {
    case Unit::kCount:
      return "a whole number";
    case Unit::kBytes:
      return "a number of bytes, or of KiB or MiB with K or M behind it (65536, 64K, 1M)";
    case Unit::kDuration:
      return "a whole number with its unit s, m or h (30s, 10m, 1h)";
    case Unit::kRate:
      return "a whole number per second; 0: no limit";
  }
  return {};
}

template <std::size_t N>
std::optional<std::uint64_t> parse_with(std::string_view text, const std::array<Suffix, N>& suffixes) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value > kLargestNumber) return std::nullopt;
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Suffix& suffix : suffixes) {
    if (rest == suffix.text) return value * suffix.factor;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> parse_value(std::string_view text, Unit unit) {
  switch (unit) {
    case Unit::kBytes:
      return parse_with(text, kByteSuffixes);
    case Unit::kDuration:
      return text == "0" ? std::optional<std::uint64_t>(0) : parse_with(text, kTimeSuffixes);
    case Unit::kCount:
    case Unit::kRate:
      return parse_with(text, kNoSuffix);
  }
  return std::nullopt;
}

std::string to_text(std::uint64_t value, Unit unit) {
  if (unit == Unit::kDuration && value != 0) {
    const Suffix& best = value % 3600 == 0 ? kTimeSuffixes[2] : value % 60 == 0 ? kTimeSuffixes[1] : kTimeSuffixes[0];
    return std::to_string(value / best.factor) + std::string(best.text);
  }
  if (unit == Unit::kBytes && value != 0 && value % 1024 == 0) {
    const Suffix& best = value % (1024 * 1024) == 0 ? kByteSuffixes[2] : kByteSuffixes[1];
    return std::to_string(value / best.factor) + std::string(best.text);
  }
  return std::to_string(value);
}

/// What is said of a name that there is not.
std::string no_limit(std::string_view name, const std::vector<Setting>& settings) {
  std::vector<std::string> names;
  names.reserve(settings.size());
  for (const Setting& setting : settings) names.push_back(setting.name);
  const std::string_view nearest = nearest_of(name, names);
  return "names no limit" + (nearest.empty() ? "" : "; was " + std::string(nearest) + " meant?") +
         (nearest.empty() ? ";" : "") + " heliographd --help lists them";
}

}  // namespace

AllLimits limits_of_profile(std::string_view profile, std::string_view region) {
  if (profile == "aws") return {core::aws_limits(), aws_call_limits(region)};
  return {core::open_limits(), {}};
}

Result<void> set_limit(AllLimits& limits, std::string_view assignment) {
  const auto wrong = [&assignment](const std::string& why) {
    return Error{Errc::kInvalidArgument, "'" + std::string(assignment) + "' " + why};
  };
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos) return wrong("is not NAME=VALUE, for example max-viewers=50");
  const std::string_view name = assignment.substr(0, equals);
  const std::vector<Setting> settings = settings_of(limits);
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [name](const Setting& setting) { return equals_without_case(setting.name, name); });
  if (found == settings.end()) return wrong(no_limit(name, settings));
  const auto value = parse_value(assignment.substr(equals + 1), found->unit);
  if (!value) return wrong("needs " + std::string(unit_rule(found->unit)));
  const std::uint64_t max = max_of(found->unit);
  if (*value < found->min || *value > max) {
    return wrong("must be from " + to_text(found->min, found->unit) + " to " + to_text(max, found->unit));
  }
  set_value(found->field, *value);
  return {};
}

Result<void> check_limits(const AllLimits& limits) {
  const core::Limits& core = limits.core;
  const auto text = [](std::size_t bytes) { return to_text(bytes, Unit::kBytes); };
  if (core.max_frame < core.max_payload) {
    return Error{Errc::kInvalidArgument, "max-message=" + text(core.max_frame) + " leaves no room for max-payload=" +
                                             text(core.max_payload) + ": the payload is a part of the message"};
  }
  if (core.max_outbox < core.max_frame) {
    return Error{Errc::kInvalidArgument, "max-outbox=" + text(core.max_outbox) + " is less than max-message=" +
                                             text(core.max_frame) + ": one message would count as not reading"};
  }
  return {};
}

std::string describe_limits() {
  AllLimits open = limits_of_profile("open", {});
  AllLimits aws = limits_of_profile("aws", "us-east-1");
  const std::vector<Setting> rows = settings_of(open);
  const std::vector<Setting> others = settings_of(aws);
  std::string out =
      "Limits (--limit NAME=VALUE), with the values of open and aws. Rates are per second, 0: no limit.\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto value = [&rows, i](const Setting& of) { return to_text(value_of(of.field), rows[i].unit); };
    const auto pad = [](std::string text, std::size_t width) {
      return text.append(text.size() < width ? width - text.size() : 1, ' ');
    };
    const std::string line = pad("  " + rows[i].name, 58) + value(rows[i]) + " / " + value(others[i]);
    out.append(pad(line, 74)).append(rows[i].about).append("\n");
  }
  return out;
}

}  // namespace heliograph::server
