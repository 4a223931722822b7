// Outbox: what goes in comes out, in order, and empties leave no memory behind.
#include "net/outbox.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace heliograph::net {
namespace {

class OutboxTest : public ::testing::Test {
 protected:
  SpareBuffers spare_;
};

TEST_F(OutboxTest, StartsEmpty) {
  const Outbox outbox(spare_);

  EXPECT_TRUE(outbox.empty());
  EXPECT_EQ(outbox.front(), "");
}

TEST_F(OutboxTest, GivesBackWhatWasAppended) {
  Outbox outbox(spare_);
  outbox.tail().append("abc");
  outbox.consume(2);
  outbox.tail().append("de");

  EXPECT_EQ(outbox.front(), "cde");
  EXPECT_EQ(outbox.size(), 3U);
}

TEST_F(OutboxTest, AnyOrderOfAppendsAndWritesKeepsTheStream) {
  std::mt19937 random(7);
  Outbox outbox(spare_);
  std::string appended;
  std::string written;
  for (int step = 0; step < 3000; ++step) {
    if (random() % 2 == 0) {
      const std::string piece(random() % 9000, static_cast<char>('a' + step % 26));
      outbox.tail().append(piece);
      appended += piece;
    } else {
      const std::size_t bytes = std::min<std::size_t>(outbox.size(), random() % 20000);
      written.append(outbox.front().substr(0, bytes));
      outbox.consume(bytes);
    }
    ASSERT_EQ(written.size() + outbox.size(), appended.size());
  }
  written.append(outbox.front());

  EXPECT_EQ(written, appended);
}

TEST_F(OutboxTest, MemoryFollowsWhatIsStillToBeWritten) {
  Outbox outbox(spare_);
  outbox.tail().append(1 << 20, 'x');
  outbox.consume((1 << 20) - 10);
  EXPECT_EQ(outbox.size(), 10U);
  EXPECT_LE(outbox.tail().size(), 10U);  // What was written is not carried along.

  outbox.consume(10);

  EXPECT_TRUE(outbox.empty());
  EXPECT_LE(outbox.tail().capacity(), 512U);  // So large a buffer is not kept for others either.
}

TEST_F(OutboxTest, LendsOneBufferToOneAfterTheOther) {
  Outbox first(spare_);
  Outbox second(spare_);
  first.tail().append(5000, 'a');
  const char* bytes = first.tail().data();
  first.consume(5000);

  second.tail().append(3, 'b');

  EXPECT_EQ(second.tail().data(), bytes);
  EXPECT_EQ(second.front(), "bbb");
  first.tail().append("c");
  EXPECT_NE(first.tail().data(), bytes);
  EXPECT_EQ(first.front(), "c");
}

TEST_F(OutboxTest, AskingForItsTailTwiceBorrowsOnce) {
  Outbox outbox(spare_);
  outbox.tail().append(1000, 'a');
  outbox.consume(1000);

  const char* bytes = outbox.tail().data();

  EXPECT_EQ(outbox.tail().data(), bytes);
}

}  // namespace
}  // namespace heliograph::net
