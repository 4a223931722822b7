// What routing costs: one message from a viewer to its master and back among many connections, taken in a random order
// so that the tables are as cold as they are in service.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/hub.hpp"
#include "support/allocations.hpp"

namespace heliograph {
namespace {

const SteadyTime kNow{std::chrono::hours(1)};

ConnId master_of(std::uint64_t channel) { return {0, channel * 2}; }
ConnId viewer_of(std::uint64_t channel) { return {1, channel * 2 + 1}; }
std::string client_of(std::uint64_t channel) { return "viewer-" + std::to_string(channel); }

/// Channels of one master and one viewer.
struct Pairs {
  explicit Pairs(std::uint64_t connections) : channels(connections / 2) {
    const std::uint64_t before = test::allocated_bytes();
    for (std::uint64_t channel = 0; channel < channels; ++channel) {
      effects.clear();
      const ChannelArn arn("arn:aws:kinesisvideo:us-east-1:000000000000:channel/c" + std::to_string(channel) + "/17");
      const auto join = [&](ConnId conn, wire::Role role, std::string client) {
        const core::Join seat{conn, arn, role, ClientId(std::move(client)), std::chrono::seconds(60)};
        return hub.on_join(kNow, seat, effects).has_value();
      };
      if (!join(master_of(channel), wire::Role::kMaster, {})) std::abort();
      if (!join(viewer_of(channel), wire::Role::kViewer, client_of(channel))) std::abort();
      order.push_back(channel);
      clients.push_back(client_of(channel));
    }
    asked_bytes = test::allocated_bytes() - before;
    std::shuffle(order.begin(), order.end(), std::mt19937_64(1));
  }

  std::uint64_t channels;
  core::Hub hub{core::Limits()};
  core::Effects effects;
  std::vector<std::uint64_t> order;
  std::vector<std::string> clients;
  std::uint64_t asked_bytes = 0;
};

/// Made once for each number of connections: relaying changes nothing in a Hub.
Pairs& pairs_of(std::uint64_t connections) {
  static std::unique_ptr<Pairs> latest;
  if (!latest || latest->channels != connections / 2) {
    latest.reset();
    latest = std::make_unique<Pairs>(connections);
  }
  return *latest;
}

/// Two messages an iteration: there and back.
void relay_between(benchmark::State& state) {
  Pairs& pairs = pairs_of(static_cast<std::uint64_t>(state.range(0)));
  const std::string payload(static_cast<std::size_t>(state.range(1)), 'A');
  wire::ParsedClientMessage offer{{wire::MessageType::kSdpOffer, payload, {}, {}}, std::nullopt};
  wire::ParsedClientMessage answer{{wire::MessageType::kSdpAnswer, payload, {}, {}}, std::nullopt};
  std::size_t next = 0;
  const auto round = [&] {
    const std::uint64_t channel = pairs.order[next++ % pairs.channels];
    answer.message.recipient = pairs.clients[channel];
    pairs.effects.clear();
    pairs.hub.on_message(kNow, viewer_of(channel), offer, pairs.effects);
    pairs.hub.on_message(kNow, master_of(channel), answer, pairs.effects);
    const auto& done = pairs.effects.list();
    return done.size() == 2 && std::get<core::Send>(done[0]).to == master_of(channel) &&
           std::get<core::Send>(done[1]).to == viewer_of(channel);
  };
  if (!round()) state.SkipWithError("a wrong answer");

  const std::uint64_t before = test::allocations();
  for (auto _ : state) {
    if (!round()) state.SkipWithError("a wrong answer");
  }
  const std::uint64_t allocated = test::allocations() - before;
  if (allocated != 0) state.SkipWithError("a relayed message allocates");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 2);
  state.counters["allocations"] = static_cast<double>(allocated);
  state.counters["bytes_asked_per_connection"] =
      static_cast<double>(pairs.asked_bytes) / static_cast<double>(pairs.channels * 2);
}
BENCHMARK(relay_between)->ArgNames({"connections", "payload"})->Args({100, 300})->Args({100'000, 300});
BENCHMARK(relay_between)->ArgNames({"connections", "payload"})->Args({1'000'000, 300})->Args({1'000'000, 3000});

/// One channel with a thousand viewers: the master answers each in turn.
void answer_a_thousand_viewers(benchmark::State& state) {
  constexpr std::uint64_t kViewers = 1000;
  core::Hub hub{core::Limits()};
  core::Effects effects;
  const ChannelArn arn("arn:aws:kinesisvideo:us-east-1:000000000000:channel/stage/17");
  std::vector<std::string> clients;
  if (!hub.on_join(kNow, {{0, 1}, arn, wire::Role::kMaster, {}, std::chrono::seconds(60)}, effects)) std::abort();
  for (std::uint64_t i = 0; i < kViewers; ++i) {
    clients.push_back(client_of(i));
    const core::Join join{{0, 2 + i}, arn, wire::Role::kViewer, ClientId(clients.back()), std::chrono::seconds(60)};
    if (!hub.on_join(kNow, join, effects)) std::abort();
  }
  const std::string payload(300, 'A');
  wire::ParsedClientMessage answer{{wire::MessageType::kSdpAnswer, payload, {}, {}}, std::nullopt};
  std::uint64_t next = 0;
  for (auto _ : state) {
    const std::uint64_t viewer = next++ % kViewers;
    answer.message.recipient = clients[viewer];
    effects.clear();
    hub.on_message(kNow, {0, 1}, answer, effects);
    if (std::get<core::Send>(effects.list().at(0)).to.serial != 2 + viewer) state.SkipWithError("a wrong answer");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(answer_a_thousand_viewers);

/// The worst that an absent recipient can cost: its mailbox is full and every message is refused.
void refuse_at_a_full_mailbox(benchmark::State& state) {
  core::Limits limits;
  limits.max_retained_messages = 1'000'000;
  core::Hub hub{limits};
  core::Effects effects;
  const ChannelArn arn("arn:aws:kinesisvideo:us-east-1:000000000000:channel/stage/17");
  const core::Join join{{0, 1}, arn, wire::Role::kViewer, ClientId("alice"), std::chrono::seconds(60)};
  if (!hub.on_join(kNow, join, effects)) std::abort();
  const wire::ParsedClientMessage candidate{{wire::MessageType::kIceCandidate, "AAAA", {}, {}}, std::nullopt};
  while (hub.stats().refused == 0) hub.on_message(kNow, {0, 1}, candidate, effects);
  for (auto _ : state) hub.on_message(kNow, {0, 1}, candidate, effects);
  state.counters["waiting"] = static_cast<double>(hub.stats().retained_messages);
}
BENCHMARK(refuse_at_a_full_mailbox);

}  // namespace
}  // namespace heliograph
