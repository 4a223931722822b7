// Channels that the application keeps no pointer to.
#include <gtest/gtest.h>

#include "support/peer_pair.hpp"

namespace heliograph {
namespace {

TEST(ChannelLifeTest, WhatWaitsForItsHandlerIsToldAlthoughTheChannelIsClosedAndAnotherIsMade) {
  test::PeerPair pair;
  pair.viewer.open(pair.config());
  auto config = pair.config();
  config.loop = *EventLoop::create();  // It goes on while the viewer's handler does not.
  pair.master.open(config);
  std::weak_ptr<DataChannel> first;
  bool is_first_closed = false;
  auto handlers = pair.viewer.channel_handlers();
  handlers.on_text = [&](std::string_view text) {
    if (text == "wait") {
      is_first_closed = pair.board.await([&]() {
        const auto channel = first.lock();
        return channel != nullptr && channel->state() == DataChannel::State::kClosed;
      });
      EXPECT_TRUE(pair.viewer.peer->create_data_channel("second", {}, {}));
    }
    pair.board.change([&]() { pair.viewer.texts.emplace_back(text); });
  };
  first = *pair.viewer.peer->create_data_channel("first", {}, std::move(handlers));
  ASSERT_TRUE(pair.viewer.peer->create_offer());
  ASSERT_TRUE(pair.board.await([&]() { return pair.master.opened_channels == 1; })) << pair.story();

  {
    const auto far = pair.board.read([&]() { return pair.master.channels.front(); });
    EXPECT_TRUE(far->send_text("wait"));
    EXPECT_TRUE(far->send_text("reply"));
    far->close();
  }

  EXPECT_TRUE(pair.board.await([&]() { return pair.viewer.closed_channels == 1; })) << pair.story();
  EXPECT_TRUE(is_first_closed);
  EXPECT_EQ(pair.viewer.texts, (std::vector<std::string>{"wait", "reply"}));
  pair.close_all();
  EXPECT_TRUE(first.expired());
}

}  // namespace
}  // namespace heliograph
