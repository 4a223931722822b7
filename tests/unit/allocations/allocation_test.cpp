// The path of a relayed message allocates nothing once its buffers have grown. A program of its own, since it replaces
// operator new.
#include "support/allocations.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/hub.hpp"
#include "core/rate_table.hpp"
#include "core/server_session.hpp"
#include "wire/message.hpp"
#include "wire/ws_codec.hpp"

namespace heliograph::core {
namespace {

constexpr ConnId kMaster{0, 1};
constexpr ConnId kViewer{1, 2};
constexpr int kRounds = 100;
/// Longer than any string that needs no allocation.
constexpr const char* kClient = "a-viewer-with-a-name-of-some-length-0123456789";

class AllocationTest : public testing::Test {
 protected:
  AllocationTest() {
    const ChannelArn channel("arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/1");
    EXPECT_TRUE(hub_.on_join(now_, {kMaster, channel, wire::Role::kMaster, {}, std::chrono::seconds(60)}, effects_));
    EXPECT_TRUE(hub_.on_join(now_, {kViewer, channel, wire::Role::kViewer, ClientId(kClient), std::chrono::seconds(60)},
                             effects_));
  }

  /// Runs `round` once to grow the buffers, then counts what further rounds allocate.
  template <class Round>
  std::uint64_t count(Round&& round) {
    round();
    const std::uint64_t before = test::allocations();
    for (int i = 0; i < kRounds; ++i) round();
    return test::allocations() - before;
  }

  static std::string text(std::string_view extra = {}) {
    return R"({"action":"SDP_OFFER","messagePayload":")" + std::string(3000, 'A') + "\"" + std::string(extra) + "}";
  }

  SteadyTime now_{std::chrono::hours(1)};
  Limits limits_;
  Hub hub_{limits_};
  Effects effects_;
  wire::ClientMessageParser parser_;
};

TEST_F(AllocationTest, AnAllocationIsCounted) {
  EXPECT_EQ(count([] { const std::string text(1000, 'x'); }), static_cast<std::uint64_t>(kRounds));
}

TEST_F(AllocationTest, ParsingAllocatesNothing) {
  const std::string plain = text(R"(,"recipientClientId":"bob","correlationId":"k")");
  const std::string escaped =
      text(R"(,"recipientClientId":"\u0062ob","x":"\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n")");

  EXPECT_EQ(count([&] { EXPECT_FALSE(parser_.parse(plain, 5000).error); }), 0U);
  EXPECT_EQ(count([&] { EXPECT_FALSE(parser_.parse(escaped, 5000).error); }), 0U);
}

TEST_F(AllocationTest, RelayingAllocatesNothingInEitherDirection) {
  const std::string offer = text();
  const std::string answer = text(R"(,"recipientClientId":")" + std::string(kClient) + "\"");
  std::size_t sent = 0;

  const std::uint64_t allocated = count([&] {
    effects_.clear();
    hub_.on_message(now_, kViewer, parser_.parse(offer, 5000), effects_);
    hub_.on_message(now_, kMaster, parser_.parse(answer, 5000), effects_);
    sent += effects_.list().size();
  });

  EXPECT_EQ(allocated, 0U);
  EXPECT_EQ(sent, 2U * (kRounds + 1));
}

TEST_F(AllocationTest, TheWholeWayFromFrameToFrameAllocatesNothing) {
  std::string frame;
  wire::append_ws_frame(frame, wire::WsKind::kText, text(), 0x01020304U);
  wire::WsDecoder decoder(wire::WsRole::kServer, {.max_message = 100'000});
  ServerSession session(limits_, now_);
  std::vector<SessionEffect> todo;
  std::string received;
  std::string outbox;
  std::size_t delivered = 0;

  const std::uint64_t allocated = count([&] {
    received.assign(frame);
    decoder.feed(received);
    while (const auto message = decoder.next()) {
      todo.clear();
      session.on_message(now_, *message, todo);
      effects_.clear();
      hub_.on_message(now_, kViewer, parser_.parse(std::get<DeliverText>(todo.front()).text, 5000), effects_);
      outbox.clear();
      for (const Effect& effect : effects_.list()) {
        wire::append_ws_frame(outbox, wire::WsKind::kText, effects_.text(std::get<Send>(effect)));
        ++delivered;
      }
    }
  });

  EXPECT_EQ(allocated, 0U);
  EXPECT_EQ(delivered, static_cast<std::size_t>(kRounds) + 1);
}

TEST_F(AllocationTest, RefusingWithoutCorrelationIdAllocatesNothing) {
  wire::ParsedClientMessage bad;
  bad.error = Error{Errc::kInvalidArgument, "messagePayload is not base64"};

  EXPECT_EQ(count([&] {
              effects_.clear();
              hub_.on_message(now_, kViewer, bad, effects_);
            }),
            0U);
}

TEST_F(AllocationTest, CountingAndRefusingWhatComesTooFastAllocatesNothing) {
  Limits limited;
  limited.rates.offers = 5;
  Hub hub(limited);
  const ChannelArn channel("arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/1");
  ASSERT_TRUE(hub.on_join(now_, {kMaster, channel, wire::Role::kMaster, {}, std::chrono::seconds(60)}, effects_));
  const ClientId client(kClient);
  ASSERT_TRUE(hub.on_join(now_, {kViewer, channel, wire::Role::kViewer, client, std::chrono::seconds(60)}, effects_));
  RateTable table(1024);
  const std::string offer = text();
  int refused = 0;

  const std::uint64_t allocated = count([&] {
    effects_.clear();
    refused += hub.on_message(now_, kViewer, parser_.parse(offer, 5000), effects_) ? 1 : 0;
    refused += table.bucket(1, kClient).try_take(now_, 5) ? 0 : 1;
  });

  EXPECT_EQ(allocated, 0U);
  EXPECT_EQ(refused, 2 * (kRounds + 1 - 5));
}

}  // namespace
}  // namespace heliograph::core
