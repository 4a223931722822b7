// Outbox: what goes in comes out, in order, and empties leave no memory behind.
#include "net/outbox.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace heliograph::net {
namespace {

TEST(OutboxTest, StartsEmpty) {
  const Outbox outbox;

  EXPECT_TRUE(outbox.empty());
  EXPECT_EQ(outbox.front(), "");
}

TEST(OutboxTest, GivesBackWhatWasAppended) {
  Outbox outbox;
  outbox.tail().append("abc");
  outbox.consume(2);
  outbox.tail().append("de");

  EXPECT_EQ(outbox.front(), "cde");
  EXPECT_EQ(outbox.size(), 3U);
}

TEST(OutboxTest, AnyOrderOfAppendsAndWritesKeepsTheStream) {
  std::mt19937 random(7);
  Outbox outbox;
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

TEST(OutboxTest, MemoryFollowsWhatIsStillToBeWritten) {
  Outbox outbox;
  outbox.tail().append(1 << 20, 'x');
  outbox.consume((1 << 20) - 10);
  EXPECT_EQ(outbox.size(), 10U);
  EXPECT_LE(outbox.tail().size(), 10U);  // What was written is not carried along.

  outbox.consume(10);

  EXPECT_TRUE(outbox.empty());
  EXPECT_LE(outbox.tail().capacity(), 512U);
}

}  // namespace
}  // namespace heliograph::net
