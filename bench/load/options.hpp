// Options of the load client.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "heliograph/result.hpp"

namespace heliograph::bench {

enum class Mode : std::uint8_t {
  kRelay,    ///< Pairs pass messages to and fro.
  kIdle,     ///< Connections stay open and silent; the server's memory is measured.
  kConnect,  ///< Connections are opened and closed as fast as it goes.
};

enum class Protocol : std::uint8_t {
  kKvs,
  kPeerJs,
  kBare,  ///< The relays of rivals/: "/?id=N", and every text goes to N ^ 1 as it is.
};

enum class Tls : std::uint8_t {
  kNone,
  kFull,    ///< A whole handshake for each connection.
  kResume,  ///< Each connection resumes the session of the one before it in its slot.
};

struct Options {
  Mode mode = Mode::kRelay;
  Protocol protocol = Protocol::kKvs;
  Tls tls = Tls::kNone;
  std::string host = "127.0.0.1";  ///< An IPv4 address.
  std::uint16_t port = 3000;
  int server_pid = 0;
  std::size_t connections = 100;  ///< Even; for kConnect: how many are being opened at a time.
  std::size_t payload = 300;      ///< Base64 characters; rounded up to a multiple of four.
  std::size_t in_flight = 1;      ///< Messages under way per pair.
  std::size_t active = 0;         ///< kRelay: so many connections exchange messages, the others are idle. 0: all.
  double rate = 0;            ///< kRelay: messages per second, whether or not those before have arrived. 0: answers.
  double seconds = 1.0;       ///< How long is measured.
  double warm_up = 0.3;       ///< Seconds before that.
  std::string channels_file;  ///< KVS: one channel ARN per line, at least one per pair.
  std::string region = "us-east-1";
};

inline constexpr const char* kUsage =
    "usage: load_client [--mode relay|idle|connect] [--protocol kvs|peerjs|bare] [--tls none|full|resume]\n"
    "                   --port N --server-pid PID [--connections N] [--active N] [--payload BYTES]\n"
    "                   [--in-flight K | --rate MESSAGES_PER_SECOND] [--seconds S] [--warm-up S]\n"
    "                   [--host IPV4] [--channels FILE] [--region NAME]\n"
    "KVS connections are signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Prints one JSON object; ends with 1\n"
    "when an answer was wrong, with 2 when the run could not be made.\n";

/// Fails with kInvalidArgument, naming the option.
[[nodiscard]] Result<Options> parse_options(int argc, const char* const* argv);

}  // namespace heliograph::bench
