// StoreTest: the typed fixture that every suite of the Store seam runs on, once per implementation.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "store/memory_store.hpp"
#include "store/sqlite_store.hpp"
#include "support/counting_rng.hpp"
#include "support/temp_dir.hpp"

namespace heliograph::store {

inline const WallTime kNow{std::chrono::milliseconds(1'712'136'149'494)};

struct MemoryBackend {
  std::unique_ptr<Store> open(const wire::ArnScope& scope, Rng& rng) {
    return std::make_unique<MemoryStore>(scope, rng);
  }
};

struct SqliteBackend {
  std::unique_ptr<Store> open(const wire::ArnScope& scope, Rng& rng) {
    auto store = SqliteStore::open({.file = dir / "heliograph.db", .scope = scope}, rng);
    EXPECT_TRUE(store) << store.error().detail;
    return store ? *std::move(store) : nullptr;
  }
  test::TempDir dir;
};

template <class Backend>
class StoreTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(store_, nullptr); }

  Channel create(const std::string& name, Tags tags = {}, WallTime now = kNow) {
    auto channel = store_->create_channel({.name = name, .tags = std::move(tags)}, now);
    EXPECT_TRUE(channel) << channel.error().detail;
    return channel ? *channel : Channel{};
  }

  std::vector<std::string> list_names(ChannelQuery query) {
    const auto page = store_->list_channels(query);
    EXPECT_TRUE(page) << page.error().detail;
    std::vector<std::string> names;
    if (page) {
      for (const auto& channel : page->channels) names.push_back(channel.name);
    }
    return names;
  }

  wire::ArnScope scope_{"aws", "eu-west-1", "123456789012"};
  test::CountingRng rng_;
  Backend backend_;
  std::unique_ptr<Store> store_ = backend_.open(scope_, rng_);
};

using Backends = testing::Types<MemoryBackend, SqliteBackend>;

struct BackendNames {
  template <class Backend>
  static std::string GetName(int) {
    return std::is_same_v<Backend, MemoryBackend> ? "Memory" : "Sqlite";
  }
};

/// The code of a failure; for EXPECT_EQ. A success fails the test.
template <class T>
Errc code_of(const Result<T>& result) {
  EXPECT_FALSE(result) << "succeeded";
  return result ? Errc{} : result.error().code;
}

}  // namespace heliograph::store
