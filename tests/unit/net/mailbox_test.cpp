// Mailbox: one wakeup for however much lies in it, none lost, none after its worker went.
#include "net/mailbox.hpp"

#include <gtest/gtest.h>

namespace heliograph::net {
namespace {

/// A worker that only counts.
class MailboxTest : public ::testing::Test {
 protected:
  void collect() {
    ++wakeups_;
    std::vector<Mail> mail;
    mailbox_->take(mail);
    for (const Mail& one : mail) got_ += std::get<TextMail>(one).text;
  }
  void put(std::string text) { mailbox_->put(TextMail{1, std::move(text)}); }

  boost::asio::io_context context_;
  std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>(context_, [this]() { collect(); });
  int wakeups_ = 0;
  std::string got_;
};

TEST_F(MailboxTest, BurstCostsOneWakeup) {
  put("a");
  put("b");
  put("c");

  context_.poll();

  EXPECT_EQ(wakeups_, 1);
  EXPECT_EQ(got_, "abc");
}

TEST_F(MailboxTest, MailAfterAWakeupWakesAgain) {
  for (const char* text : {"a", "b", "c"}) {
    put(text);
    context_.restart();
    context_.poll();
  }

  EXPECT_EQ(wakeups_, 3);
  EXPECT_EQ(got_, "abc");
}

TEST_F(MailboxTest, MailPutWhileMailIsHandledIsNotLost) {
  bool has_answered = false;
  mailbox_ = std::make_shared<Mailbox>(context_, [&]() {
    collect();
    if (!std::exchange(has_answered, true)) put("b");
  });
  put("a");

  context_.poll();

  EXPECT_EQ(got_, "ab");
}

TEST_F(MailboxTest, IsDeafOnceClosed) {
  put("a");
  mailbox_->close();
  put("b");

  context_.poll();

  EXPECT_EQ(got_, "");
}

TEST_F(MailboxTest, MayOutliveItsWorker) {
  auto context = std::make_unique<boost::asio::io_context>();
  const auto mailbox = std::make_shared<Mailbox>(*context, []() { FAIL() << "nobody is there"; });
  mailbox->close();
  context.reset();

  mailbox->put(StopMail{});

  std::vector<Mail> mail;
  mailbox->take(mail);
  EXPECT_TRUE(mail.empty());
}

}  // namespace
}  // namespace heliograph::net
