// A stream of HTTP requests parsed in pieces, as a value that can be compared; shared by unit tests and the fuzzer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "net/http_parser.hpp"
#include "support/check.hpp"

namespace heliograph::test {

/// A request as lines, so that a failing comparison can be read.
inline std::string to_lines(const net::HttpRequest& request, bool keep_alive) {
  std::string lines = request.method + " " + request.target + (keep_alive ? "\n" : " (last)\n");
  for (const net::HttpHeader& header : request.headers) lines += header.name + ": " + header.value + "\n";
  return lines + "\n" + request.body;
}

/// All that a parser said about a stream.
struct HttpTranscript {
  std::vector<std::string> requests;
  std::optional<int> refused;    ///< The status.
  std::size_t left = 0;          ///< Bytes behind the last request that wait for more.
  std::size_t continues = 0;     ///< How often "100 Continue" was to be sent; depends on the pieces.
  std::size_t longest_wait = 0;  ///< Most bytes that the parser left unused in between.

  /// Whether two streams meant the same.
  [[nodiscard]] bool same_as(const HttpTranscript& other) const {
    return requests == other.requests && refused == other.refused;
  }
};

inline void PrintTo(const HttpTranscript& transcript, std::ostream* out) {
  for (const std::string& request : transcript.requests) *out << "[" << request << "] ";
  if (transcript.refused) *out << "refused with " << *transcript.refused;
}

/// Parses `stream` as it would come in pieces that end at `cuts` (ascending offsets). Each piece is handed over in a
/// buffer of exactly its size, so that a sanitizer sees every byte read beyond it. Goes on behind a request that ends
/// the connection, to see more.
inline HttpTranscript parse_http(std::string_view stream, const std::vector<std::size_t>& cuts = {},
                                 net::HttpLimits limits = {}) {
  net::HttpParser parser(limits);
  HttpTranscript transcript;
  std::size_t used = 0;
  std::size_t from = 0;
  for (std::size_t i = 0; i <= cuts.size() && !transcript.refused; ++i) {
    const std::size_t end = i < cuts.size() ? std::min(cuts[i], stream.size()) : stream.size();
    from = end;
    while (used < end) {
      const std::vector<char> exact(stream.begin() + static_cast<std::ptrdiff_t>(used),
                                    stream.begin() + static_cast<std::ptrdiff_t>(end));
      const auto fed = parser.feed({exact.data(), exact.size()});
      if (const auto* refusal = std::get_if<net::HttpParser::Refusal>(&fed)) {
        transcript.refused = refusal->status;
        check(refusal->status >= 400 && !refusal->text.empty(), "a refusal has a status and a text");
        break;
      }
      const auto& progress = std::get<net::HttpParser::Progress>(fed);
      check(progress.consumed <= exact.size(), "no more is used than was given");
      used += progress.consumed;
      if (progress.step == net::HttpParser::Step::kComplete) {
        net::HttpRequest request = parser.take();
        check(request.body.size() <= limits.max_body, "a body keeps its limit");
        check(parser.is_idle(), "the parser is ready for the next request");
        transcript.requests.push_back(to_lines(request, parser.keep_alive()));
        continue;
      }
      if (progress.step == net::HttpParser::Step::kContinue) {
        ++transcript.continues;
        continue;
      }
      transcript.longest_wait = std::max(transcript.longest_wait, end - used);
      break;
    }
  }
  transcript.left = from - used;
  return transcript;
}

/// Offsets that cut a stream into pieces of `size` bytes.
inline std::vector<std::size_t> pieces_of(std::size_t size, std::string_view stream) {
  std::vector<std::size_t> cuts;
  for (std::size_t cut = size; cut < stream.size(); cut += size) cuts.push_back(cut);
  return cuts;
}

}  // namespace heliograph::test
