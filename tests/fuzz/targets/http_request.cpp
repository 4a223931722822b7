// Invariants of the HTTP parser: a stream means the same requests, or the same refusal, however it is cut into reads;
// no header, body, trailer or wait for more outgrows its limit. Input: flags (bits 0–1 the limits), the number of piece
// sizes (0–15), the sizes of the pieces in turn, and then the stream.
#include <cstdint>

#include "support/http_stream.hpp"

namespace {

using namespace heliograph;

constexpr net::HttpLimits kLimits[] = {{40, 0}, {100, 10}, {400, 300}, {16 * 1024, 64 * 1024}};

std::vector<std::size_t> cuts_by(std::string_view sizes, std::string_view stream) {
  std::vector<std::size_t> cuts;
  std::size_t at = 0;
  for (std::size_t i = 0; !sizes.empty(); ++i) {
    at += 1 + static_cast<unsigned char>(sizes[i % sizes.size()]);
    if (at >= stream.size()) break;
    cuts.push_back(at);
  }
  return cuts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const net::HttpLimits limits = kLimits[data[0] & 3U];
  const std::string_view sizes = input.substr(2, data[1] & 15U);
  const std::string_view stream = input.substr(2 + sizes.size());

  const auto whole = test::parse_http(stream, {}, limits);
  const auto cut = test::parse_http(stream, cuts_by(sizes, stream), limits);
  const auto bytewise = test::parse_http(stream, test::pieces_of(1, stream), limits);

  test::check(cut.same_as(whole), "cut anywhere, a stream means the same");
  test::check(bytewise.same_as(whole), "byte by byte, a stream means the same");
  test::check(cut.longest_wait < limits.max_header && bytewise.longest_wait < limits.max_header,
              "what waits for more is shorter than a header may be");
  for (const std::string& request : whole.requests)
    test::check(request.size() <= 2 * limits.max_header + limits.max_body + 64, "a request keeps its limits");
  return 0;
}
