// What the SQLite store says and does when the file, the directory or the disk is not as it should be.
#include <SQLiteCpp/Database.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/fsuid.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "store/sqlite_connection.hpp"
#include "store/sqlite_store.hpp"
#include "support/counting_rng.hpp"
#include "support/temp_dir.hpp"

namespace heliograph::store {
namespace {

using testing::HasSubstr;

constexpr WallTime kNow{std::chrono::milliseconds(1'712'136'149'494)};

class SqliteFailureTest : public testing::Test {
 protected:
  Result<std::unique_ptr<SqliteStore>> open() {
    return SqliteStore::open({.file = file_, .busy_timeout = std::chrono::milliseconds(1)}, rng_);
  }
  std::unique_ptr<SqliteStore> open_or_die() {
    auto store = open();
    EXPECT_TRUE(store) << store.error().detail;
    return store ? *std::move(store) : nullptr;
  }
  static unsigned mode_of(const std::filesystem::path& file) {
    struct stat status{};
    EXPECT_EQ(::stat(file.c_str(), &status), 0) << file;
    return status.st_mode & 07777U;
  }

  test::TempDir dir_;
  std::filesystem::path file_ = dir_ / "heliograph.db";
  test::CountingRng rng_;
};

TEST_F(SqliteFailureTest, FilesCanBeReadByTheirOwnerOnly) {
  const auto store = open_or_die();
  ASSERT_TRUE(store->create_channel({.name = "a"}, kNow));

  EXPECT_EQ(mode_of(file_), 0600U);
  EXPECT_EQ(mode_of(file_.string() + "-wal"), 0600U);
  EXPECT_EQ(mode_of(file_.string() + "-shm"), 0600U);
}

TEST_F(SqliteFailureTest, FileThatOthersCouldReadIsMadePrivate) {
  open_or_die().reset();
  ASSERT_EQ(::chmod(file_.c_str(), 0644), 0);

  open_or_die().reset();

  EXPECT_EQ(mode_of(file_), 0600U);
}

TEST_F(SqliteFailureTest, MissingDirectoryIsNamed) {
  file_ = dir_ / "nowhere/heliograph.db";

  const auto store = open();

  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::kIo);
  EXPECT_THAT(store.error().detail, HasSubstr("nowhere/heliograph.db\": No such file or directory; check that"));
}

TEST_F(SqliteFailureTest, ReadOnlyDirectoryIsNamed) {
  ASSERT_EQ(::chmod(dir_.path().c_str(), 0500), 0);
  // As root every directory can be written; for this thread's file accesses be nobody. (No change for other users.)
  const uid_t nobody = 65534;
  const int before = ::setfsuid(::geteuid() == 0 ? nobody : ::geteuid());

  const auto store = open();

  ::setfsuid(static_cast<uid_t>(before));
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::kIo);
  EXPECT_THAT(store.error().detail, HasSubstr("Permission denied; check that"));
}

TEST_F(SqliteFailureTest, TextFileIsNoDatabase) {
  std::ofstream(file_) << std::string(5000, 'x');

  const auto store = open();

  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::kCorrupt);
  EXPECT_THAT(store.error().detail, HasSubstr("is damaged or not a database; move it away to start empty"));
}

TEST_F(SqliteFailureTest, DamagedPagesAreFoundOutAndNeverCrash) {
  {
    const auto store = open_or_die();
    for (int i = 0; i < 200; ++i) {
      ASSERT_TRUE(store->create_channel({.name = "channel-" + std::to_string(1000 + i)}, kNow));
    }
  }
  const auto size = std::filesystem::file_size(file_);
  {
    std::fstream bytes(file_, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(4096 * 2);  // Leaves the first pages, which say that this is a database, and what is in it.
    bytes << std::string(size - 4096 * 2, '\xA5');
  }

  const auto store = open();

  bool found_out = !store && store.error().code == Errc::kCorrupt;
  if (store) {
    const auto check = (*store)->check_integrity();
    found_out = !check && check.error().code == Errc::kCorrupt;
  }
  EXPECT_TRUE(found_out);
}

TEST_F(SqliteFailureTest, FileLockedByAnotherProgramIsUnavailable) {
  const auto store = open_or_die();
  SQLite::Database other(file_.string(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");

  const auto refused = store->create_channel({.name = "a"}, kNow);
  const auto read = store->list_channels({});
  other.exec("ROLLBACK");
  const auto accepted = store->create_channel({.name = "a"}, kNow);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kServiceUnavailable);
  EXPECT_THAT(refused.error().detail, HasSubstr("is locked by another program"));
  EXPECT_TRUE(read) << "readers do not wait for writers";
  EXPECT_TRUE(accepted);
  EXPECT_EQ(store->channel_count(), 1U);
}

TEST_F(SqliteFailureTest, FileLockedAtTheStartIsUnavailable) {
  open_or_die().reset();
  SQLite::Database other(file_.string(), SQLite::OPEN_READWRITE);
  other.exec("PRAGMA locking_mode = EXCLUSIVE");
  other.exec("BEGIN EXCLUSIVE");

  const auto store = open();

  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::kServiceUnavailable);
}

// No file of this process can grow beyond a size: what a full disk looks like to SQLite, but for the error's number.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) : signal_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, signal_);
  }

 private:
  rlimit before_{};
  void (*signal_)(int);
};

