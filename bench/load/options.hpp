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

enum class Protocol : std::uint8_t { kKvs, kPeerJs };

struct Options {
  Mode mode = Mode::kRelay;
  Protocol protocol = Protocol::kKvs;
  std::string host = "127.0.0.1";  ///< An IPv4 address.
  std::uint16_t port = 3000;
  int server_pid = 0;
  std::size_t connections = 100;  ///< Even; for kConnect: how many are being opened at a time.
  std::size_t payload = 300;      ///< Base64 characters; rounded up to a multiple of four.
  std::size_t in_flight = 1;      ///< Messages under way per pair.
  double seconds = 1.0;           ///< How long is measured.
  double warm_up = 0.3;           ///< Seconds before that.
  std::string channels_file;      ///< KVS: one channel ARN per line, at least one per pair.
  std::string region = "us-east-1";
};

inline constexpr const char* kUsage =
    "usage: load_client [--mode relay|idle|connect] [--protocol kvs|peerjs] --port N --server-pid PID\n"
    "                   [--connections N] [--payload BYTES] [--in-flight K] [--seconds S] [--warm-up S]\n"
    "                   [--host IPV4] [--channels FILE] [--region NAME]\n"
    "KVS connections are signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Prints one JSON object; ends with 1\n"
    "when an answer was wrong, with 2 when the run could not be made.\n";

/// Fails with kInvalidArgument, naming the option.
[[nodiscard]] Result<Options> parse_options(int argc, const char* const* argv);

}  // namespace heliograph::bench
