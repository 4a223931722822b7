// Messages between two real peers.
#include <gtest/gtest.h>

#include "support/peer_pair.hpp"

namespace heliograph {
namespace {

using test::PeerPair;

std::vector<std::byte> bytes(std::size_t size) {
  std::vector<std::byte> data(size);
  for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<std::byte>(i * 7);
  return data;
}

class DataChannelTest : public ::testing::Test {
 protected:
  /// The viewer makes a channel and offers.
  void connect(DataChannel::Options options) {
    pair.viewer.open(pair.config());
    auto master = pair.config();
    master.most_channels = most_at_master;
    pair.master.open(master);
    DataChannel::Handlers handlers = pair.viewer.channel_handlers();
    handlers.on_open = [this]() { pair.board.change([this]() { is_open = true; }); };
    handlers.on_buffered_low = [this]() { pair.board.change([this]() { ++times_low; }); };
    auto made = pair.viewer.peer->create_data_channel("chat", std::move(options), std::move(handlers));
    ASSERT_TRUE(made) << made.error().detail;
    channel = *std::move(made);
    const auto offered = pair.viewer.peer->create_offer();
    ASSERT_TRUE(offered) << offered.error().detail;
    ASSERT_TRUE(pair.board.await([this]() { return is_open && !pair.master.channels.empty(); })) << pair.story();
  }
  [[nodiscard]] std::shared_ptr<DataChannel> far() {
    return pair.board.read([this]() { return pair.master.channels.front(); });
  }

