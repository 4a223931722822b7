// ChannelClient against a service: every call, wrong keys and clocks, restarts, and its threads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <future>

#include "sdk/channel/channel_api.hpp"
#include "sdk/loop.hpp"
#include "support/channel_client_fixture.hpp"

namespace heliograph {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class ChannelClientTest : public test::ChannelClientFixture {};

TEST_F(ChannelClientTest, ChannelsAreMadeFoundChangedAndRemoved) {
  start();
  const auto client = connect();

  const auto arn = client->create_channel(
      {.name = "door", .message_ttl = seconds(30), .tags = {{"where", "hall"}}, .wait_until_active = true});
  ASSERT_TRUE(arn) << arn.error().detail;
  const auto by_name = client->describe_channel("door");
  ASSERT_TRUE(by_name) << by_name.error().detail;
  EXPECT_EQ(by_name->arn, *arn);
  EXPECT_EQ(by_name->status, ChannelStatus::kActive);
  EXPECT_EQ(by_name->message_ttl, seconds(30));
  EXPECT_LT(clock.wall_now() - by_name->created, minutes(1));
  EXPECT_EQ(client->describe_channel(*arn)->name, "door");

  ASSERT_TRUE(client->update_channel("door", {.message_ttl = seconds(90)}));
  EXPECT_EQ(client->describe_channel("door")->message_ttl, seconds(90));
  EXPECT_EQ(client->update_channel(*arn, {.version = by_name->version}).error().code, Errc::kVersionMismatch);

  EXPECT_EQ(client->create_channel({.name = "door"}).error().code, Errc::kResourceInUse);
  ASSERT_TRUE(client->delete_channel("door"));
  const auto gone = client->describe_channel("door");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, Errc::kResourceNotFound);
  EXPECT_THAT(gone.error().detail, HasSubstr("404 ResourceNotFoundException: "));
  EXPECT_THAT(gone.error().detail, HasSubstr("(request "));
  EXPECT_EQ(client->delete_channel(*arn).error().code, Errc::kResourceNotFound);
}

TEST_F(ChannelClientTest, AllPagesAreListed) {
  start();
  const auto client = connect();
  for (const char* name : {"a-1", "a-2", "a-3", "b-1"}) ASSERT_TRUE(client->create_channel({.name = name}));

  const auto all = client->list_channels({.page_size = 2});
  const auto some = client->list_channels({.name_prefix = "a-", .page_size = 1});
  const auto page = client->list_channels_page({.page_size = 3});

  ASSERT_TRUE(all && some && page);
  EXPECT_EQ(all->size(), 4U);
  EXPECT_EQ(some->size(), 3U);
  EXPECT_EQ(page->channels.size(), 3U);
  EXPECT_FALSE(page->next_token.empty());
  EXPECT_EQ(client->list_channels()->size(), 4U);
}

TEST_F(ChannelClientTest, TagsComeAndGo) {
  start();
  const auto client = connect();
  ASSERT_TRUE(client->create_channel({.name = "door", .tags = {{"a", "1"}}}));

  ASSERT_TRUE(client->tag_channel("door", {{"b", "2"}, {"c", "3"}}));
  ASSERT_TRUE(client->untag_channel("door", {"a", "never there"}));

  EXPECT_THAT(*client->list_tags("door"), ElementsAre(Pair("b", "2"), Pair("c", "3")));
}

TEST_F(ChannelClientTest, JoiningSaysWhereAndWithWhichRelays) {
  config.turn.mode = server::TurnMode::kExternal;
  config.turn.uris = {"turn:relay.example.org:3478"};
  config.turn.secret_file = (dir.path() / "relay-secret").string();
  std::ofstream(config.turn.secret_file) << "a secret that is long enough to be one\n";
  start();
  const auto client = connect();
  const auto arn = client->create_channel({.name = "door"});

  const auto info = client->join({"door", Role::kViewer, "v1"});

  ASSERT_TRUE(info) << info.error().detail;
  EXPECT_EQ(info->channel_arn, *arn);
  EXPECT_EQ(info->wss_endpoint, "ws://" + host);
  EXPECT_EQ(info->https_endpoint, "http://" + host);
  EXPECT_EQ(info->region, "us-east-1");
  ASSERT_EQ(info->ice_servers.size(), 1U);
  EXPECT_THAT(info->ice_servers[0].uris, ElementsAre("turn:relay.example.org:3478"));
  EXPECT_EQ(client->get_ice_servers({.channel = "door"})->size(), 1U);
  const auto endpoints = client->get_endpoints({.channel = "door", .role = Role::kMaster});
  EXPECT_EQ(endpoints->wss, "ws://" + host);
}

