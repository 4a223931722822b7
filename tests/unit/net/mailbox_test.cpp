// Mailbox: one wakeup for however much lies in it, none lost, none after its worker went.
#include "net/mailbox.hpp"

#include <gtest/gtest.h>

namespace heliograph::net {
namespace {

/// A worker that is woken when the test says so.
class MailboxTest : public ::testing::Test {
 protected:
  void collect() {
    std::vector<Mail> mail;
    mailbox_->take(mail);
    for (const Mail& one : mail) got_ += std::get<TextMail>(one).text;
  }
  void put(std::string text) { mailbox_->put(TextMail{1, std::move(text)}); }

  int wakeups_ = 0;
  std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>([this]() { ++wakeups_; });
  std::string got_;
};

TEST_F(MailboxTest, BurstCostsOneWakeup) {
  put("a");
  put("b");
  put("c");

  collect();

  EXPECT_EQ(wakeups_, 1);
  EXPECT_EQ(got_, "abc");
}

TEST_F(MailboxTest, MailAfterAWakeupWakesAgain) {
  for (const char* text : {"a", "b", "c"}) {
    put(text);
    collect();
  }

  EXPECT_EQ(wakeups_, 3);
  EXPECT_EQ(got_, "abc");
}

TEST_F(MailboxTest, TakesNothingMoreOnceClosed) {
  put("a");
  mailbox_->close();
  EXPECT_FALSE(mailbox_->put(TextMail{1, "b"}));

  collect();

  EXPECT_EQ(got_, "a");
  EXPECT_EQ(wakeups_, 1);
}

}  // namespace
}  // namespace heliograph::net
