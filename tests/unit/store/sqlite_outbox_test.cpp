// What the outbox keeps, and for whom.
#include "store/sqlite_outbox.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <fstream>

#include "support/test_world.hpp"

namespace heliograph::store {
namespace {

class SqliteOutboxTest : public ::testing::Test {
 protected:
  std::unique_ptr<SqliteOutbox> open() { return SqliteOutbox::open(file_).value(); }
  std::vector<std::int64_t> append(SqliteOutbox& outbox, std::string body) {
    return outbox.append(std::array{NewOutboxEntry{"key", "id", "kind", std::move(body)}}, clock_.wall).value();
  }

  test::SetClock clock_;
  test::TempDir dir_;
  std::filesystem::path file_ = dir_.path() / "events.db";
};

TEST_F(SqliteOutboxTest, KeepsInOrderWhatIsNotRemovedAlsoAfterItWasClosed) {
  auto outbox = open();
  const auto numbers =
      outbox
          ->append(std::array{NewOutboxEntry{"a", "1", "x", "one"}, NewOutboxEntry{"b", "2", "y", "two"},
                              NewOutboxEntry{"a", "3", "z", "three"}},
                   clock_.wall)
          .value();
  ASSERT_TRUE(outbox->remove(std::array{numbers[0]}));
  outbox.reset();

  outbox = open();

  const auto left = outbox->load().value();
  ASSERT_EQ(left.size(), 2U);
  EXPECT_EQ(left[0].key, "b");
  EXPECT_EQ(left[0].created, clock_.wall);
  EXPECT_EQ(left[1].number, numbers[2]);
  const auto text = outbox->read(numbers[2]).value();
  ASSERT_TRUE(text);
  EXPECT_EQ(text->id + text->kind + text->body, "3zthree");
  EXPECT_FALSE(outbox->read(numbers[0]).value());
}

TEST_F(SqliteOutboxTest, NumbersAreNotUsedAgain) {
  const auto first = append(*open(), "one");
  ASSERT_TRUE(open()->remove(first));

  EXPECT_GT(append(*open(), "two").front(), first.front());
}

TEST_F(SqliteOutboxTest, IsForItsOwnerOnly) {
  open();

  struct stat status{};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(SqliteOutboxTest, FileOfSomethingElseIsRefusedAndLeftAlone) {
  std::ofstream(file_)
      << "no database, but long enough to have a header of one hundred bytes, which is what SQLite looks "
         "at before it says so";

  const auto opened = SqliteOutbox::open(file_);

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::kCorrupt);
  EXPECT_GT(std::filesystem::file_size(file_), 100U);
}

}  // namespace
}  // namespace heliograph::store
