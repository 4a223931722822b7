// Receipts: a pong waits for what came before its ping, and for nothing else.
#include "net/receipts.hpp"

#include <gtest/gtest.h>

namespace heliograph::net {
namespace {

std::string joined(const std::vector<Receipts::Pong>& pongs) {
  std::string text;
  for (const auto& pong : pongs) text += std::to_string(pong.to) + pong.payload + ' ';
  return text;
}

class ReceiptsTest : public ::testing::Test {
 protected:
  Receipts receipts_{3};
};

TEST_F(ReceiptsTest, PongLeavesAtTheEndOfItsTurnWhenNothingWentElsewhere) {
  receipts_.add(1, "a");
  receipts_.add(2, "b");

  const auto round = receipts_.end_turn();

  EXPECT_EQ(joined(round.ready), "1a 2b ");
  EXPECT_TRUE(round.workers.empty());
  EXPECT_TRUE(receipts_.end_turn().ready.empty());
}

TEST_F(ReceiptsTest, PongWaitsForAllWhoWereHandedSomething) {
  receipts_.on_handed_over(0);
  receipts_.on_handed_over(2);
  receipts_.add(1, "a");

  const auto round = receipts_.end_turn();

  EXPECT_TRUE(round.ready.empty());
  EXPECT_EQ(round.workers, (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(joined(receipts_.on_settled(round.number)), "");
  EXPECT_EQ(joined(receipts_.on_settled(round.number)), "1a ");
}

TEST_F(ReceiptsTest, WhatIsSettledIsNotAskedForAgain) {
  receipts_.on_handed_over(1);
  receipts_.add(1, "a");
  EXPECT_EQ(joined(receipts_.on_settled(receipts_.end_turn().number)), "1a ");
  receipts_.add(1, "b");

  EXPECT_EQ(joined(receipts_.end_turn().ready), "1b ");
}

TEST_F(ReceiptsTest, WhatIsHandedOverMeanwhileIsAskedForByTheNext) {
  receipts_.on_handed_over(1);
  receipts_.add(1, "a");
  const auto first = receipts_.end_turn();
  receipts_.on_handed_over(1);
  receipts_.add(1, "b");
  const auto second = receipts_.end_turn();
  EXPECT_EQ(second.workers, (std::vector<std::uint32_t>{1}));

  EXPECT_EQ(joined(receipts_.on_settled(first.number)), "1a ");
  receipts_.add(1, "c");
  EXPECT_EQ(receipts_.end_turn().workers.size(), 1U);  // The second is still under way.
  EXPECT_EQ(joined(receipts_.on_settled(second.number)), "1b ");
}

TEST_F(ReceiptsTest, MessagesWithoutPingsCostNoQuestion) {
  for (int i = 0; i < 10; ++i) receipts_.on_handed_over(1);

  EXPECT_TRUE(receipts_.end_turn().workers.empty());
}

TEST_F(ReceiptsTest, AnswerToNoQuestionIsNothing) { EXPECT_TRUE(receipts_.on_settled(7).empty()); }

}  // namespace
}  // namespace heliograph::net
