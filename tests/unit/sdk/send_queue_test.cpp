// Messages until the service has read them.
#include "sdk/signaling/send_queue.hpp"

#include <gmock/gmock.h>

#include "support/fake_clock.hpp"

namespace heliograph::sdk {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using wire::MessageType;

class SendQueueTest : public testing::Test {
 protected:
  void push(MessageType type, const std::string& content, const std::string& to = "alice", int keep = 60) {
    SendQueue::Finished finished;
    queue_.push({type, content, to, clock_.steady_now() + seconds(keep),
                 [this, content](const Result<void>& result) {
                   told_.push_back(content + (result ? " read" : " failed " + result.error().detail.substr(0, 7)));
                 }},
                finished);
    tell(finished);
  }
  std::vector<std::string> write() {
    std::vector<std::string> written;
    for (auto next = queue_.take_next(); next.message != nullptr; next = queue_.take_next())
      written.push_back(next.message->content);
    return written;
  }
  void confirm() {
    SendQueue::Finished finished;
    queue_.on_confirmed(clock_.steady_now(), queue_.last_written().value(), finished);
    tell(finished);
  }
  void lose(SendQueue::End how = SendQueue::End::kBroken) {
    SendQueue::Finished finished;
    queue_.on_lost(clock_.steady_now(), how, finished);
    tell(finished);
  }
  static void tell(const SendQueue::Finished& finished) {
    for (const auto& [sent, result] : finished)
      if (sent) sent(result);
  }

