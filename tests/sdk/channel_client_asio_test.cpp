// ChannelClient by completion tokens: coroutines, futures, callbacks, and whose thread they are called on.
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include "heliograph/asio.hpp"
#include "support/channel_client_fixture.hpp"

namespace heliograph {
namespace {

namespace net = boost::asio;

class ChannelClientAsioTest : public test::ChannelClientFixture {};

/// The ARN that joining gives; empty when anything failed or another thread than the coroutine's went on.
net::awaitable<std::string> make_and_join(asio::ChannelClientPtr client) {
  const auto thread = std::this_thread::get_id();
  NewChannel wanted;
  wanted.name = "door";
  const auto arn = co_await asio::async_create_channel(client, wanted, net::use_awaitable);
  if (!arn || std::this_thread::get_id() != thread) co_return std::string();
  const auto tagged = co_await asio::async_list_tags(client, *arn, net::use_awaitable);
  if (!tagged) co_return std::string();
  JoinQuery query;
  query.channel = "door";
  const auto joined = co_await asio::async_join(client, query, net::use_awaitable);
  if (!joined || std::this_thread::get_id() != thread) co_return std::string();
  const auto deleted = co_await asio::async_delete_channel(client, "door", "", net::use_awaitable);
  co_return deleted ? joined->channel_arn : std::string();
}

TEST_F(ChannelClientAsioTest, CoroutineGoesOnWhereItBegan) {
  start();
  const auto client = connect();
  net::io_context context;
  std::string arn;

  net::co_spawn(context, make_and_join(client), [&](const std::exception_ptr& wrong, std::string got) {
    EXPECT_FALSE(wrong);
    arn = std::move(got);
  });
  context.run();  // Work under way on the SDK's thread keeps it running.

  EXPECT_EQ(arn.rfind("arn:aws:kinesisvideo:", 0), 0U) << arn;
}

TEST_F(ChannelClientAsioTest, FutureHasTheResult) {
  start();
  const auto client = connect();

  auto made = asio::async_create_channel(client, {.name = "door"}, net::use_future);
  auto described = asio::async_describe_channel(client, "nobody", net::use_future);

  EXPECT_TRUE(made.get());
  EXPECT_EQ(described.get().error().code, Errc::kResourceNotFound);
}

TEST_F(ChannelClientAsioTest, CallbackRunsOnItsExecutor) {
  start();
  const auto client = connect();
  net::io_context context;
  std::thread::id called_on;

  asio::async_list_channels(client, {}, net::bind_executor(context, [&](const Result<std::vector<ChannelInfo>>& got) {
                              EXPECT_TRUE(got);
                              called_on = std::this_thread::get_id();
                            }));
  context.run();

  EXPECT_EQ(called_on, std::this_thread::get_id());
}

TEST_F(ChannelClientAsioTest, DeferredCallIsMadeWhenItIsStarted) {
  start();
  const auto client = connect();

  auto create = asio::async_create_channel(client, {.name = "door"}, net::deferred);
  EXPECT_EQ(client->list_channels()->size(), 0U);
  const auto made = std::move(create)(net::use_future).get();

  EXPECT_TRUE(made);
  EXPECT_EQ(client->list_channels()->size(), 1U);
}

TEST_F(ChannelClientAsioTest, ClientLivesUntilItsCallIsOver) {
  start();
  auto client = connect();

  auto listed = asio::async_list_channels(client, {}, net::use_future);
  client.reset();

  EXPECT_TRUE(listed.get());
}

TEST_F(ChannelClientAsioTest, SignersTakeTokensToo) {
  const auto signer = std::make_shared<SigV4RequestSigner>("us-west-2", Credentials{"id", Secret("secret"), {}, {}});

  auto url = asio::async_get_signed_url(signer, {.endpoint = "wss://host"}, net::use_future);

  EXPECT_EQ(url.get()->rfind("wss://host/?X-Amz-Algorithm=AWS4-HMAC-SHA256&", 0), 0U);
}

}  // namespace
}  // namespace heliograph
