// The operator's commands against a running service.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <boost/json.hpp>
#include <fstream>

#include "support/app_fixture.hpp"
#include "support/command.hpp"
#include "support/service_process.hpp"

namespace heliograph::server {
namespace {

using test::wait_until;
using ::testing::HasSubstr;

class OperatorProgramTest : public test::AppFixture {
 protected:
  test::Ended run(const std::string& arguments) {
    return test::run_heliograph(arguments + " --data " + (dir.path() / "data").string());
  }
};

TEST_F(OperatorProgramTest, ListsKicksAndRevokes) {
  start();
  const std::string cam = create_channel("cam");
  auto master = join({.channel = cam});
  auto viewer = join({.channel = cam, .client = "alice"});
  wait_until([&]() { return app->hub_stats().viewers == 1; });

  const auto listed = run("connections --channel cam --role viewer");
  EXPECT_EQ(listed.code, 0);
  EXPECT_THAT(listed.output, HasSubstr("CONNECTION"));
  EXPECT_THAT(listed.output, HasSubstr("cam      VIEWER  alice"));
  EXPECT_THAT(listed.output, ::testing::Not(HasSubstr("MASTER")));
  EXPECT_THAT(run("connections --json").output, HasSubstr(R"("clientId":"alice")"));
  EXPECT_THAT(run("channel list").output, HasSubstr("cam      SINGLE_MASTER  1        1        ACTIVE  60 s"));

  const auto kicked = run("kick --channel cam --client alice --reason 'house rules'");
  EXPECT_EQ(kicked.output, "connections ended: 1\n");
  EXPECT_EQ(viewer.read_close(), 4005);
  EXPECT_EQ(viewer.close_reason(), "house rules");
  const auto nobody = run("kick --channel nobody");
  EXPECT_EQ(nobody.code, 1);
  EXPECT_EQ(nobody.output, "heliograph: nobody who is connected matches\n");
  EXPECT_EQ(run("kick --role master --key " + key.access_key_id + " --json").output, "{\"disconnected\":1}\n");
  EXPECT_EQ(master.read_close(), 4005);
}

TEST_F(OperatorProgramTest, RevokedKeysAreListedUntilTheyAreAcceptedAgain) {
  others.push_back({.name = "guest", .id = AccessKeyId("AKIAGUEST"), .secret = Secret("g")});
  start();

  const auto revoked = run("revoke AKIAGUEST --reason 'lost phone'");
  const auto misspelt = run("revoke AKIAGEUST");
  const auto listed = run("revoke --list");
  const auto as_json = run("revoke --list --json");

  EXPECT_EQ(revoked.code, 0);
  EXPECT_EQ(revoked.output, "access key AKIAGUEST is revoked; connections ended: 0\n");
  EXPECT_EQ(misspelt.code, 0);
  EXPECT_THAT(misspelt.output, HasSubstr("access key AKIAGEUST is revoked"));
  EXPECT_THAT(misspelt.output, HasSubstr("heliograph: no such key is known here; it is refused all the same\n"));
  EXPECT_THAT(listed.output, ::testing::StartsWith("KEY        SINCE"));
  EXPECT_THAT(listed.output, HasSubstr("Z  lost phone\n"));
  EXPECT_THAT(as_json.output, HasSubstr(R"("accessKeyId":"AKIAGUEST")"));
  EXPECT_EQ(run("revoke AKIAGUEST --undo").output, "access key AKIAGUEST is accepted again\n");
  EXPECT_EQ(run("revoke --undo AKIAGEUST --json").output, "{}\n");
  EXPECT_EQ(run("revoke --list").output, "no access key is revoked\n");
}

TEST_F(OperatorProgramTest, KickAndRevokeOfNobodySayWhichFlagsThereAre) {
  const auto kicked = test::run_heliograph("kick --reason because");
  const auto revoked = test::run_heliograph("revoke");

  EXPECT_EQ(kicked.code, 2);
  EXPECT_THAT(kicked.output, HasSubstr("say whom: --channel, --client, --role, --connection or --key"));
  EXPECT_EQ(revoked.code, 2);
  EXPECT_THAT(revoked.output, HasSubstr("--list"));
}

TEST_F(OperatorProgramTest, FollowsEventsUntilTheServiceEnds) {
  start();
  const std::string cam = create_channel("cam");
  FILE* pipe = ::popen((test::command_program() + " events --data " + (dir.path() / "data").string()).c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  wait_until([&]() { return get_signed("/metrics").body.find("\nheliograph_event_streams 1\n") != std::string::npos; });

  auto viewer = join({.channel = cam, .client = "alice"});
  char line[512] = "";
  ASSERT_NE(std::fgets(line, sizeof line, pipe), nullptr);
  EXPECT_THAT(line, HasSubstr("viewer.joined  cam  alice"));
  app->request_stop();

  std::string rest;
  while (std::fgets(line, sizeof line, pipe) != nullptr) rest += line;
  EXPECT_THAT(rest, HasSubstr("bye"));
  EXPECT_EQ(::pclose(pipe), 0);
}

TEST_F(OperatorProgramTest, ChannelsAreListedInOneFormOfJsonWithWhoIsThereWhereThatIsKnown) {
  start();
  const std::string cam = create_channel("cam");
  create_channel("dam");
  auto viewer = join({.channel = cam, .client = "alice"});
  wait_until([&]() { return app->hub_stats().viewers == 1; });
  const std::string data = (dir.path() / "data").string();
  const std::string said = (dir.path() / "said").string();
  const std::string command = "channel list --json ";

  const auto by_data = test::run_heliograph(command + "--data " + data, {}, said);
  const auto by_prefix = test::run_heliograph(command + "--prefix ca --data " + data, {}, "/dev/null");
  const auto by_rules =
      test::run_heliograph(command + "--aws --region us-east-1",
                           "AWS_ENDPOINT_URL=http://" + host + " AWS_SHARED_CREDENTIALS_FILE=" + data +
                               "/credentials AWS_EC2_METADATA_DISABLED=true ",
                           "/dev/null");

  std::string line;
  std::getline(std::ifstream(said), line);
  EXPECT_THAT(line, ::testing::StartsWith("heliograph: heliographd at http"));
  EXPECT_THAT(line, HasSubstr("(" + data + ")"));
  const auto all = boost::json::parse(by_data.output).as_array();
  auto plain = boost::json::parse(by_rules.output).as_array();
  ASSERT_EQ(all.size(), 2U);
  ASSERT_EQ(plain.size(), 2U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& channel = all[i].as_object();
    const bool is_cam = channel.at("ChannelARN").as_string() == cam;
    EXPECT_EQ(channel.at("Viewers").to_number<int>(), is_cam ? 1 : 0);
    EXPECT_EQ(channel.at("Masters").to_number<int>(), 0);
    EXPECT_FALSE(plain[i].as_object().contains("Masters"));
    plain[i].as_object()["Masters"] = channel.at("Masters");
    plain[i].as_object()["Viewers"] = channel.at("Viewers");
    EXPECT_EQ(plain[i], all[i]);
  }
  const auto some = boost::json::parse(by_prefix.output).as_array();
  ASSERT_EQ(some.size(), 1U);
  EXPECT_EQ(some.front().at("ChannelName").as_string(), "cam");
  EXPECT_EQ(some.front().at("Viewers").to_number<int>(), 1);
}

TEST_F(OperatorProgramTest, EventsEndWhenNobodyReadsThemAnyMore) {
  start();
  const std::string cam = create_channel("cam");
  const std::string command =
      test::command_program() + " events --data " + (dir.path() / "data").string() + " | head -1";
  FILE* pipe = ::popen(("exec bash -c '" + command + "; echo ended with ${PIPESTATUS[0]}'").c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  const auto streams = [&](const char* count) {
    return get_signed("/metrics").body.find("\nheliograph_event_streams " + std::string(count) + "\n") !=
           std::string::npos;
  };
  wait_until([&]() { return streams("1"); });

  auto first = join({.channel = cam, .client = "alice"});
  char line[512] = "";
  ASSERT_NE(std::fgets(line, sizeof line, pipe), nullptr);
  EXPECT_THAT(line, HasSubstr("viewer.joined  cam  alice"));
  auto second = join({.channel = cam, .client = "bob"});
  auto third = join({.channel = cam, .client = "carol"});

  wait_until([&]() { return streams("0"); });
  ASSERT_TRUE(streams("0"));
  ASSERT_NE(std::fgets(line, sizeof line, pipe), nullptr);
  EXPECT_STREQ(line, "ended with 0\n");
  EXPECT_EQ(::pclose(pipe), 0);
}

TEST(EventsCommandTest, SaysSoAndFailsWhenTheServiceEndsWithoutAWord) {
  test::TempDir dir;
  test::ServiceProcess service;
  ASSERT_NO_FATAL_FAILURE(service.launch(dir.path() / "data", {"--listen", "127.0.0.1:0", "--turn", "off"}));
  test::SigningClient client;
  client.use(service.port(), dir.path() / "data" / "credentials");
  const std::string cam = client.create_channel("cam");
  const std::string command =
      test::command_program() + " events --channel " + cam + " --data " + (dir.path() / "data").string() + " 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  wait_until([&]() {
    return test::BlockingClient(service.port()).get("/metrics").body.find("\nheliograph_event_streams 1\n") !=
           std::string::npos;
  });
  auto master = client.join({.channel = cam});
  char line[512] = "";
  ASSERT_NE(std::fgets(line, sizeof line, pipe), nullptr);
  EXPECT_THAT(line, HasSubstr("master.online  cam"));

  service.signal(SIGKILL);

  std::string rest;
  while (std::fgets(line, sizeof line, pipe) != nullptr) rest += line;
  EXPECT_THAT(rest, HasSubstr("heliograph: the stream ended\n"));
  const int status = ::pclose(pipe);
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_EQ(service.end(), "signal 9");
}

TEST_F(OperatorProgramTest, SaysWhatIsMissing) {
  const auto nowhere = test::run_heliograph("connections --data /nonexistent");

  EXPECT_EQ(nowhere.code, 1);
  EXPECT_THAT(nowhere.output, HasSubstr("no heliographd runs with /nonexistent"));
}

}  // namespace
}  // namespace heliograph::server
