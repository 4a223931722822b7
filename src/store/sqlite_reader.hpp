// Reading connections of the SQLite store, with their statements kept prepared, and the pool that lends them out.
// Private to src/store.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/channel.hpp"
#include "store/rules.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_streams.hpp"

namespace heliograph::store {

/// The columns of a channel, in the order that to_channel reads them.
inline constexpr std::string_view kChannelColumns = "name, created_ms, type, message_ttl_s, version";

/// The channel in the current row of a statement that selects kChannelColumns.
[[nodiscard]] Channel to_channel(const StatementUse& row, const wire::ArnScope& scope);

/// One reading connection. Threads: one at a time. Every method may throw SQLite::Exception.
class SqliteReader {
 public:
  SqliteReader(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout, const wire::ArnScope& scope,
               std::int64_t scope_id);

  [[nodiscard]] std::optional<Channel> channel(std::string_view name);
  [[nodiscard]] ChannelPage channels(const ChannelQuery& query);
  /// Nothing if there is no such channel.
  [[nodiscard]] std::optional<Tags> tags(const ChannelKey& key);
  [[nodiscard]] StreamReader& streams() noexcept { return streams_; }

 private:
  const wire::ArnScope& scope_;
  const std::int64_t scope_id_;
  std::unique_ptr<SQLite::Database> database_;
  SQLite::Statement channel_;
  SQLite::Statement channels_;
  SQLite::Statement tags_;
  StreamReader streams_;
};

/// Lends each reader to one caller at a time; who comes when all are lent waits. Threads: any.
class ReaderPool {
 public:
  explicit ReaderPool(std::vector<std::unique_ptr<SqliteReader>> readers) : idle_(std::move(readers)) {}

  template <class Work>
  auto with(Work&& work) -> decltype(work(std::declval<SqliteReader&>())) {
    const Loan loan(*this);
    return work(*loan.reader);
  }

 private:
  struct Loan {
    explicit Loan(ReaderPool& lender) : pool(lender), reader(lender.take()) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() { pool.give_back(std::move(reader)); }

    ReaderPool& pool;
    std::unique_ptr<SqliteReader> reader;
  };

  [[nodiscard]] std::unique_ptr<SqliteReader> take();
  void give_back(std::unique_ptr<SqliteReader> reader);

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<SqliteReader>> idle_;
};

}  // namespace heliograph::store
