// Parsing of `--name value` pairs.
#include "load/options.hpp"

#include <charconv>
#include <string_view>

namespace heliograph::bench {
namespace {

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

template <class Enum>
struct Choice {
  std::string_view name;
  Enum value;
};

template <class Enum, std::size_t kCount>
bool read_choice(std::string_view text, const Choice<Enum> (&choices)[kCount], Enum& value) {
  for (const Choice<Enum>& choice : choices) {
    if (choice.name != text) continue;
    value = choice.value;
    return true;
  }
  return false;
}

constexpr Choice<Mode> kModes[] = {{"relay", Mode::kRelay}, {"idle", Mode::kIdle}, {"connect", Mode::kConnect}};
constexpr Choice<Protocol> kProtocols[] = {
    {"kvs", Protocol::kKvs}, {"peerjs", Protocol::kPeerJs}, {"bare", Protocol::kBare}};
constexpr Choice<Tls> kTls[] = {{"none", Tls::kNone}, {"full", Tls::kFull}, {"resume", Tls::kResume}};

bool read_text(std::string_view text, std::string& value) {
  value = text;
  return !text.empty();
}

/// False when the name is unknown or the value is not one it takes.
bool set_option(Options& options, std::string_view name, std::string_view value) {
  if (name == "--mode") return read_choice(value, kModes, options.mode);
  if (name == "--protocol") return read_choice(value, kProtocols, options.protocol);
  if (name == "--tls") return read_choice(value, kTls, options.tls);
  if (name == "--host") return read_text(value, options.host);
  if (name == "--port") return read_number(value, options.port);
  if (name == "--server-pid") return read_number(value, options.server_pid);
  if (name == "--connections") return read_number(value, options.connections);
  if (name == "--payload") return read_number(value, options.payload);
  if (name == "--in-flight") return read_number(value, options.in_flight);
  if (name == "--active") return read_number(value, options.active);
  if (name == "--rate") return read_number(value, options.rate);
  if (name == "--seconds") return read_number(value, options.seconds);
  if (name == "--warm-up") return read_number(value, options.warm_up);
  if (name == "--channels") return read_text(value, options.channels_file);
  if (name == "--region") return read_text(value, options.region);
  return false;
}

}  // namespace

Result<Options> parse_options(int argc, const char* const* argv) {
  Options options;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view value = i + 1 < argc ? argv[i + 1] : "";
    if (!set_option(options, argv[i], value)) {
      return Error{Errc::kInvalidArgument, "cannot use: " + std::string(argv[i]) + " " + std::string(value)};
    }
  }
  if (options.connections == 0 || options.connections % 2 != 0) {
    return Error{Errc::kInvalidArgument, "--connections must be even and more than 0"};
  }
  if (options.active == 0) options.active = options.connections;
  if (options.active > options.connections || options.active % 2 != 0) {
    return Error{Errc::kInvalidArgument, "--active must be even and not more than --connections"};
  }
  if (options.rate < 0) return Error{Errc::kInvalidArgument, "--rate must not be negative"};
  if (options.in_flight == 0 || options.in_flight > 64) {
    return Error{Errc::kInvalidArgument, "--in-flight must be 1 to 64"};
  }
  if (options.server_pid <= 0) return Error{Errc::kInvalidArgument, "--server-pid is missing"};
  options.payload = (options.payload < 8 ? 8 : options.payload + 3) / 4 * 4;
  return options;
}

}  // namespace heliograph::bench