  test::FakeClock clock_;
  SendQueue queue_;
  std::vector<std::string> told_;
};

TEST_F(SendQueueTest, MessagesAreWrittenOnceInOrderAndToldWhenConfirmed) {
  push(MessageType::kSdpOffer, "offer");
  push(MessageType::kIceCandidate, "c1");

  EXPECT_THAT(write(), ElementsAre("offer", "c1"));
  EXPECT_THAT(write(), IsEmpty());
  EXPECT_THAT(told_, IsEmpty());

  confirm();
  EXPECT_THAT(told_, ElementsAre("offer read", "c1 read"));
  EXPECT_EQ(queue_.size(), 0U);
}

TEST_F(SendQueueTest, ConfirmationCoversOnlyWhatWasWrittenBeforeIt) {
  push(MessageType::kIceCandidate, "c1");
  ASSERT_THAT(write(), ElementsAre("c1"));
  const auto mark = queue_.last_written().value();
  push(MessageType::kIceCandidate, "c2");
  ASSERT_THAT(write(), ElementsAre("c2"));

  SendQueue::Finished finished;
  queue_.on_confirmed(clock_.steady_now(), mark, finished);
  tell(finished);

  EXPECT_THAT(told_, ElementsAre("c1 read"));
}

TEST_F(SendQueueTest, WhatWasNotConfirmedIsWrittenAgainAfterALoss) {
  push(MessageType::kSdpAnswer, "answer");
  push(MessageType::kIceCandidate, "c1");
  ASSERT_THAT(write(), ElementsAre("answer", "c1"));

  lose();

  EXPECT_EQ(queue_.last_written(), std::nullopt);
  EXPECT_THAT(write(), ElementsAre("answer", "c1"));
}

TEST_F(SendQueueTest, WhatWasConfirmedJustBeforeAConnectionBrokeIsWrittenAgainAndToldOnce) {
  push(MessageType::kSdpOffer, "offer");
  push(MessageType::kIceCandidate, "early");
  ASSERT_EQ(write().size(), 2U);
  confirm();
  clock_.advance(SendQueue::kDoubt + std::chrono::milliseconds(1));
  push(MessageType::kIceCandidate, "c1");
  push(MessageType::kIceCandidate, "c2");
  ASSERT_EQ(write().size(), 2U);
  confirm();
  push(MessageType::kIceCandidate, "c3");

  lose();

  EXPECT_THAT(write(), ElementsAre("c1", "c2", "c3"));
  confirm();
  EXPECT_THAT(told_, ElementsAre("offer read", "early read", "c1 read", "c2 read", "c3 read"));
}

TEST_F(SendQueueTest, WhatWasConfirmedIsNotWrittenAgainAfterAnOrderlyEndOrBesideANewerOffer) {
  push(MessageType::kSdpOffer, "old");
  ASSERT_EQ(write().size(), 1U);
  confirm();
  push(MessageType::kSdpOffer, "new");
  ASSERT_EQ(write().size(), 1U);

  lose();
  EXPECT_THAT(write(), ElementsAre("new"));
  confirm();
  lose(SendQueue::End::kOrderly);

  EXPECT_THAT(write(), IsEmpty());
}

TEST_F(SendQueueTest, WhatWasConfirmedAndThenRefusedForWantOfRoomIsTriedAgainUntilItIsTaken) {
  push(MessageType::kIceCandidate, "c1");
  ASSERT_EQ(write().size(), 1U);
  confirm();
  lose();
  ASSERT_EQ(write().size(), 1U);

  SendQueue::Finished finished;
  queue_.refuse(clock_.steady_now(), queue_.last_written().value(), {Errc::kClientLimitExceeded, "full"}, finished);
  EXPECT_THAT(finished, IsEmpty()) << "it was told that the message was read";
  EXPECT_EQ(queue_.next_deadline(), clock_.steady_now() + SendQueue::kRetry);
  EXPECT_THAT(write(), IsEmpty());
  clock_.advance(SendQueue::kRetry);
  queue_.wake(clock_.steady_now());

  EXPECT_THAT(write(), ElementsAre("c1"));
  confirm();
  EXPECT_THAT(told_, ElementsAre("c1 read"));
}

TEST_F(SendQueueTest, NewerOfferTakesThePlaceOfAnUnwrittenOneToTheSameRecipientOnly) {
  push(MessageType::kSdpOffer, "old");
  push(MessageType::kSdpOffer, "other", "bob");
  push(MessageType::kSdpOffer, "new");

  EXPECT_THAT(told_, ElementsAre("old failed a newer"));
  EXPECT_THAT(write(), ElementsAre("other", "new"));
}

TEST_F(SendQueueTest, OfferThatWasWrittenIsNotWrittenAgainBesideANewerOne) {
  push(MessageType::kSdpOffer, "old");
  ASSERT_THAT(write(), ElementsAre("old"));
  push(MessageType::kSdpOffer, "new");
  ASSERT_THAT(write(), ElementsAre("new"));
  EXPECT_THAT(told_, IsEmpty());

  lose();

  EXPECT_THAT(told_, ElementsAre("old failed a newer"));
  EXPECT_THAT(write(), ElementsAre("new"));
}

TEST_F(SendQueueTest, MessageIsGivenUpAtItsDeadline) {
  push(MessageType::kIceCandidate, "short", "alice", 5);
  push(MessageType::kIceCandidate, "long", "alice", 50);
  EXPECT_EQ(queue_.next_deadline(), clock_.steady_now() + seconds(5));
  clock_.advance(seconds(5));

  SendQueue::Finished finished;
  queue_.expire(clock_.steady_now(), finished);
  tell(finished);

  EXPECT_THAT(told_, ElementsAre("short failed the ser"));
  EXPECT_EQ(queue_.size(), 1U);
}

TEST_F(SendQueueTest, RefusalEndsOneMessageAndTheEndEndsAll) {
  push(MessageType::kIceCandidate, "c1");
  push(MessageType::kIceCandidate, "c2");
  ASSERT_EQ(write().size(), 2U);

  SendQueue::Finished finished;
  queue_.refuse(clock_.steady_now(), 1, {Errc::kClientLimitExceeded, "too many"}, finished);
  queue_.refuse(clock_.steady_now(), 77, {Errc::kClientLimitExceeded, "unknown"}, finished);
  queue_.end_all({Errc::kClosed, "closed."}, finished);
  tell(finished);

  EXPECT_THAT(told_, ElementsAre("c1 failed too man", "c2 failed closed."));
}

}  // namespace
}  // namespace heliograph::sdk
