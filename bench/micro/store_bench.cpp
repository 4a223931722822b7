// What the store costs: making, finding and listing channels in a small and in a large store, and opening a file.
// The directory is the system's temporary one; point TMPDIR at the disk that counts.
#include <SQLiteCpp/Database.h>
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "store/memory_store.hpp"
#include "store/sqlite_store.hpp"
#include "support/counting_rng.hpp"
#include "support/temp_dir.hpp"

namespace heliograph::store {
namespace {

constexpr WallTime kNow{std::chrono::milliseconds(1'712'136'149'494)};

// In no order that helps, and of one length: "c" and seven digits.
std::string name_of(std::int64_t i) {
  const std::string digits = std::to_string(i);
  return std::string("c").append(7 - digits.size(), '0').append(digits);
}

/// A store of many channels, made once per process. Channels go in by one statement: a transaction each would take as
/// long as the disk needs for a million of them.
struct Filled {
  explicit Filled(std::int64_t channels) : file(dir / "heliograph.db") {
    open();
    store.reset();
    SQLite::Database raw(file, SQLite::OPEN_READWRITE);
    raw.exec(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " + std::to_string(channels) +
        ") INSERT INTO channels SELECT 1, printf('c%07d', i), 1712136149494, 0, 60, 'AAAAAAAAAAAAAAAAAAAA' FROM n");
    open();
    if (store->channel_count() != static_cast<std::size_t>(channels)) std::abort();
  }
  void open() {
    auto opened = SqliteStore::open({.file = file}, rng);
    if (!opened) std::abort();
    store = *std::move(opened);
  }

  test::TempDir dir;
  std::string file;
  test::CountingRng rng;
  std::unique_ptr<SqliteStore> store;
};

Filled& filled(std::int64_t channels) {
  static std::map<std::int64_t, std::unique_ptr<Filled>> all;
  auto& one = all[channels];
  if (!one) one = std::make_unique<Filled>(channels);
  return *one;
}

void sqlite_create(benchmark::State& state) {
  Filled& with = filled(state.range(0));
  static std::int64_t serial = 0;
  for (auto _ : state) {
    if (!with.store->create_channel({.name = "new-" + std::to_string(serial++)}, kNow)) std::abort();
  }
}
BENCHMARK(sqlite_create)->Arg(1'000)->Arg(1'000'000)->UseRealTime()->Unit(benchmark::kMicrosecond);

void memory_create(benchmark::State& state) {
  test::CountingRng rng;
  MemoryStore store({}, rng);
  std::int64_t serial = 0;
  for (auto _ : state) {
    if (!store.create_channel({.name = "new-" + std::to_string(serial++)}, kNow)) std::abort();
  }
}
BENCHMARK(memory_create);

void sqlite_find_by_arn(benchmark::State& state) {
  const Filled& with = filled(state.range(0));
  std::mt19937_64 random(static_cast<std::uint64_t>(state.thread_index()) + 1);
  std::uniform_int_distribution<std::int64_t> any(0, state.range(0) - 1);
  for (auto _ : state) {
    const std::string name = name_of(any(random));
    const auto found = with.store->channel_by_arn(
        ChannelArn("arn:aws:kinesisvideo:us-east-1:000000000000:channel/" + name + "/1712136149494"));
    if (!found || found->name != name) std::abort();
  }
}
BENCHMARK(sqlite_find_by_arn)->Arg(1'000)->Arg(1'000'000)->UseRealTime();
BENCHMARK(sqlite_find_by_arn)->Arg(1'000)->Threads(4)->UseRealTime();

// A page of the default size, from any place in the store.
void sqlite_list_page(benchmark::State& state) {
  const Filled& with = filled(state.range(0));
  std::mt19937_64 random(1);
  std::uniform_int_distribution<std::int64_t> any(0, state.range(0) - 501);
  for (auto _ : state) {
    const auto page = with.store->list_channels({.after = name_of(any(random)), .limit = 500});
    if (!page || page->channels.size() != 500) std::abort();
  }
}
BENCHMARK(sqlite_list_page)->Arg(1'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

void sqlite_open(benchmark::State& state) {
  Filled& with = filled(state.range(0));
  for (auto _ : state) {
    with.store.reset();
    with.open();
    if (!with.store->channel_by_name(name_of(7))) std::abort();
  }
}
BENCHMARK(sqlite_open)->Arg(1'000)->Arg(100'000)->Arg(1'000'000)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace heliograph::store