TEST_F(ChannelClientTest, MediaStorageIsOffAndCannotBeJoined) {
  start();
  const auto client = connect();
  ASSERT_TRUE(client->create_channel({.name = "door"}));

  EXPECT_FALSE(client->describe_media_storage("door")->enabled);
  EXPECT_TRUE(client->update_media_storage("door", {}));
  const auto enabled = client->update_media_storage(
      "door", {true, "arn:aws:kinesisvideo:us-east-1:000000000000:stream/s/1712136149494"});
  EXPECT_EQ(enabled.error().code, Errc::kInvalidArgument);
  auto with_storage = options();
  with_storage.storage_endpoint = "http://" + host;
  for (const char* viewer : {"", "v1"})
    EXPECT_EQ(connect(with_storage)->join_storage_session({"door", viewer}).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(client->join_storage_session({"door"}).error().code, Errc::kInvalidArgument) << "there is no such endpoint";
}

TEST_F(ChannelClientTest, AlexaOfferIsAnsweredByTheMaster) {
  start();
  const auto client = connect();
  const auto arn = client->create_channel({.name = "door"});
  auto master = join({.channel = *arn});
  std::promise<Result<std::string>> answer;
  client->send_alexa_offer({"door", "alexa", "b2ZmZXI="}, [&](Result<std::string> got) { answer.set_value(got); });

  EXPECT_NE(master.read_text().find("b2ZmZXI="), std::string::npos);
  master.send_text(R"({"action":"SDP_ANSWER","messagePayload":"YW5zd2Vy","recipientClientId":"alexa"})");

  const auto got = answer.get_future().get();
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(*got, "YW5zd2Vy");
}

TEST_F(ChannelClientTest, WrongKeysAreNamed) {
  start();
  auto unknown = options();
  unknown.credentials = static_credentials({"AKIANOBODY", Secret("secret"), {}, {}});
  auto wrong = options();
  wrong.credentials = static_credentials({key.access_key_id, Secret("not the secret"), {}, {}});
  auto elsewhere = options();
  elsewhere.region = "eu-west-1";

  EXPECT_EQ(connect(unknown)->list_channels().error().code, Errc::kUnrecognizedClient);
  EXPECT_EQ(connect(wrong)->list_channels().error().code, Errc::kSignatureMismatch);
  EXPECT_FALSE(connect(elsewhere)->list_channels());
}

TEST_F(ChannelClientTest, WrongClockIsCorrected) {
  class WrongClock final : public Clock {
   public:
    [[nodiscard]] SteadyTime steady_now() const override { return clock_.steady_now(); }
    [[nodiscard]] WallTime wall_now() const override { return clock_.wall_now() - minutes(90); }

   private:
    SystemClock clock_;
  };
  start();
  sdk::World world = loop->parts().world();
  world.clock = std::make_shared<WrongClock>();
  const auto wanted = options();
  const auto api = sdk::ChannelApi::make(world, *sdk::to_settings(wanted, world.variable), loop);
  std::promise<Result<std::vector<ChannelInfo>>> listed;

  loop->post([&]() { api->list_channels({}, [&](auto got) { listed.set_value(std::move(got)); }); });

  const auto got = listed.get_future().get();
  EXPECT_TRUE(got) << got.error().detail;
  EXPECT_NEAR(std::chrono::duration<double>(api->clock_offset()).count(), 90 * 60, 5);
}

TEST_F(ChannelClientTest, CallsOutlastARestartOfTheService) {
  start();
  ASSERT_TRUE(connect()->create_channel({.name = "door"}));
  auto patient = options();
  patient.max_attempts = 1000;
  patient.retry_cap = milliseconds(50);
  const auto client = connect(patient);
  ASSERT_TRUE(client->describe_channel("door"));
  config.listen = {{"127.0.0.1", port}};
  stop();
  std::promise<Result<ChannelInfo>> described;

  client->describe_channel("door", [&](Result<ChannelInfo> got) { described.set_value(std::move(got)); });
  EXPECT_TRUE(heard.wait_for("DescribeSignalingChannel is tried again"));
  start();

  const auto got = described.get_future().get();
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->name, "door");
}