  PeerPair pair;
  std::shared_ptr<DataChannel> channel;
  std::size_t most_at_master = PeerConnection::Config().most_channels;
  bool is_open = false;
  int times_low = 0;
};

TEST_F(DataChannelTest, CarriesTextAndBinaryBothWays) {
  ASSERT_NO_FATAL_FAILURE(connect({.protocol = "lines"}));

  EXPECT_TRUE(channel->send_text("grüß dich"));
  EXPECT_TRUE(channel->send_binary(bytes(1000)));
  EXPECT_TRUE(far()->send_text("and you"));
  EXPECT_TRUE(far()->send_binary(bytes(3)));

  ASSERT_TRUE(pair.board.await([this]() {
    return pair.master.texts.size() == 1 && pair.master.binaries.size() == 1 && pair.viewer.texts.size() == 1 &&
           pair.viewer.binaries.size() == 1;
  })) << pair.story();
  EXPECT_EQ(pair.master.texts, (std::vector<std::string>{"grüß dich"}));
  EXPECT_EQ(pair.master.binaries.front(), bytes(1000));
  EXPECT_EQ(pair.viewer.texts.front(), "and you");
  EXPECT_EQ(pair.viewer.binaries.front(), bytes(3));
  EXPECT_EQ(far()->label(), "chat");
  EXPECT_EQ(far()->protocol(), "lines");
}

TEST_F(DataChannelTest, KeepsTheOrderOfManyMessages) {
  ASSERT_NO_FATAL_FAILURE(connect({}));

  for (int i = 0; i < 500; ++i) ASSERT_TRUE(channel->send_text(std::to_string(i)));

  ASSERT_TRUE(pair.board.await([this]() { return pair.master.texts.size() == 500; })) << pair.story();
  for (int i = 0; i < 500; ++i) ASSERT_EQ(pair.master.texts[static_cast<std::size_t>(i)], std::to_string(i));
}

TEST_F(DataChannelTest, UnorderedWithoutRetransmitsStillArrivesOnAGoodWay) {
  ASSERT_NO_FATAL_FAILURE(connect({.is_ordered = false, .max_retransmits = 0}));

  for (int i = 0; i < 50; ++i) ASSERT_TRUE(channel->send_text(std::to_string(i)));

  EXPECT_TRUE(pair.board.await([this]() { return pair.master.texts.size() == 50; })) << pair.story();
}

TEST_F(DataChannelTest, CarriesTheBiggestMessageAndRefusesABiggerOne) {
  ASSERT_NO_FATAL_FAILURE(connect({}));
  const auto biggest = bytes(DataChannel::kMostPerMessage);

  EXPECT_TRUE(channel->send_binary(biggest));
  const auto refused = channel->send_binary(bytes(DataChannel::kMostPerMessage + 1));

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kMessageTooBig);
  ASSERT_TRUE(pair.board.await([this]() { return pair.master.binaries.size() == 1; })) << pair.story();
  EXPECT_EQ(pair.master.binaries.front(), biggest);
  EXPECT_EQ(channel->state(), DataChannel::State::kOpen);
}

TEST_F(DataChannelTest, RefusesWhenTooMuchWaitsAndSaysWhenToGoOn) {
  ASSERT_NO_FATAL_FAILURE(connect({}));
  channel->set_most_buffered(200'000);
  channel->set_low_threshold(10'000);
  const auto piece = bytes(50'000);

  std::size_t sent = 0;
  Result<void> last;
  while (sent < 10'000 && (last = channel->send_binary(piece))) ++sent;

  ASSERT_FALSE(last) << "never refused";
  EXPECT_EQ(last.error().code, Errc::kSlowPeer);
  EXPECT_LE(channel->buffered(), 200'000U);
  // As an application goes on. What was said of an emptier queue before may be heard only now.
  for (;;) {
    const int heard = pair.board.read([this]() { return times_low; });
    if ((last = channel->send_binary(piece))) break;
    ASSERT_TRUE(pair.board.await([&]() { return times_low > heard; })) << pair.story();
  }
  EXPECT_TRUE(pair.board.await([&]() { return pair.master.binaries.size() == sent + 1; }));
}

TEST_F(DataChannelTest, RefusesTextThatIsNone) {
  ASSERT_NO_FATAL_FAILURE(connect({}));

  EXPECT_EQ(channel->send_text("").error().code, Errc::kInvalidArgument);
  EXPECT_EQ(channel->send_text("\xff\xfe").error().code, Errc::kInvalidUtf8);
  EXPECT_EQ(channel->send_text(std::string_view("a\0b", 3)).error().code, Errc::kInvalidUtf8);
}

TEST_F(DataChannelTest, CanBeMadeByEitherSideWithoutAnotherNegotiation) {
  ASSERT_NO_FATAL_FAILURE(connect({}));

  auto second = pair.master.peer->create_data_channel("back", {}, pair.master.channel_handlers());
  ASSERT_TRUE(second) << second.error().detail;
  ASSERT_TRUE(pair.board.await([this]() { return !pair.viewer.channels.empty(); })) << pair.story();
  ASSERT_TRUE(pair.board.await([&]() { return (*second)->state() == DataChannel::State::kOpen; }));
  EXPECT_TRUE((*second)->send_text("hello"));

  ASSERT_TRUE(pair.board.await([this]() { return pair.viewer.texts.size() == 1; })) << pair.story();
  EXPECT_EQ(pair.viewer.channels.front()->label(), "back");
  EXPECT_EQ(pair.viewer.descriptions.size(), 1U);
}

TEST_F(DataChannelTest, OpeningIsToldToTheSideThatDidNotMakeTheChannelOnce) {
  ASSERT_NO_FATAL_FAILURE(connect({}));

  ASSERT_TRUE(pair.board.await([this]() { return pair.master.opened_channels > 0; })) << pair.story();
  EXPECT_TRUE(channel->send_text("after"));
  ASSERT_TRUE(pair.board.await([this]() { return pair.master.texts.size() == 1; })) << pair.story();
  EXPECT_EQ(pair.master.opened_channels, 1);
}

TEST_F(DataChannelTest, HandlersThatComeLateAreStillToldThatTheChannelIsOpen) {
  ASSERT_NO_FATAL_FAILURE(connect({}));
  auto without_open = pair.viewer.channel_handlers();
  without_open.on_open = nullptr;
  const auto second = pair.viewer.peer->create_data_channel("second", {}, without_open);
  ASSERT_TRUE(second) << second.error().detail;
  ASSERT_TRUE(pair.board.await([this]() { return pair.master.channels.size() == 2; })) << pair.story();
  // What comes after the opening.
  EXPECT_TRUE(pair.board.read([this]() { return pair.master.channels.back(); })->send_text("open?"));
  ASSERT_TRUE(pair.board.await([this]() { return pair.viewer.texts.size() == 1; })) << pair.story();
  int times_told = 0;
  const DataChannel::Handlers handlers{.on_open = [&]() { pair.board.change([&]() { ++times_told; }); }};

  (*second)->set_handlers(handlers);
  (*second)->set_handlers(handlers);

  EXPECT_TRUE(pair.board.await([&]() { return times_told > 0; })) << pair.story();
  pair.close_all();
  EXPECT_EQ(times_told, 1);
}

TEST_F(DataChannelTest, ClosedChannelsOfTheOtherSideAreLetGo) {
  ASSERT_NO_FATAL_FAILURE(connect({}));
  const std::weak_ptr<DataChannel> first = far();
  pair.board.change([this]() { pair.master.channels.clear(); });
  channel->close();
  ASSERT_TRUE(pair.board.await([this]() { return pair.master.closed_channels == 1; })) << pair.story();
  EXPECT_FALSE(first.expired());

  const auto second = pair.viewer.peer->create_data_channel("second", {}, {});

  ASSERT_TRUE(second) << second.error().detail;
  ASSERT_TRUE(pair.board.await([this]() { return !pair.master.channels.empty(); })) << pair.story();
  EXPECT_TRUE(first.expired());
}

TEST_F(DataChannelTest, MoreChannelsThanThereMayBeAreRefused) {
  most_at_master = 2;
  ASSERT_NO_FATAL_FAILURE(connect({}));
  const auto second = pair.viewer.peer->create_data_channel("second", {}, {});
  ASSERT_TRUE(second) << second.error().detail;
  ASSERT_TRUE(pair.board.await([this]() { return pair.master.channels.size() == 2; })) << pair.story();

  const auto third = pair.viewer.peer->create_data_channel("third", {}, pair.viewer.channel_handlers());

  ASSERT_TRUE(third) << third.error().detail;
  EXPECT_TRUE(pair.board.await([this]() { return pair.viewer.closed_channels == 1 && !pair.master.errors.empty(); }))
      << pair.story();
  EXPECT_EQ(pair.master.errors.front().code, Errc::kClientLimitExceeded);
  EXPECT_EQ(pair.master.channels.size(), 2U);
  EXPECT_EQ(pair.master.peer->create_data_channel("back", {}, {}).error().code, Errc::kClientLimitExceeded);
  EXPECT_TRUE(channel->send_text("still here"));
  EXPECT_TRUE(pair.board.await([this]() { return pair.master.texts.size() == 1; })) << pair.story();
}

TEST_F(DataChannelTest, ClosingIsToldToBothSides) {
  ASSERT_NO_FATAL_FAILURE(connect({}));

  channel->close();

  EXPECT_TRUE(pair.board.await([this]() {
    return pair.master.closed_channels == 1 && pair.viewer.closed_channels == 1;
  })) << pair.story();
  EXPECT_EQ(channel->send_text("late").error().code, Errc::kClosed);
}

TEST_F(DataChannelTest, WhatWasSentBeforeClosingArrivesFromTheSideThatMadeTheChannel) {
  ASSERT_NO_FATAL_FAILURE(connect({.protocol = "lines"}));
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(channel->send_text("line " + std::to_string(i)));

  channel->close();

  EXPECT_GE(channel->state(), DataChannel::State::kClosing);
  EXPECT_EQ(channel->send_text("late").error().code, Errc::kClosed);
  ASSERT_TRUE(pair.board.await([this]() { return pair.master.closed_channels == 1; })) << pair.story();
  EXPECT_EQ(pair.board.read([this]() { return pair.master.texts.size(); }), 200U);
}

TEST_F(DataChannelTest, WhatWasSentBeforeClosingArrivesFromTheOtherSideToo) {
  ASSERT_NO_FATAL_FAILURE(connect({}));
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(far()->send_text("line " + std::to_string(i)));

  far()->close();

  ASSERT_TRUE(pair.board.await([this]() { return pair.viewer.closed_channels == 1; })) << pair.story();
  EXPECT_EQ(pair.board.read([this]() { return pair.viewer.texts.size(); }), 200U);
}

TEST(DataChannelOfferTest, ChannelThatTheOfferHasNoRoomForIsToldSo) {
  test::PeerPair pair;
  auto viewing = pair.config();
  viewing.receive_audio = true;
  pair.viewer.open(viewing);
  pair.master.open(pair.config());
  std::string failure;
  auto handlers = pair.master.channel_handlers();
  handlers.on_error = [&](const Error& error) { pair.board.change([&]() { failure = error.detail; }); };
  const auto channel = pair.master.peer->create_data_channel("chat", {}, std::move(handlers));
  ASSERT_TRUE(channel);

  ASSERT_TRUE(pair.viewer.peer->create_offer());

  ASSERT_TRUE(pair.board.await([&]() { return pair.master.closed_channels == 1; })) << pair.story();
  EXPECT_NE(failure.find("without data channels"), std::string::npos) << failure;
  EXPECT_EQ((*channel)->state(), DataChannel::State::kClosed);
}

TEST_F(DataChannelTest, AfterTheConnectionHasGoneSendingIsRefused) {
  ASSERT_NO_FATAL_FAILURE(connect({}));

  pair.close_all();

  EXPECT_EQ(channel->send_text("late").error().code, Errc::kClosed);
  EXPECT_EQ(channel->state(), DataChannel::State::kClosed);
}

}  // namespace
}  // namespace heliograph
