// Invariants of the WebSocket codec: a stream means the same however it is cut into reads, and what was decoded can be
// written and decoded again. Input: flags (bit 0 the role, bits 1–2 the limit), the number of piece sizes (0–15), the
// sizes of the pieces in turn, and then the stream.
#include <algorithm>
#include <cstdlib>

#include "support/ws_frames.hpp"

namespace {

using namespace heliograph;

constexpr std::size_t kLimits[] = {0, 100, 4096, 64 * 1024};

void demand(bool holds) {
  if (!holds) std::abort();
}

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

std::string written(const std::vector<test::OwnedMessage>& messages, wire::WsRole reader) {
  std::optional<std::uint32_t> mask;
  if (reader == wire::WsRole::kServer) mask = 0x9E3779B9;
  std::string stream;
  for (const test::OwnedMessage& message : messages) {
    if (message.kind == wire::WsKind::kClose) {
      wire::append_ws_close(stream, message.close_code, message.payload, mask);
    } else {
      wire::append_ws_frame(stream, message.kind, message.payload, mask);
    }
  }
  return stream;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (size < 2) return 0;
  const wire::WsRole role = (data[0] & 1U) == 0 ? wire::WsRole::kServer : wire::WsRole::kClient;
  const wire::WsLimits limits{.max_message = kLimits[data[0] >> 1U & 3U]};
  const std::string_view sizes = input.substr(2, data[1] & 15U);
  const std::string_view stream = input.substr(2 + sizes.size());

  const test::Transcript whole = test::decode(stream, {}, role, limits);

  demand(test::decode(stream, cuts_by(sizes, stream), role, limits) == whole);
  demand(test::decode(stream, test::every(1, stream), role, limits) == whole);
  const test::Transcript again = test::decode(written(whole.messages, role), {}, role, limits);
  demand(again.messages == whole.messages && !again.failure);
  return 0;
}
