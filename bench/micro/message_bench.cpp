// What it costs to read a client's message and to write the service's, by size; Boost.JSON beside it as a yardstick.
#include <benchmark/benchmark.h>

#include <boost/json.hpp>
#include <string>

#include "support/allocations.hpp"
#include "wire/message.hpp"

namespace heliograph {
namespace {

constexpr std::size_t kMaxPayload = 65536;

/// A message of about this many bytes, as the JS SDK writes it.
std::string message_of(std::size_t size) {
  std::string text = R"({"action":"ICE_CANDIDATE","messagePayload":"","recipientClientId":"viewer-0123456789"})";
  const std::size_t payload = size > text.size() ? (size - text.size()) / 4 * 4 : 4;
  text.insert(text.find("\"\"") + 1, std::string(payload, 'A'));
  return text;
}

/// Reports bytes per second and allocations per message.
void report(benchmark::State& state, std::size_t size, std::uint64_t allocations_before, double allowed) {
  const auto messages = static_cast<double>(state.iterations());
  const double each = static_cast<double>(test::allocations() - allocations_before) / messages;
  state.SetBytesProcessed(static_cast<std::int64_t>(messages) * static_cast<std::int64_t>(size));
  state.counters["allocations"] = each;
  if (each > allowed) state.SkipWithError("it allocates");
}

void parse_message(benchmark::State& state) {
  const std::string text = message_of(static_cast<std::size_t>(state.range(0)));
  wire::ClientMessageParser parser;
  const std::uint64_t before = test::allocations();
  for (auto _ : state) {
    const auto parsed = parser.parse(text, kMaxPayload);
    if (parsed.error || parsed.message.recipient != "viewer-0123456789") state.SkipWithError("a wrong answer");
    benchmark::DoNotOptimize(parsed.message.payload.data());
  }
  report(state, text.size(), before, 0.001);
}
BENCHMARK(parse_message)->Arg(300)->Arg(3000)->Arg(30000);

void parse_and_rewrite(benchmark::State& state) {
  const std::string text = message_of(static_cast<std::size_t>(state.range(0)));
  wire::ClientMessageParser parser;
  std::string out;
  out.reserve(text.size() * 2);
  const std::uint64_t before = test::allocations();
  for (auto _ : state) {
    const auto parsed = parser.parse(text, kMaxPayload);
    out.clear();
    wire::append_service_message(out, parsed.message.action, parsed.message.payload, "viewer-0123456789");
    benchmark::DoNotOptimize(out.data());
  }
  if (!out.ends_with(R"(","senderClientId":"viewer-0123456789"})")) state.SkipWithError("a wrong answer");
  report(state, text.size(), before, 0.001);
}
BENCHMARK(parse_and_rewrite)->Arg(300)->Arg(3000)->Arg(30000);

void parse_with_boost_json(benchmark::State& state) {
  const std::string text = message_of(static_cast<std::size_t>(state.range(0)));
  const std::uint64_t before = test::allocations();
  for (auto _ : state) {
    const boost::json::value document = boost::json::parse(text);
    benchmark::DoNotOptimize(document.as_object().at("messagePayload").as_string().data());
  }
  report(state, text.size(), before, 1000);
}
BENCHMARK(parse_with_boost_json)->Arg(300)->Arg(3000);

}  // namespace
}  // namespace heliograph
