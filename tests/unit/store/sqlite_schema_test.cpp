// Walking a database's schema from any older version to the newest.
#include "store/sqlite_schema.hpp"

#include <SQLiteCpp/Statement.h>
#include <gtest/gtest.h>

#include "store/sqlite_store.hpp"
#include "support/counting_rng.hpp"
#include "support/temp_dir.hpp"

namespace heliograph::store {
namespace {

class SqliteSchemaTest : public testing::Test {
 protected:
  SQLite::Database open_raw() { return {file_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}; }
  Result<std::unique_ptr<SqliteStore>> open_store() { return SqliteStore::open({.file = file_}, rng_); }

  /// What is in the database, for comparing: the SQL of every table, in order.
  static std::string schema_of(SQLite::Database& database) {
    std::string all;
    SQLite::Statement tables(database, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
    while (tables.executeStep()) all += tables.getColumn(0).getString() + '\n';
    return all;
  }

  test::TempDir dir_;
  std::string file_ = dir_ / "heliograph.db";
  test::CountingRng rng_;
};

TEST_F(SqliteSchemaTest, EveryOlderVersionBecomesTheNewest) {
  SQLite::Database fresh(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  ASSERT_TRUE(migrate(fresh));

  for (std::size_t version = 0; version <= schema_steps().size(); ++version) {
    SCOPED_TRACE(version);
    SQLite::Database older(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    ASSERT_TRUE(migrate(older, version));
    ASSERT_EQ(schema_version(older), version);

    ASSERT_TRUE(migrate(older));

    EXPECT_EQ(schema_version(older), schema_steps().size());
    EXPECT_EQ(schema_of(older), schema_of(fresh));
  }
}

TEST_F(SqliteSchemaTest, ChannelsOfTheFirstVersionSurvive) {
  {
    auto database = open_raw();
    ASSERT_TRUE(migrate(database, 1));
    database.exec("INSERT INTO scopes (partition, region, account) VALUES ('aws', 'us-east-1', '000000000000')");
    database.exec("INSERT INTO channels VALUES (1, 'door', 1712136149494, 0, 30, 'v1')");
  }

  const auto store = open_store();

  ASSERT_TRUE(store) << store.error().detail;
  EXPECT_EQ((*store)->channel_count(), 1U);
  const auto channel = (*store)->channel_by_name("door");
  ASSERT_TRUE(channel);
  EXPECT_EQ(channel->arn.str(), "arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/1712136149494");
  EXPECT_EQ(channel->message_ttl, std::chrono::seconds(30));
  EXPECT_TRUE((*store)->tag_channel(channel->arn, {{"k", "v"}}));
}

TEST_F(SqliteSchemaTest, MigratingTwiceChangesNothing) {
  auto database = open_raw();
  ASSERT_TRUE(migrate(database));
  const std::string once = schema_of(database);

  ASSERT_TRUE(migrate(database));

  EXPECT_EQ(schema_of(database), once);
}

TEST_F(SqliteSchemaTest, StepThatFailsLeavesTheVersionBeforeIt) {
  auto database = open_raw();
  ASSERT_TRUE(migrate(database, 1));
  database.exec("CREATE TABLE tags (something_else)");  // Step 2 makes this table.

  EXPECT_THROW(static_cast<void>(migrate(database)), SQLite::Exception);

  EXPECT_EQ(schema_version(database), 1U);
}

TEST_F(SqliteSchemaTest, NewerVersionIsRefusedAndLeftAlone) {
  {
    auto database = open_raw();
    ASSERT_TRUE(migrate(database));
    database.exec("INSERT INTO schema_steps (number) VALUES (99)");
  }

  const auto store = open_store();

  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::kCorrupt);
  EXPECT_EQ(store.error().detail, file_ + ": the data was written by a newer Heliograph (schema 99, this one knows " +
                                      std::to_string(schema_steps().size()) +
                                      "); run the newer version, or restore a backup made with this one");
  auto database = open_raw();
  EXPECT_EQ(schema_version(database), 99U);
}

TEST_F(SqliteSchemaTest, DatabaseOfAnotherProgramIsRefusedAndLeftAlone) {
  {
    auto database = open_raw();
    database.exec("CREATE TABLE recipes (name)");
  }

  const auto store = open_store();

  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::kCorrupt);
  EXPECT_NE(store.error().detail.find("made by another program"), std::string::npos) << store.error().detail;
  auto database = open_raw();
  EXPECT_EQ(schema_of(database), "CREATE TABLE recipes (name)\n");
}

}  // namespace
}  // namespace heliograph::store