TEST_F(ChannelClientTest, WithoutAServiceItSaysWhatCouldNotBeReached) {
  start();
  auto impatient = options();
  impatient.max_attempts = 2;
  impatient.retry_base = milliseconds(1);
  const auto client = connect(impatient);
  stop();

  const auto got = client->list_channels();

  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::kIo);
  EXPECT_THAT(got.error().detail, HasSubstr("http://" + host + "/listSignalingChannels"));
}

TEST_F(ChannelClientTest, WaitingInAHandlerFailsAtOnceAndSaysWhy) {
  start();
  const auto client = connect();
  std::promise<Result<std::vector<ChannelInfo>>> nested;

  client->list_channels({},
                        [&](const Result<std::vector<ChannelInfo>>&) { nested.set_value(client->list_channels()); });

  const auto got = nested.get_future().get();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::kInvalidArgument);
  EXPECT_THAT(got.error().detail, HasSubstr("loop's own thread"));
}

TEST_F(ChannelClientTest, LastOwnerMayLetGoInAHandlerAndOthersEndWithClosed) {
  start();
  auto client = connect();
  std::promise<Result<std::vector<ChannelInfo>>> first;
  std::promise<Result<std::string>> second;
  ASSERT_TRUE(client->create_channel({.name = "door"}));
  // Nobody answers this one.
  client->send_alexa_offer({"door", "alexa", "b2ZmZXI="}, [&](Result<std::string> got) { second.set_value(got); });

  client->list_channels({}, [&](Result<std::vector<ChannelInfo>> got) {
    client.reset();
    first.set_value(std::move(got));
  });

  EXPECT_TRUE(first.get_future().get());
  EXPECT_EQ(second.get_future().get().error().code, Errc::kClosed);
}

TEST_F(ChannelClientTest, HandlersRunOnTheExecutorAndWaitingDoesNotNeedIt) {
  start();
  std::mutex mutex;
  std::vector<std::function<void()>> tasks;
  auto with_executor = options();
  with_executor.loop = EventLoop::create({.executor = [&](std::function<void()> task) {
                         const std::lock_guard lock(mutex);
                         tasks.push_back(std::move(task));
                       }}).value();
  const auto client = connect(with_executor);
  bool is_called = false;
  client->list_channels({}, [&](const Result<std::vector<ChannelInfo>>&) { is_called = true; });

  EXPECT_TRUE(client->list_channels());
  test::wait_until([&]() {
    const std::lock_guard lock(mutex);
    return tasks.size() == 1;
  });

  EXPECT_FALSE(is_called);
  tasks.front()();
  EXPECT_TRUE(is_called);
}

TEST_F(ChannelClientTest, OptionsThatContradictEachOtherMakeNoClient) {
  start();
  auto both = options();
  both.use_fips = true;
  auto nowhere = options();
  nowhere.region = "not a region";
  nowhere.endpoint.clear();

  EXPECT_THAT(ChannelClient::create(both).error().detail, HasSubstr("do not go together"));
  EXPECT_EQ(ChannelClient::create(nowhere).error().code, Errc::kInvalidArgument);
  const auto client = connect();
  EXPECT_EQ(client->endpoint(), "http://" + host);
  EXPECT_EQ(client->region(), "us-east-1");
  EXPECT_EQ(client->clock_offset(), milliseconds(0));
}

TEST_F(ChannelClientTest, LineBreakInStaticCredentialsIsNamedAndNothingIsSent) {
  start();
  auto broken = options();
  broken.credentials =
      static_credentials({key.access_key_id, key.secret_access_key, Secret("tok\r\nX-Injected: yes"), {}});

  const auto refused = connect(broken)->list_channels();

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kInvalidArgument);
  EXPECT_EQ(refused.error().detail, "the session token of the credentials has a line break in it");
}

}  // namespace
}  // namespace heliograph
