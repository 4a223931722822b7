// Threads that send to and close connections while these come, talk and go, and the service stops in the middle of it.
// Meant for ThreadSanitizer; what is asserted is that nothing is lost, doubled or left behind.
#include <gtest/gtest.h>

#include "net/mailbox.hpp"
#include "net/reactor.hpp"
#include "support/net_fixture.hpp"

namespace heliograph::net {
namespace {

class NetStressTest : public test::NetFixture {};

TEST_F(NetStressTest, NoMailIsLostBetweenManySendersAndOneWorker) {
  constexpr int kSenders = 4;
  constexpr int kEach = 20'000;
  std::vector<int> next(kSenders, 0);
  int taken = 0;
  std::vector<Mail> mail;
  std::shared_ptr<Mailbox> mailbox;
  Reactor reactor(
      [&]() {
        mail.clear();
        mailbox->take(mail);
        for (const Mail& one : mail) {
          const auto& text = std::get<TextMail>(one);
          EXPECT_EQ(std::stoi(text.text), next[text.to]++);  // Each sender's in its order.
          if (++taken == kSenders * kEach) reactor.stop();
        }
      },
      []() {});
  mailbox = std::make_shared<Mailbox>([&reactor]() { reactor.wake(); });
  Reactor::Alarm give_up(reactor, [&reactor]() { reactor.stop(); });
  give_up.set(std::chrono::steady_clock::now() + std::chrono::milliseconds(test::kPatienceMs));
  std::vector<std::thread> senders;
  for (std::uint64_t sender = 0; sender < kSenders; ++sender) {
    senders.emplace_back([&mailbox, sender]() {
      for (int i = 0; i < kEach; ++i) mailbox->put(TextMail{sender, std::to_string(i)});
    });
  }

  reactor.run();

  for (auto& sender : senders) sender.join();
  EXPECT_EQ(taken, kSenders * kEach);
}

TEST_F(NetStressTest, ForeignThreadsMaySendAndCloseAtAnyTime) {
  config.threads = 2;
  limits.max_outbox = 64 * 1024;
  start();
  std::atomic<bool> go_on{true};
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&]() {
      for (std::uint64_t serial = 1; go_on; serial = serial % 200 + 1) {
        for (const std::uint32_t worker : {0U, 1U}) {
          network->send({worker, serial}, std::string(serial * 50, 's'));
          if (serial % 7 == 0) network->close({worker, serial}, Errc::kReplaced);
        }
      }
    });
  }
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&]() {
      while (go_on) {
        try {
          auto client = connect_ws();
          for (int n = 0; n < 5; ++n) client.send_text("x");
          client.read_text();
        } catch (const std::runtime_error&) {
          // Closed by one of the others, or the service has gone.
        }
      }
    });
  }
  test::wait_until([this]() { return network->stats().accepted > 300; });

  network->stop(std::chrono::milliseconds(500));

  go_on = false;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(network->stats().open_sockets, 0U);
  EXPECT_EQ(service.wait_for("open", 1).size(), service.wait_for("closed", 1).size());
}

}  // namespace
}  // namespace heliograph::net
