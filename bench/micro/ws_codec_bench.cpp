// Costs of the WebSocket codec: relaying one message (decode a client's frame, encode the server's), alone and eight to
// a read; an unfinished frame at the end of each read; unmasking, UTF-8 and the accept key by themselves.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "wire/utf8.hpp"
#include "wire/ws_codec.hpp"
#include "wire/ws_mask.hpp"

namespace heliograph::wire {
namespace {

constexpr std::uint32_t kMask = 0x9E3779B9;

std::string masked_frames(std::size_t payload, std::size_t count) {
  std::string frames;
  for (std::size_t i = 0; i < count; ++i) append_ws_frame(frames, WsKind::kText, std::string(payload, 'x'), kMask);
  return frames;
}

/// One read of `count` frames, relayed. The copy into the read buffer stands for the kernel's and is in the figure.
void relay(benchmark::State& state) {
  const auto payload = static_cast<std::size_t>(state.range(0));
  const auto count = static_cast<std::size_t>(state.range(1));
  const std::string frames = masked_frames(payload, count);
  std::vector<char> read_buffer(frames.size());
  std::string out;
  WsDecoder decoder(WsRole::kServer, {});
  std::size_t relayed = 0;

  for (auto _ : state) {
    std::copy(frames.begin(), frames.end(), read_buffer.begin());
    out.clear();
    decoder.feed(read_buffer);
    while (const auto message = decoder.next()) {
      append_ws_frame(out, message->kind, message->payload);
      ++relayed;
    }
    benchmark::DoNotOptimize(out.data());
  }

  if (relayed != state.iterations() * count || decoder.failure()) state.SkipWithError("wrong answer");
  state.SetItemsProcessed(static_cast<std::int64_t>(relayed));
  state.SetBytesProcessed(static_cast<std::int64_t>(relayed * payload));
}
BENCHMARK(relay)->ArgNames({"payload", "per_read"})->ArgsProduct({{300, 3000}, {1, 8}});

/// Reads of a fixed size that cut the frames anywhere: each leaves an unfinished frame behind.
void relay_cut(benchmark::State& state) {
  const auto payload = static_cast<std::size_t>(state.range(0));
  const auto piece = static_cast<std::size_t>(state.range(1));
  constexpr std::size_t kFrames = 64;
  const std::string frames = masked_frames(payload, kFrames);
  std::string bytes(frames.size(), '\0');
  WsDecoder decoder(WsRole::kServer, {});
  std::size_t decoded = 0;

  for (auto _ : state) {
    bytes = frames;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      decoder.feed({bytes.data() + at, std::min(piece, bytes.size() - at)});
      while (const auto message = decoder.next()) ++decoded;
    }
  }

  if (decoded != state.iterations() * kFrames) state.SkipWithError("wrong answer");
  state.SetItemsProcessed(static_cast<std::int64_t>(decoded));
}
BENCHMARK(relay_cut)->ArgNames({"payload", "read"})->Args({3000, 16384})->Args({3000, 1400})->Args({3000, 1});

void unmask(benchmark::State& state) {
  std::string bytes(static_cast<std::size_t>(state.range(0)) + 1, 'x');
  const std::span<char> payload = std::span(bytes).subspan(1);  // Payloads are hardly ever aligned.
  for (auto _ : state) {
    apply_ws_mask(payload, {'\x11', '\x22', '\x44', '\x88'});
    benchmark::DoNotOptimize(bytes.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(unmask)->Arg(300)->Arg(3000)->Arg(65'536);

void utf8(benchmark::State& state, std::string_view unit) {
  std::string text;
  while (text.size() < 3000) text += unit;
  for (auto _ : state) {
    bool good = is_utf8(text);
    if (!good) state.SkipWithError("wrong answer");
    benchmark::DoNotOptimize(good);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(utf8, ascii, "eyJ0eXBlIjoib2ZmZXIi");
BENCHMARK_CAPTURE(utf8, german, "Gr\xC3\xBC\xC3\x9F Gott, sch\xC3\xB6ne Welt ");
BENCHMARK_CAPTURE(utf8, japanese, "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E");

void accept_key(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(ws_accept_key("dGhlIHNhbXBsZSBub25jZQ=="));
}
BENCHMARK(accept_key);

}  // namespace
}  // namespace heliograph::wire
