// heliograph/asio.hpp with the Asio that is not Boost's.
#define HELIOGRAPH_STANDALONE_ASIO
#include <gtest/gtest.h>

#include <asio/bind_executor.hpp>
#include <asio/io_context.hpp>
#include <chrono>
#include <string>

#include "heliograph/asio.hpp"

namespace heliograph {
namespace {

TEST(StandaloneAsioTest, EventsAreCompletedOnAContextOfIt) {
  const auto events = SignalingEvents::create();
  const auto on = events->handlers();
  ::asio::io_context context;
  bool has_opened = false;
  asio::async_next(events, ::asio::bind_executor(context, [&](const Result<SignalingEvent>& next) {
                     has_opened = next && std::holds_alternative<SignalingOpened>(*next);
                   }));
  on.on_open({});
  EXPECT_FALSE(has_opened);

  context.run_for(std::chrono::seconds(20));

  EXPECT_TRUE(has_opened);
}

TEST(StandaloneAsioTest, CallsAreToo) {
  ChannelClient::Options options;
  options.credentials = static_credentials({"id", Secret("secret"), {}, {}});
  options.region = "us-west-2";
  options.endpoint = "http://127.0.0.1:1";
  const auto client = ChannelClient::create(options).value();

  ::asio::io_context context;
  Errc code{};
  asio::async_describe_channel(
      client, "no channel's name",
      ::asio::bind_executor(context, [&](const Result<ChannelInfo>& got) { code = got.error().code; }));
  context.run_for(std::chrono::seconds(20));

  EXPECT_EQ(code, Errc::kInvalidArgument);
}

}  // namespace
}  // namespace heliograph