TEST_F(SqliteFailureTest, WriteThatFindsNoRoomChangesNothingAndTheNextOneWorks) {
  const auto store = open_or_die();
  int made = 0;
  std::optional<Error> refusal;
  {
    const SmallDisk disk(256 * 1024);
    while (!refusal && made < 10'000) {
      const auto result = store->create_channel({.name = "channel-" + std::to_string(made)}, kNow);
      if (result) {
        ++made;
      } else {
        refusal = result.error();
      }
    }
    EXPECT_TRUE(store->list_channels({})) << "reading goes on";
  }

  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, Errc::kIo);
  EXPECT_THAT(refusal->detail, HasSubstr("heliograph.db\""));
  EXPECT_EQ(store->channel_count(), static_cast<std::size_t>(made));
  EXPECT_FALSE(store->channel_by_name("channel-" + std::to_string(made)));
  EXPECT_TRUE(store->create_channel({.name = "after"}, kNow));
  EXPECT_TRUE(store->check_integrity());
}

TEST_F(SqliteFailureTest, EachKindOfFailureHasItsOwnAdvice) {
  struct Case {
    int code;
    Errc errc;
    const char* advice;
  };
  for (const auto& c : {Case{SQLITE_FULL, Errc::kIo, "found the disk full; nothing was changed, free some space"},
                        Case{SQLITE_BUSY_SNAPSHOT, Errc::kServiceUnavailable, "close that program, or try again"},
                        Case{SQLITE_CORRUPT_INDEX, Errc::kCorrupt, "restore a backup"},
                        Case{SQLITE_READONLY_DIRECTORY, Errc::kIo, "check the rights"},
                        Case{SQLITE_IOERR_FSYNC, Errc::kIo, "check the disk and the kernel's log"}}) {
    SCOPED_TRACE(c.code);
    const Error error = to_error("/data/heliograph.db", c.code, "said");
    EXPECT_EQ(error.code, c.errc);
    EXPECT_THAT(error.detail, HasSubstr(c.advice));
    EXPECT_THAT(error.detail, HasSubstr("\"/data/heliograph.db\""));
    EXPECT_THAT(error.detail, HasSubstr("(SQLite: said)"));
  }
}

TEST_F(SqliteFailureTest, ReopeningFindsEverythingAndKeepsArnsUnique) {
  ChannelArn deleted;
  {
    const auto store = open_or_die();
    deleted = store->create_channel({.name = "a"}, kNow)->arn;
    ASSERT_TRUE(store->delete_channel(deleted, std::nullopt));
    ASSERT_TRUE(store->create_channel({.name = "b", .tags = {{"k", "v"}}}, kNow));
  }

  const auto store = open_or_die();

  EXPECT_EQ(store->channel_count(), 1U);
  EXPECT_EQ(store->channel_tags(store->channel_by_name("b")->arn)->size(), 1U);
  EXPECT_NE(store->create_channel({.name = "a"}, kNow)->arn, deleted);
}

TEST_F(SqliteFailureTest, AccountsAndRegionsInOneFileDoNotMeet) {
  const auto east = SqliteStore::open({.file = file_, .scope = {"aws", "us-east-1", "111111111111"}}, rng_);
  ASSERT_TRUE(east);
  ASSERT_TRUE((*east)->create_channel({.name = "door"}, kNow));

  const auto west = SqliteStore::open({.file = file_, .scope = {"aws", "us-west-2", "111111111111"}}, rng_);
  ASSERT_TRUE(west);

  EXPECT_EQ((*west)->channel_count(), 0U);
  EXPECT_FALSE((*west)->channel_by_name("door"));
  EXPECT_TRUE((*west)->create_channel({.name = "door"}, kNow));
  EXPECT_EQ((*east)->channel_count(), 1U);
}

}  // namespace
}  // namespace heliograph::store
