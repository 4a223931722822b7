// What it costs to sign a WebSocket URL and to verify requests: with the signing key at hand, and derived anew.
#include <benchmark/benchmark.h>

#include <array>
#include <string>
#include <vector>

#include "support/allocations.hpp"
#include "wire/sigv4.hpp"
#include "wire/sigv4_verify.hpp"

namespace heliograph {
namespace {

constexpr WallTime kNow{std::chrono::milliseconds(1700000000000)};
constexpr std::string_view kRegion = "us-west-2";
constexpr std::string_view kHost = "localhost:3000";

const wire::SigningCredential& credential() {
  static const wire::SigningCredential kCredential{"AKIA4F7WJQR7FMMWMNXI", Secret("FakeSecretKey"), Secret(),
                                                   std::nullopt};
  return kCredential;
}

std::string presign(wire::SigningKeyCache& cache) {
  constexpr std::array<wire::ParamView, 2> kParams{
      {{"X-Amz-ChannelARN", "arn:aws:kinesisvideo:us-west-2:123456789012:channel/demo-channel/1712136149494"},
       {"X-Amz-ClientId", "viewer-1"}}};
  auto url = wire::presign_url({.endpoint = "wss://localhost:3000", .params = kParams, .region = kRegion}, credential(),
                               kNow, cache);
  return url ? std::move(*url) : std::string();
}

/// Counts allocations per iteration.
class Allocations {
 public:
  explicit Allocations(benchmark::State& state) : state_(state), before_(test::allocations()) {}
  Allocations(const Allocations&) = delete;
  Allocations& operator=(const Allocations&) = delete;
  ~Allocations() {
    state_.counters["allocations"] =
        static_cast<double>(test::allocations() - before_) / static_cast<double>(state_.iterations());
  }

 private:
  benchmark::State& state_;
  std::uint64_t before_;
};

/// Verifies one request again and again. Uncached: each time with a cache that has seen nothing.
void verify(benchmark::State& state, const wire::RequestView& request, bool cached, bool expected) {
  wire::SigningKeyCache cache;
  const Allocations allocations(state);
  for (auto _ : state) {
    const auto claim = wire::parse_authentication(request);
    if (!claim) return state.SkipWithError("not understood");
    wire::SigningKeyCache cold(1);
    const auto verified = wire::verify(request, *claim, credential(), kNow, {.region = kRegion}, cached ? cache : cold);
    if (verified.has_value() != expected) return state.SkipWithError("a wrong answer");
  }
}

void presign_url(benchmark::State& state) {
  wire::SigningKeyCache cache;
  const std::string expected = presign(cache);
  const Allocations allocations(state);
  for (auto _ : state) {
    if (presign(cache) != expected) return state.SkipWithError("a wrong answer");
  }
}
BENCHMARK(presign_url);

void verify_presigned(benchmark::State& state, bool cached, bool genuine) {
  wire::SigningKeyCache cache;
  const std::string url = presign(cache);
  std::string target = url.substr(url.find(kHost) + kHost.size());
  if (!genuine) {
    char& digit = target[target.find("X-Amz-Signature=") + 16];
    digit = digit == '0' ? '1' : '0';
  }
  const std::array<wire::HeaderView, 4> headers{
      {{"Host", kHost}, {"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Version", "13"}}};
  verify(state, {"GET", target, headers, {}}, cached, genuine);
}
BENCHMARK_CAPTURE(verify_presigned, cached, true, true);
BENCHMARK_CAPTURE(verify_presigned, uncached, false, true);
BENCHMARK_CAPTURE(verify_presigned, refused, true, false);

void verify_headers(benchmark::State& state, bool cached) {
  wire::SigningKeyCache cache;
  constexpr std::string_view kBody = R"({"ChannelName":"demo-channel"})";
  const std::array<wire::HeaderView, 1> extra{{{"content-type", "application/json"}}};
  const auto made = wire::sign_headers(
      {.host = kHost, .target = "/describeSignalingChannel", .headers = extra, .body = kBody, .region = kRegion},
      credential(), kNow, cache);
  const std::array<wire::HeaderView, 5> headers{{{"Host", kHost},
                                                 {"Content-Type", "application/json"},
                                                 {"X-Amz-Date", made.x_amz_date},
                                                 {"Authorization", made.authorization},
                                                 {"User-Agent", "bench"}}};
  verify(state, {"POST", "/describeSignalingChannel", headers, kBody}, cached, true);
}
BENCHMARK_CAPTURE(verify_headers, cached, true);
BENCHMARK_CAPTURE(verify_headers, uncached, false);

}  // namespace
}  // namespace heliograph
